import type { ErrorCode } from '../../errors.ts'
import type { Pixels } from '../../events/image.ts'
import type { Told } from '../../models/describe.ts'
import type { OnnxFile } from '../../models/onnx.ts'
import type { Probe } from '../../models/probe.ts'
import type { Detection } from '../../ports/model.ts'
import type { Thresholds } from './detector.ts'

export interface WorkerSetup {
  readonly file: string
  readonly onnx: OnnxFile
  readonly told: Told
  readonly probe: Probe | undefined
  /** What may run it, best first: the first that does is taken. */
  readonly providers: readonly string[]
  readonly thresholds: Thresholds
}

export interface Ready {
  readonly kind: 'ready'
  /** What runs it. */
  readonly provider: string
  /** Why a better one does not. */
  readonly whyNotBetter: string | undefined
  /** Why it runs at no other size than the model declares. */
  readonly whyOnlyDeclared: string | undefined
}

/** Pixels are shared, not copied; a JPEG is decoded in the worker. */
export type WorkerJob = { readonly pixels: Pixels } | { readonly jpeg: Uint8Array }

export type WorkerAnswer =
  | Ready
  | { readonly kind: 'detected'; readonly detection: Detection }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string }
