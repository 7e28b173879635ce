import { doubtsOf, uncertaintyOf } from '../../../functions/triage-router/doubt.ts'
import { declaration } from '../../../functions/triage-router/function.ts'
import type { Box } from '../../../platform/events/frame.ts'
import { type Candidate, chooseNext } from '../../../platform/triage/order.ts'
import { generator } from '../../support/tiny-yolox.ts'
import type { CityPicture } from './pictures.ts'

/** Seconds between two pictures of a camera, as triage spaces them. */
export const SPACING = 20

export const randomOrder = (pool: readonly CityPicture[], seed: number): CityPicture[] =>
  shuffled(pool, seed * 7919 + 1)

function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  const random = generator(seed)
  for (let n = 0; n < 20; n++) random()
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
}

/** Half of the cameras, others for each seed. */
export function halfOf(pool: readonly CityPicture[], seed: number): CityPicture[] {
  const cameras = [...new Set(pool.map(({ camera }) => camera))]
  const there = new Set(shuffled(cameras, seed * 104_729).slice(0, cameras.length / 2))
  return pool.filter(({ camera }) => there.has(camera))
}

/** What is found in pictures, by their files. */
export type Found = ReadonlyMap<string, readonly Box[]>

/** The order in which the queue would show them: doubtful ones as it ranks them, then those that nobody would have been asked about. */
export function queueOrder(pool: readonly CityPicture[], found: Found, count: number, seed: number): CityPicture[] {
  const all = randomOrder(pool, seed)
  const byId = new Map(pool.map((picture) => [picture.file, picture]))
  const candidates = all.flatMap((picture) => candidateOf(picture, found.get(picture.file)!))
  const chosen = chooseNext(candidates, [], count).map(({ id }) => byId.get(id)!)
  const rest = all.filter((picture) => !chosen.includes(picture))
  return [...chosen, ...rest].slice(0, count)
}

/** None where triage would ask nobody. */
function candidateOf({ file, camera, moment }: CityPicture, boxes: readonly Box[]): Candidate[] {
  const options = declaration.config.parse({})
  const [doubt] = doubtsOf(boxes, {}, options)
  if (!doubt) return []
  const least = boxes.reduce((worst, box) => (box.score < worst.score ? box : worst))
  const known = { id: file, camera, capturedAt: moment * SPACING * 1000, class: least.class }
  return [{ ...known, reason: doubt.reason, uncertainty: uncertaintyOf(boxes, options) }]
}
