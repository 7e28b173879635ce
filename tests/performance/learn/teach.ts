import { createHash } from 'node:crypto'
import { JpegDecoder } from '../../../platform/adapters/pictures/codec.ts'
import { runTraining } from '../../../platform/adapters/trainer-thread/run-training.ts'
import { lightOf } from '../../../platform/annotations/light.ts'
import { buildDataset, type Certified } from '../../../platform/datasets/build.ts'
import { type Entry, manifestOf } from '../../../platform/datasets/manifest.ts'
import type { Recipe } from '../../../platform/events/training.ts'
import { cpuMs } from '../figures.ts'
import type { Candidate } from './measure.ts'
import { certify } from './operator.ts'
import { SPACING } from './order.ts'
import { bytesOf, type CityPicture, HEIGHT, WIDTH } from './pictures.ts'

const CLASSES = ['person', 'bicycle', 'motorcycle', 'car', 'bus', 'truck']
/** Any moment will do; each camera goes on from it. */
const START = Date.parse('2026-01-01T00:00:00Z') * 1000

export interface Material {
  readonly learnt: readonly CityPicture[]
  /** Pictures of before. */
  readonly base: readonly CityPicture[]
  readonly recipe: Recipe
  readonly mistakes?: number
  /** As many as it takes by itself without it. */
  readonly threads?: number
}

export interface Taught extends Candidate {
  readonly boxes: number
  readonly seconds: number
  readonly cpuSeconds: number
}

/** Teaches a model what a person certified, by the same way that a verdict takes: dataset, recipe, trainer. */
export async function teach(
  parent: Candidate,
  { learnt, base, recipe, mistakes = 0, threads }: Material,
): Promise<Taught> {
  const images = new Map<string, Uint8Array>()
  const annotations: Certified[] = []
  for (const [at, picture] of learnt.entries()) annotations.push(await certified(picture, at, mistakes, images))
  const before = await Promise.all(base.map((picture) => entryOf(picture, images)))
  const dataset = buildDataset({ classes: CLASSES, annotations, base: manifestOf(CLASSES, before) })
  const [started, cpu] = [performance.now(), cpuMs()]
  const job = { ...parent, recipe, dataset, images, memoryBytes: 2 ** 30 }
  const { model, side } = await runTraining(job, () => {}, threads)
  const boxes = annotations.reduce((sum, each) => sum + each.boxes.length, 0)
  const [seconds, cpuSeconds] = [(performance.now() - started) / 1000, (cpuMs() - cpu) / 1000]
  return { model, side, boxes, seconds, cpuSeconds }
}

async function certified(
  picture: CityPicture,
  at: number,
  mistakes: number,
  images: Map<string, Uint8Array>,
): Promise<Certified> {
  const image = await keep(picture, images)
  return {
    verdictId: `verdict-${at}`,
    cameraId: picture.camera,
    capturedAt: START + picture.moment * SPACING * 1e6,
    width: WIDTH,
    height: HEIGHT,
    light: lightOf(new JpegDecoder().decode(images.get(image)!)),
    image,
    boxes: certify(picture, mistakes, at),
  }
}

async function entryOf(picture: CityPicture, images: Map<string, Uint8Array>): Promise<Entry> {
  const image = await keep(picture, images)
  const known = { width: WIDTH, height: HEIGHT, camera: picture.camera, capturedAt: null, light: null }
  return { ...known, image, split: 'train', role: 'base', boxes: null }
}

async function keep(picture: CityPicture, images: Map<string, Uint8Array>): Promise<string> {
  const bytes = await bytesOf(picture)
  const digest = createHash('sha256').update(bytes).digest('hex')
  images.set(digest, bytes)
  return digest
}
