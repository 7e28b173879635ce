import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { FileObjects } from '../../platform/adapters/objects-files.ts'
import { pixelBytes } from '../../platform/adapters/pictures/codec.ts'
import { Pictures } from '../../platform/adapters/pictures/pictures.ts'
import type { LabelledBox } from '../../platform/events/frame.ts'
import type { Database } from '../../platform/ports/database.ts'
import { defer } from './defer.ts'
import { freshDatabase } from './postgres.ts'

export const MODEL = { digest: 'a'.repeat(64), name: 'm' }

export const labelled = (x = 0.1, name = 'car'): LabelledBox => ({ class: name, box: [x, 0.1, 0.2, 0.2] })

/** A database, an object store and a reader of pictures, all real and gone after the test. */
export async function openStores(t: TestContext) {
  const { database } = await freshDatabase(t)
  const directory = await mkdtemp(join(tmpdir(), 'sentinel-annotations-'))
  defer(t, () => rm(directory, { recursive: true }))
  const pictures = new Pictures()
  defer(t, () => pictures.close())
  return { database, objects: new FileObjects(directory), pictures }
}

/** A JPEG of one luma; two of different `mark` differ. */
export function greyJpeg(pictures: Pictures, luma: number, mark = 0): Promise<Uint8Array> {
  const [width, height] = [64, 36]
  const data = new SharedArrayBuffer(pixelBytes(width, height))
  const bytes = new Uint8Array(data).fill(128)
  bytes.fill(luma, 0, width * height)
  bytes.fill(mark % 256, 0, 16)
  bytes.fill(mark >> 8, width * 8, width * 8 + 16)
  return pictures.encode({ width, height, data })
}

export const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

interface AnnotationOptions {
  readonly camera?: string
  /** Milliseconds since the epoch. */
  readonly at?: number
  readonly recordedAt?: number
  readonly light?: 'day' | 'dusk' | 'night'
  readonly image?: string
  readonly boxes?: LabelledBox[]
}

/** An annotation that stands, as annotation-store leaves it. */
export async function addAnnotation(database: Database, id: string, options: AnnotationOptions = {}): Promise<void> {
  const { camera = 'cam-1', at = Date.parse('2026-06-01T08:00:00Z'), boxes = [labelled()], light = 'day' } = options
  await database
    .insertInto('annotations')
    .values({
      verdict_id: `v-${id}`,
      item_id: id,
      camera_id: camera,
      frame_id: `f-${id}`,
      captured_at: new Date(at),
      width: 640,
      height: 360,
      light,
      image: options.image ?? createHash('sha256').update(id).digest('hex'),
      verdict: 'correct',
      before: '[]',
      boxes: JSON.stringify(boxes),
      model_digest: MODEL.digest,
      model_name: MODEL.name,
      annotator: 'ada',
      recorded_at: new Date(options.recordedAt ?? at),
      withdrawn_at: null,
      withdrawn_by: null,
      stands: true,
      rule: 'single',
      agreed_by: ['ada'],
    })
    .execute()
}
