import { createHash } from 'node:crypto'
import { z } from 'zod'
import { Light } from '../events/annotation.ts'
import { failing, say } from '../said.ts'
import { canonicalJson } from './canonical.ts'

const Digest = z.string().regex(/^[0-9a-f]{64}$/)
const unit = z.number().min(0).max(1)

const DatasetBox = z.object({ class: z.string().min(1), box: z.tuple([unit, unit, unit, unit]) })
export type DatasetBox = z.infer<typeof DatasetBox>

/** One picture of a dataset. */
export const Entry = z.object({
  /** sha256 of the JPEG. */
  image: Digest,
  width: z.int().positive(),
  height: z.int().positive(),
  /** Where it comes from: the id of a camera, or the name of what was imported. */
  camera: z.string().min(1),
  /** µs since the epoch, UTC; null where nobody knows. */
  capturedAt: z.int().positive().nullable(),
  light: Light.nullable(),
  split: z.enum(['train', 'val']),
  /** `base`: of what the model knew before, mixed in so that it does not forget. */
  role: z.enum(['annotated', 'base']),
  /** All that are in the picture, shares of it; null where nobody has looked. */
  boxes: z.array(DatasetBox).nullable(),
  /** The verdict behind it. */
  verdictId: z.string().optional(),
})
export type Entry = z.infer<typeof Entry>

/** A version of a dataset: what it is made of, in the order of its pictures' digests. It never changes. */
export const Manifest = z.object({
  version: z.literal(1),
  classes: z.array(z.string().min(1)),
  entries: z.array(Entry),
})
export type Manifest = z.infer<typeof Manifest>

/** One entry a picture, in order; of two of the same picture the later one. */
export function manifestOf(classes: readonly string[], entries: readonly Entry[]): Manifest {
  const byImage = new Map(entries.map((entry) => [entry.image, entry]))
  return {
    version: 1,
    classes: [...classes],
    entries: [...byImage.values()].sort((a, b) => (a.image < b.image ? -1 : 1)),
  }
}

/** The bytes that a manifest is stored as, and their sha256, which names the version. */
export function sealed(manifest: Manifest): { readonly digest: string; readonly bytes: Uint8Array } {
  const bytes = Buffer.from(canonicalJson(manifest))
  return { digest: createHash('sha256').update(bytes).digest('hex'), bytes }
}

/** @throws SentinelError `DATASET_INVALID` when the bytes are not those that the digest names. */
export function opened(digest: string, bytes: Uint8Array): Manifest {
  if (createHash('sha256').update(bytes).digest('hex') !== digest) {
    throw failing('DATASET_INVALID', say('dataset.damaged', { digest }))
  }
  const { data, error } = Manifest.safeParse(JSON.parse(Buffer.from(bytes).toString()))
  if (data) return data
  throw failing('DATASET_INVALID', say('dataset.otherForm', { digest, detail: z.prettifyError(error) }))
}
