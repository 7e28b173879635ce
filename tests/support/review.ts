import type { Database } from '../../platform/ports/database.ts'
import type { ObjectStore } from '../../platform/ports/objects.ts'
import { say } from '../../platform/said.ts'
import { STREET, streets } from './street.ts'

const PLACES = [60, 140, 220, 300, 380, 460]
const HOUR_MS = 3_600_000

/** Items `review-0`, `review-1`, …, the first the most uncertain, each with a picture whose one box is around its square. */
export async function addReviewItems(
  { database, objects }: { readonly database: Database; readonly objects: ObjectStore },
  count: number,
): Promise<void> {
  const jpegs = await streets(PLACES)
  for (let n = 0; n < count; n++) {
    const item = itemOf(n, count)
    await objects.put('sentinel-clips', item.image, jpegs[n % PLACES.length]!)
    await database.insertInto('triage_items').values(item).execute()
  }
}

function itemOf(n: number, count: number) {
  const said = say('doubt.score', { name: 'car', score: 0.4 })
  const { width, height, side } = STREET
  const box = [PLACES[n % PLACES.length]! / width, 150 / height, side / width, side / height]
  return {
    id: `review-${n}`,
    camera_id: 'cam-0',
    frame_id: `frame-${n}`,
    captured_at: new Date(Date.parse('2026-06-01T08:00:00Z') + n * HOUR_MS),
    requested_at: new Date(),
    reason: 'low-confidence',
    uncertainty: 1 - (0.9 * n) / count,
    detail: said.text,
    detail_told: JSON.stringify(said.told),
    width,
    height,
    model_digest: 'a'.repeat(64),
    model_name: 'm',
    boxes: JSON.stringify([{ class: 'car', score: 0.4, box }]),
    image: `triage/cam-0/review-${n}.jpg`,
  }
}
