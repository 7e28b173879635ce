import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { keptKey } from '../platform/kept-frames.ts'
import type { Database } from '../platform/ports/database.ts'
import type { ObjectStore } from '../platform/ports/objects.ts'
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

const KEPT = `query ($at: DateTime!, $direction: KeptDirection) {
  keptFrame(cameraId: "cam-0", at: $at, direction: $direction) { id capturedAt imageUrl boxes { class } } }`

describe('looking back', () => {
  test('finds the nearest picture that was kept, with its own boxes, and the ones beside it', async (t) => {
    const { at, database, objects } = await openApi(t)
    await addCameras(database, 2)
    const start = startOfMinute()
    const times = [start, start + 10_000, start + 20_000]
    await addFrames(database, 'cam-0', [times[0]!, ['car']], [times[1]!, ['bus']], [times[2]!, ['person']])
    await addFrames(database, 'cam-1', [start + 12_000, ['truck']])
    for (const [n, time] of times.entries()) await keep(database, objects, `cam-0-${time}-${n}`, time)
    await keep(database, objects, `cam-1-${start + 12_000}-0`, start + 12_000, 'cam-1')
    const seek = async (ms: number, direction?: string) => {
      const { data } = await ask(at, KEPT, { at: new Date(start + ms).toISOString(), direction })
      return data.keptFrame
    }
    const near = await seek(13_000)
    assert.deepEqual([near.id, near.boxes], [`cam-0-${times[1]}-1`, [{ class: 'bus' }]])
    assert.equal((await fetch(at.origin + near.imageUrl, { headers: signedIn(at) })).status, 200)
    const classes = async (...of: [number, string?][]) => {
      const found = []
      for (const each of of) found.push((await seek(...each))?.boxes[0].class)
      return found
    }
    assert.deepEqual(await classes([-9000], [99_000], [16_000]), ['car', 'person', 'person'])
    assert.deepEqual(await classes([10_000, 'BEFORE'], [10_000, 'AFTER'], [0, 'BEFORE']), ['car', 'person', undefined])
  })
})

const signedIn = ({ token }: { readonly token: string }) => ({ authorization: `Bearer ${token}` })

async function keep(database: Database, objects: ObjectStore, frame_id: string, time: number, camera_id = 'cam-0') {
  const captured_at = new Date(time).toISOString()
  await database
    .insertInto('kept_frames')
    .values({ camera_id, frame_id, captured_at, kept_at: new Date(time) })
    .execute()
  await objects.put('sentinel-clips', keptKey(camera_id, frame_id), Buffer.from('jpeg'))
}
