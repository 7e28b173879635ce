import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import { memory } from '../../platform/adapters/memory.ts'
import { keepPartitions } from '../../platform/adapters/retention.ts'
import { CameraOffline, CameraOnline } from '../../platform/events/camera.ts'
import { completeEvent } from '../../platform/events/complete.ts'
import type { Draft, SentinelEvent } from '../../platform/events/event.ts'
import { type Box, FrameDetected, type FrameDetection } from '../../platform/events/frame.ts'
import { ReviewRequested } from '../../platform/events/triage.ts'
import type { Database } from '../../platform/ports/database.ts'
import { freshDatabase } from '../../tests/support/postgres.ts'
import { eventStore } from './handler.ts'

const START = Date.parse('2026-06-01T08:00:00Z')
const model = { digest: 'a'.repeat(64), name: 'm' }

function event(draft: Draft, id: string, seconds = 0): SentinelEvent {
  return completeEvent(draft, { source: '/test', id, time: new Date(START + seconds * 1000).toISOString() })
}

function detected(seconds: number, boxes: Partial<Box>[] = [], camera = 'cam-1'): SentinelEvent {
  const capturedAt = (START + seconds * 1000) * 1000 + 7
  const draft = FrameDetected.of(camera, {
    frameId: `${camera}-${capturedAt}`,
    capturedAt,
    captureClock: 'arrival',
    width: 640,
    height: 360,
    model,
    boxes: boxes.map((each) => ({ class: 'car', score: 0.9, box: [0, 0, 0.1, 0.1], ...each })),
    frame: { partition: 0, offset: 0 },
    timings: { queueMs: 1, prepareMs: 1, inferMs: 1, decodeMs: 1 },
  })
  return event(draft, `d-${camera}-${seconds}`, seconds)
}

async function open(t: TestContext) {
  const { database } = await freshDatabase(t)
  await keepPartitions(database, START, { detectionsDays: 7, eventsDays: 30 })
  const process = () => {
    const held = memory()
    return (...events: SentinelEvent[]) =>
      eventStore.handleBatch!(events as never, {
        database,
        memory: held,
        config: {},
        signal: new AbortController().signal,
        superseded: new AbortController().signal,
      })
  }
  return { database, process, store: process() }
}

const count = async (database: Database, table: string): Promise<number> =>
  Number((await sql<{ n: string }>`SELECT count(*) AS n FROM ${sql.table(table)}`.execute(database)).rows[0]!.n)

