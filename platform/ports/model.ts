import type { Box, ModelRef } from '../events/frame.ts'
import type { FrameImage } from '../events/image.ts'

export interface ModelInfo extends ModelRef {
  /** Decoder family, such as `yolox`. */
  readonly family: string
  readonly classes: readonly string[]
  /** Pixels. */
  readonly inputWidth: number
  readonly inputHeight: number
  /** `cuda` or `cpu`: where it runs. */
  readonly provider: string
}

export interface Detection {
  readonly boxes: readonly Box[]
  /** Milliseconds of each stage. */
  readonly timings: { readonly prepareMs: number; readonly inferMs: number; readonly decodeMs: number }
}

export interface Model {
  readonly info: ModelInfo
  /** How many pictures it works on at once. */
  readonly parallel: number
  /** @throws SentinelError `PICTURE_UNDECODABLE` */
  detect(image: FrameImage): Promise<Detection>
  /** Whether it works now. @throws SentinelError `MODEL_UNAVAILABLE` */
  check(): Promise<void>
  close(): Promise<void>
}

/** The models that run: which of them looks at a camera may change between any two of its frames. */
export interface RunningModels {
  /** Asked for each picture anew; the picture is handed over at once. */
  for(camera: string): Pick<Model, 'info' | 'detect'>
  /** Whether they work now. @throws SentinelError `MODEL_UNAVAILABLE` */
  check(): Promise<void>
  close(): Promise<void>
}
