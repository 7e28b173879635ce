import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadModel } from '../../../platform/adapters/model-onnxruntime/load-model.ts'
import { Pictures } from '../../../platform/adapters/pictures/pictures.ts'
import { agreementIn, consentOf, together } from '../../../platform/evaluation/agreement.ts'
import type { JudgedPicture } from '../../../platform/evaluation/boxes.ts'
import { evaluate } from '../../../platform/evaluation/evaluate.ts'
import { OPERATING_SCORE } from '../../../platform/evaluation/operating.ts'
import type { Box } from '../../../platform/events/frame.ts'
import type { SideFile } from '../../../platform/models/side-file.ts'
import type { Model } from '../../../platform/ports/model.ts'
import { bytesOf, type CityPicture, HEIGHT, type PictureFile, WIDTH } from './pictures.ts'

/** A model as it would be stored. */
export interface Candidate {
  readonly model: Uint8Array
  readonly side: SideFile
}

/** Points: hundredths of AP50. */
export interface Points {
  readonly vehicle: number
  readonly person: number
}

/** What counts, as `sentinel model evaluate` has it: pixels of 640×360, and the share that can be seen. */
const [LEAST_SIDE, LEAST_VISIBILITY] = [12, 0.3]
const LEAST_SCORE = 0.01

/** Everything that a model finds. */
export async function look({ model, side }: Candidate, pictures: readonly PictureFile[], score: number) {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-learn-'))
  const reader = new Pictures()
  let loaded: Model | undefined
  try {
    const file = join(folder, 'model.onnx')
    await writeFile(file, model)
    loaded = await loadModel({ file, side, scoreThreshold: score })
    return await all(loaded, reader, pictures)
  } finally {
    await loaded?.close()
    await reader.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function all(model: Model, reader: Pictures, pictures: readonly PictureFile[]): Promise<(readonly Box[])[]> {
  const found: (readonly Box[])[] = new Array(pictures.length)
  let next = 0
  const work = async (): Promise<void> => {
    while (next < pictures.length) {
      const at = next++
      const pixels = await reader.decode(await bytesOf(pictures[at]!))
      found[at] = (await model.detect(reader.image(pixels))).boxes
    }
  }
  await Promise.all(Array.from({ length: model.parallel * 2 }, work))
  return found
}

/** AP50 of all vehicles taken as one class, and of persons. */
export async function pointsOf(candidate: Candidate, pictures: readonly CityPicture[]): Promise<Points> {
  const found = await look(candidate, pictures, LEAST_SCORE)
  const judged = pictures.map((picture, at) => judgedPicture(picture, found[at]!))
  const { byClass } = evaluate(judged, { classes: ['vehicle', 'person'], operatingScore: 0.5 })
  const of = (name: string): number => 100 * (byClass.find((each) => each.class === name)?.ap50 ?? 0)
  return { vehicle: of('vehicle'), person: of('person') }
}

/** Share of the confident boxes of either that the other has too; null without pictures. */
export async function agreementOf(
  some: Candidate,
  other: Candidate,
  pictures: readonly PictureFile[],
): Promise<number | null> {
  if (pictures.length === 0) return null
  const [mine, theirs] = [await look(some, pictures, LEAST_SCORE), await look(other, pictures, LEAST_SCORE)]
  return agreementIn(together(mine.map((boxes, at) => consentOf(boxes, theirs[at]!, OPERATING_SCORE))))
}

function judgedPicture({ truth }: CityPicture, found: readonly Box[]): JudgedPicture {
  return {
    truth: truth.map(({ class: name, box, visibility = 1 }) => {
      const isIgnored = Math.max(box[2], box[3]) < LEAST_SIDE || visibility < LEAST_VISIBILITY
      return { class: groupOf(name), box, ...(isIgnored && { isIgnored }) }
    }),
    found: found.map(({ class: name, score, box: [x, y, w, h] }) => ({
      class: groupOf(name),
      score,
      box: [x * WIDTH, y * HEIGHT, w * WIDTH, h * HEIGHT],
    })),
  }
}

const groupOf = (name: string): string => (name === 'person' ? name : 'vehicle')