describe('event-store', () => {
  test('stores a detection with its capture time to the microsecond', async (t) => {
    const { database, store } = await open(t)
    await store(detected(1, [{ trackId: 'e-1' }]))
    const { rows } = await sql<{
      at: string
      boxes: Box[]
    }>`SELECT captured_at::text AS at, boxes FROM detections`.execute(database)
    assert.equal(rows[0]!.at, '2026-06-01 08:00:01.000007+00')
    assert.equal(rows[0]!.boxes[0]!.trackId, 'e-1')
  })

  test('everything delivered again, also by another process, changes nothing', async (t) => {
    const { database, process, store } = await open(t)
    await database.insertInto('cameras').values({ id: 'cam-1', name: 'A', source: 's' }).execute()
    const online = event(CameraOnline.of('cam-1', { width: 640, height: 360, fps: 25, codec: 'h264' }), 'o-1')
    const all = [
      online,
      detected(1, [{ trackId: 'e-1' }]),
      detected(2, [{ trackId: 'e-1' }, { trackId: 'e-2' }]),
      detected(2, [{ trackId: 'e-1' }]),
    ]
    await store(...all)
    await store(...all)
    await process()(...all.toReversed())
    assert.deepEqual([await count(database, 'detections'), await count(database, 'events')], [2, 3])
  })

  test('the newest state of a camera stands, in whatever order its events come', async (t) => {
    const { database, store } = await open(t)
    await database.insertInto('cameras').values({ id: 'cam-1', name: 'A', source: 's' }).execute()
    const online = event(CameraOnline.of('cam-1', { width: 640, height: 360, fps: 25, codec: 'h264' }), 'o', 1)
    const offline = event(CameraOffline.of('cam-1', { reason: 'timeout', detail: 'silent', retryAt: null }), 'f', 2)
    await store(offline)
    await store(online)
    const camera = await database.selectFrom('cameras').selectAll().executeTakeFirstOrThrow()
    assert.deepEqual([camera.state, camera.state_reason, camera.width], ['offline', 'timeout', null])
    await store(event(CameraOnline.of('cam-1', { width: 640, height: 360, fps: null, codec: 'h264' }), 'o2', 3))
    const again = await database.selectFrom('cameras').selectAll().executeTakeFirstOrThrow()
    assert.deepEqual([again.state, again.state_reason, again.width], ['online', null, 640])
  })

  test('a camera whose clock is years off does not stop the others', async (t) => {
    const { database, store } = await open(t)
    await store(detected(-800_000_000, [], 'cam-2'), detected(1))
    assert.equal(await count(database, 'detections'), 2)
    assert.equal(await count(database, 'detections_default'), 1)
  })

  test('what a camera with a wrong clock saw is kept by when it came, whether its clock is late or early', async (t) => {
    const { database, store } = await open(t)
    const retain = (days: number): Promise<void> =>
      keepPartitions(database, START + days * 86_400_000, { detectionsDays: 7, eventsDays: 30 })
    for (const [camera, seconds] of [
      ['late', -800_000_000],
      ['early', 800_000_000],
    ] as const) {
      const { data, ...rest } = detected(0, [], camera) as SentinelEvent<FrameDetection>
      await store({ ...rest, data: { ...data, capturedAt: data.capturedAt + seconds * 1e6 } } as SentinelEvent)
    }
    await retain(6)
    assert.equal(await count(database, 'detections_default'), 2)
    await retain(8)
    assert.equal(await count(database, 'detections'), 0)
  })

  test('many replicas may make and drop partitions at once', async (t) => {
    const { database, store } = await open(t)
    await store(detected(1))
    for (let days = 9; days <= 45; days += 9) {
      const keep = () => keepPartitions(database, START + days * 86_400_000, { detectionsDays: 7, eventsDays: 7 })
      await Promise.all([keep(), keep(), keep(), keep(), keep(), keep()])
    }
    assert.equal(await count(database, 'detections'), 0)
  })

  test('days are days of UTC, whatever zone the server is in', async (t) => {
    const { database } = await freshDatabase(t)
    await sql`SELECT set_config('timezone', 'America/Los_Angeles', false)`.execute(database)
    await keepPartitions(database, START, { detectionsDays: 7, eventsDays: 30 })
    await sql`SELECT set_config('timezone', 'UTC', false)`.execute(database)
    const { rows } = await sql<{ bounds: string }>`
      SELECT pg_get_expr(relpartbound, oid) AS bounds FROM pg_class WHERE relname = 'detections_20260601'`.execute(
      database,
    )
    assert.match(rows[0]!.bounds, /FROM \('2026-06-01 00:00:00\+00'\)/)
  })

  test('days that are over go with their partition, and a day that comes takes its rows from the default one', async (t) => {
    const { database, store } = await open(t)
    const day = 86_400
    await store(detected(1), detected(5 * day))
    assert.equal(await count(database, 'detections_default'), 1)
    await keepPartitions(database, START + 4 * day * 1000, { detectionsDays: 7, eventsDays: 30 })
    assert.equal(await count(database, 'detections_default'), 0)
    assert.equal(await count(database, 'detections_20260606'), 1)
    await keepPartitions(database, START + 9 * day * 1000, { detectionsDays: 7, eventsDays: 30 })
    assert.equal(await count(database, 'detections'), 1)
  })

  test('a frame for review becomes an open item', async (t) => {
    const { database, store } = await open(t)
    const data = {
      cameraId: 'cam-1',
      frameId: 'f',
      capturedAt: START * 1000,
      width: 640,
      height: 360,
      reason: 'class-unsure' as const,
      uncertainty: 0.7,
      detail: 'd',
      model,
      boxes: [],
      image: 'triage/x.jpg',
    }
    await store(event(ReviewRequested.of('review-f', data), 'r'), event(ReviewRequested.of('review-f', data), 'r'))
    const item = await database.selectFrom('triage_items').selectAll().executeTakeFirstOrThrow()
    assert.deepEqual([item.id, item.status, item.uncertainty], ['review-f', 'open', 0.7])
  })

  test('a batch that failed halfway stores its tracks when it is tried again', async (t) => {
    const { database, store } = await open(t)
    await sql`ALTER TABLE events ADD CONSTRAINT broken CHECK (false) NOT VALID`.execute(database)
    await assert.rejects(store(detected(1, [{ trackId: 'e-1' }])))
    await sql`ALTER TABLE events DROP CONSTRAINT broken`.execute(database)
    await store(detected(1, [{ trackId: 'e-1' }]))
    assert.deepEqual([await count(database, 'detections'), await count(database, 'events')], [1, 1])
  })
})
