import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import test from 'node:test'
import { readCatalogue } from '../platform/cameras/catalogue/catalogue.ts'
import { homographyOf } from './cameras.ts'
import { type ClipTruth, readClipTruth } from './clip-truth.ts'
import { DEMO, SEED } from './demo.ts'
import { RATE, simulate } from './simulation/simulation.ts'
import { trueBoxes } from './truth.ts'
import { usersAt } from './users.ts'

const read = (path: string): Promise<Buffer> => readFile(new URL(path, import.meta.url))
const truthOf = async (name: string): Promise<ClipTruth> => readClipTruth(await read(`clips/${name}.truth.jsonl.gz`))
const truths = await Promise.all(DEMO.map(({ name }) => truthOf(name)))

test('every clip tells of the camera that is there now', () => {
  for (const [index, { head, frames }] of truths.entries()) {
    assert.deepEqual([head.camera, head.mood], [DEMO[index]!.name, DEMO[index]!.mood])
    assert.equal(JSON.stringify(head.homography), JSON.stringify(homographyOf(DEMO[index]!)))
    assert.equal(frames.length, head.frames)
  }
})

test('the catalogue of the demo is one that Sentinel imports whole', async () => {
  const { rows, rejected } = readCatalogue((await read('cameras.json')).toString())
  assert.deepEqual(rejected, [])
  assert.deepEqual(
    rows.map(({ originId }) => originId),
    DEMO.map(({ name }) => name),
  )
  for (const { input } of rows) assert.match(input.source, /^clips\/[a-z-]+\.mp4#loop$/)
})

test('nobody jumps where a clip starts again', () => {
  for (const { frames } of truths) {
    const first = new Map(frames[0]!.boxes.map((box) => [box.id, box]))
    const metres = frames.at(-1)!.boxes.flatMap(({ id, position: [east, north] }) => {
      const next = first.get(String(Number(id) + 1))
      return next ? [Math.hypot(next.position[0] - east, next.position[1] - north)] : []
    })
    assert.ok(Math.max(0, ...metres) < 14 / RATE, `${Math.max(...metres)} m`)
  }
})

test('the traffic of the clips comes out of the seed again', () => {
  const { parked, moving } = usersAt(simulate(SEED), 100)
  const users = [...parked, ...moving]
  for (const { frames } of truths) {
    const seen = frames[100]!.boxes
    const sightings = seen.map(({ id, box, full, visibility }) => ({ id: Number(id), box, full, visibility }))
    assert.deepEqual(trueBoxes(sightings, users), seen)
  }
})

test('boxes lie in the picture and inside the full box', () => {
  for (const { head, frames } of truths) {
    for (const { box, full } of frames.flatMap(({ boxes }) => boxes)) {
      assert.ok(box[0] >= 0 && box[1] >= 0 && box[0] + box[2] <= head.width && box[1] + box[3] <= head.height)
      assert.ok(box[0] > full[0] - 1.5 && box[0] + box[2] < full[0] + full[2] + 1.5)
      assert.ok(box[1] > full[1] - 1.5 && box[1] + box[3] < full[1] + full[3] + 1.5)
    }
  }
})
