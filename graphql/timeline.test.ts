import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Database } from '../platform/ports/database.ts'
import { addCameras, openApi } from '../tests/support/api.ts'
import { model, timings } from '../tests/support/detections.ts'
import { ask } from '../tests/support/sentinel.ts'

const QUERY = `query ($camera: ID!, $minutes: Int) { timeline(cameraId: $camera, minutes: $minutes) {
  from to minutes { at frames classes { class detections most } } marks { id type time } } }`
const MINUTE_MS = 60_000

/** Frames of a camera, each with boxes of these classes, captured at these moments. */
async function addFrames(
  database: Database,
  camera_id: string,
  ...frames: (readonly [at: number, classes: string[]])[]
) {
  const rows = frames.map(([at, classes], n) => ({
    captured_at: new Date(at),
    frame_id: `${camera_id}-${at}-${n}`,
    event_id: `e-${camera_id}-${at}-${n}`,
    camera_id,
    detected_at: new Date(at),
    capture_clock: 'arrival',
    width: 640,
    height: 360,
    model_digest: model.digest,
    model_name: 'm',
    boxes: JSON.stringify(classes.map((name) => ({ class: name, score: 0.9, box: [0.1, 0.2, 0.3, 0.4] }))),
    timings: JSON.stringify(timings),
  }))
  await database.insertInto('detections').values(rows).execute()
}

async function addEvent(database: Database, id: string, type: string, at: number, camera_id = 'cam-0') {
  const row = { time: new Date(at), id, type, camera_id, subject: camera_id, data: '{}' }
  await database.insertInto('events').values(row).execute()
}

const startOfMinute = () => Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS

describe('the timeline of a camera', () => {
  test('counts each minute by class, tells a minute with nothing in it from one that nobody looked at', async (t) => {
    const { at, database } = await openApi(t)
    await addCameras(database, 2)
    const busy = startOfMinute() - 3 * MINUTE_MS
    const quiet = busy + MINUTE_MS
    await addFrames(database, 'cam-0', [busy, ['car', 'car']], [busy + 59_999, ['car', 'bus']], [quiet, []])
    await addFrames(database, 'cam-0', [busy - 3 * 60 * MINUTE_MS, ['car']])
    await addFrames(database, 'cam-1', [busy, ['person']])
    const { data } = await ask(at, QUERY, { camera: 'cam-0' })
    const { from, to, minutes } = data.timeline
    assert.equal(Date.parse(to) - Date.parse(from), 60 * MINUTE_MS)
    assert.ok(Date.parse(to) > Date.now() && Date.parse(to) - Date.now() <= MINUTE_MS)
    const classes = [
      { class: 'bus', detections: 1, most: 1 },
      { class: 'car', detections: 3, most: 2 },
    ]
    assert.deepEqual(minutes, [
      { at: new Date(busy).toISOString(), frames: 2, classes },
      { at: new Date(quiet).toISOString(), frames: 1, classes: [] },
    ])
  })

  test('marks what happened to it, newest first, but not every object that appeared', async (t) => {
    const { at, database } = await openApi(t)
    await addCameras(database, 2)
    const now = startOfMinute()
    await addEvent(database, 'gone', 'sentinel.camera.offline.v1', now - 5000)
    await addEvent(database, 'asked', 'sentinel.review.requested.v1', now - 1000)
    await addEvent(database, 'car', 'sentinel.track.appeared.v1', now - 1000)
    await addEvent(database, 'other', 'sentinel.camera.offline.v1', now - 1000, 'cam-1')
    await addEvent(database, 'old', 'sentinel.camera.offline.v1', now - 61 * MINUTE_MS)
    const { data } = await ask(at, QUERY, { camera: 'cam-0' })
    assert.deepEqual(
      data.timeline.marks.map(({ id }: { id: string }) => id),
      ['asked', 'gone'],
    )
  })

  test('is bounded, and its newest minutes alone can be asked for', async (t) => {
    const { at, database } = await openApi(t)
    await addCameras(database, 1)
    const now = startOfMinute()
    await addFrames(database, 'cam-0', [now, ['car']], [now - 2 * MINUTE_MS, ['car']])
    const { data } = await ask(at, QUERY, { camera: 'cam-0', minutes: 2 })
    assert.equal(data.timeline.minutes.length, 1)
    for (const minutes of [0, 121]) {
      const { errors } = await ask(at, QUERY, { camera: 'cam-0', minutes })
      assert.match(errors![0]!.message, /minutes lies between 1 and 120/)
    }
    assert.deepEqual((await ask(at, QUERY, { camera: 'nobody' })).data.timeline.minutes, [])
  })

  test('costs one statement for all its minutes', async (t) => {
    const { at, database, statements } = await openApi(t)
    await addCameras(database, 1)
    statements.length = 0
    await ask(at, '{ timeline(cameraId: "cam-0") { minutes { frames } } }')
    assert.equal(statements.length, 1)
  })
})
