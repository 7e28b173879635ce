import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { memory } from '../../platform/adapters/memory.ts'
import { FileObjects } from '../../platform/adapters/objects-files.ts'
import { FrameDetected } from '../../platform/events/frame.ts'
import { dropKept, keptKey } from '../../platform/kept-frames.ts'
import type { Log } from '../../platform/ports/log.ts'
import { given, TestClock } from '../../platform/testing.ts'
import { defer } from '../../tests/support/defer.ts'
import { capture, model, timings } from '../../tests/support/detections.ts'
import { openLog } from '../../tests/support/log.ts'
import { freshDatabase } from '../../tests/support/postgres.ts'
import { frameKeeper } from './handler.ts'

const START = Date.parse('2026-06-01T08:00:00Z')

async function world(t: TestContext, config = {}) {
  const log = await openLog(t)
  const directory = await mkdtemp(join(tmpdir(), 'sentinel-kept-'))
  defer(t, () => rm(directory, { recursive: true }))
  const { database } = await freshDatabase(t)
  const objects = new FileObjects(directory)
  const clock = new TestClock(START)
  /** As after a start: it remembers nothing. */
  const started = () => given(frameKeeper, { ports: { log, database, objects, memory: memory(), clock }, config })
  const keeper = started()
  const kept = async () => {
    const rows = await database.selectFrom('kept_frames').select('frame_id').orderBy('captured_at').execute()
    const listed = await Array.fromAsync(objects.list('sentinel-clips', 'recent/'))
    assert.equal(listed.length, rows.length, 'as many pictures as rows')
    return rows.map(({ frame_id }) => secondsOf(frame_id))
  }
  return { log, database, objects, clock, keeper, started, kept }
}

const idAt = (seconds: number): string => `cam-1-${(START + seconds * 1000) * 1000}`
const secondsOf = (frameId: string): number => (Number(frameId.slice(6)) / 1000 - START) / 1000

/** What the detector says of a frame that is on the log, captured so many seconds after the start. */
async function seen(log: Log, seconds: number, ...tracks: string[]) {
  const frame = await capture(log, 'cam-1', (START + seconds * 1000) * 1000)
  const box: [number, number, number, number] = [0.1, 0.1, 0.2, 0.2]
  const boxes = tracks.map((trackId) => ({ class: 'car', score: 0.9, trackId, box }))
  return FrameDetected.of('cam-1', { ...frame, model, boxes, timings })
}

describe('frame-keeper', () => {
  test('a picture is kept now and then, and sooner where something appears', async (t) => {
    const { log, objects, keeper, kept } = await world(t)
    const frames = [
      await seen(log, 0, 'a'),
      await seen(log, 1, 'a', 'b'),
      await seen(log, 3, 'a', 'b'),
      await seen(log, 9, 'b'),
      await seen(log, 12.9, 'b'),
      await seen(log, 13),
    ]
    await keeper.when(...frames).thenEmits()
    assert.deepEqual(await kept(), [0, 3, 13])
    const picture = await objects.get('sentinel-clips', keptKey('cam-1', idAt(3)))
    assert.equal(Buffer.from(picture!).toString(), idAt(3), 'the frame’s own picture')
  })

  test('a frame that comes again is kept once', async (t) => {
    const { log, keeper, started, kept } = await world(t)
    const frame = await seen(log, 0, 'a')
    await keeper.when(frame, frame).thenEmits()
    await started().when(frame).thenEmits()
    assert.deepEqual(await kept(), [0])
  })

  test('a frame that the log no longer holds is left out, and the next one kept instead', async (t) => {
    const { log, keeper, kept } = await world(t)
    const { data, ...rest } = await seen(log, 0)
    const gone = { ...rest, data: { ...data, frame: { ...data.frame, offset: data.frame.offset + 1000 } } }
    await keeper.when(gone, await seen(log, 1)).thenEmits()
    assert.deepEqual(await kept(), [1])
  })

  test('what is older than asked for goes with its picture, while new ones come', async (t) => {
    const { log, clock, keeper, kept } = await world(t, { keepMinutes: 1 })
    await keeper.when(await seen(log, 0), await seen(log, 10)).thenEmits()
    clock.advance(61_000)
    await keeper.when(await seen(log, 61)).thenEmits()
    assert.deepEqual(await kept(), [61])
  })

  test('nothing is kept where nobody wants it', async (t) => {
    const { log, keeper, kept } = await world(t, { keepEvery: 0 })
    await keeper.when(await seen(log, 0, 'a')).thenEmits()
    assert.deepEqual(await kept(), [])
  })

  test('a crash after the picture went leaves its row, which goes the next time', async (t) => {
    const { log, database, objects, keeper, kept } = await world(t)
    await keeper.when(await seen(log, 0)).thenEmits()
    await objects.delete('sentinel-clips', keptKey('cam-1', idAt(0)))
    assert.equal(await dropKept({ database, objects }, START + 1, 20), 1)
    assert.deepEqual(await kept(), [])
  })
})
