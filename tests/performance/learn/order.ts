import { doubtsOf } from '../../../functions/triage-router/doubt.ts'
import { declaration } from '../../../functions/triage-router/function.ts'
import type { Box } from '../../../platform/events/frame.ts'
import { type Candidate, chooseNext } from '../../../platform/triage/order.ts'
import { generator } from '../../support/tiny-yolox.ts'
import type { CityPicture } from './pictures.ts'

/** Seconds between two pictures of a camera, as triage spaces them. */
export const SPACING = 20

export function randomOrder(pool: readonly CityPicture[], seed: number): CityPicture[] {
  const random = generator(seed * 7919 + 1)
  for (let n = 0; n < 20; n++) random()
  return pool
    .map((picture) => ({ picture, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ picture }) => picture)
}

/** The order in which the queue would show them: doubtful ones as it ranks them, then those that nobody would have been asked about. */
export function queueOrder(
  pool: readonly CityPicture[],
  found: readonly (readonly Box[])[],
  count: number,
  seed: number,
): CityPicture[] {
  const options = declaration.config.parse({})
  const shuffled = randomOrder(pool, seed)
  const byId = new Map(pool.map((picture) => [picture.file, picture]))
  const boxesOf = new Map(pool.map((picture, at) => [picture.file, found[at]!]))
  const candidates = shuffled.flatMap((picture): Candidate[] => {
    const [doubt] = doubtsOf(boxesOf.get(picture.file)!, {}, options)
    if (!doubt) return []
    const { reason, uncertainty } = doubt
    const capturedAt = picture.moment * SPACING * 1000
    const name = doubt.said.text.split(' ')[0]
    return [{ id: picture.file, camera: picture.camera, reason, class: name, uncertainty, capturedAt }]
  })
  const chosen = chooseNext(candidates, [], count).map(({ id }) => byId.get(id)!)
  const rest = shuffled.filter((picture) => !chosen.includes(picture))
  return [...chosen, ...rest].slice(0, count)
}
