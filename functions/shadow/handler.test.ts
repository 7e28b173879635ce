import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { memory } from '../../platform/adapters/memory.ts'
import { toRecord } from '../../platform/events/codec.ts'
import { completeEvent } from '../../platform/events/complete.ts'
import { type Box, FrameCaptured, FrameDetected } from '../../platform/events/frame.ts'
import { jpegImage } from '../../platform/events/image.ts'
import type { Models } from '../../platform/ports/models.ts'
import { dropOldShadows } from '../../platform/rollout/retention.ts'
import { given, TestClock } from '../../platform/testing.ts'
import { greyJpeg, labelled, openStores } from '../../tests/support/annotations.ts'
import { openLog } from '../../tests/support/log.ts'
import { digestNamed, modelThatSees } from '../../tests/support/models.ts'
import { shadow } from './handler.ts'

const [RUNNING, CANDIDATE] = [digestNamed('old'), digestNamed('new')]
const car = (x: number): Box => ({ ...labelled(x), score: 0.9 })

/** Frames of one camera in which the running model saw one car, and a candidate that sees what the test says and takes 30 ms. */
async function world(t: TestContext, candidate: Box[], config: object = {}) {
  const stores = await openStores(t)
  const log = await openLog(t)
  const clock = new TestClock()
  const jpeg = await greyJpeg(stores.pictures, 90, 30)
  let looked = 0
  const models: Models = {
    with: (digest, work) => {
      assert.equal(digest, CANDIDATE)
      looked++
      clock.advance(30)
      return work(modelThatSees(candidate))
    },
    close: async () => {},
  }
  const { database, objects } = stores
  const begin = () =>
    database
      .insertInto('model_evaluations')
      .values({
        ...{ digest: CANDIDATE, running: RUNNING, cause: 'e', state: 'shadowing' as const },
        ...{ started_at: new Date(), shadowing_at: new Date() },
      })
      .execute()
  const ports = { log, database, objects, models, memory: memory(), clock }
  let n = 0
  const frame = async (model = RUNNING) => {
    const frameId = `f-${n++}`
    const capturedAt = clock.now() * 1000
    const size = { width: 64, height: 36 }
    const attributes = {
      capturedat: `${capturedAt}`,
      captureclock: 'arrival',
      frameid: frameId,
      width: '64',
      height: '36',
    }
    const captured = FrameCaptured.of('cam-1', jpegImage(jpeg, 64, 36), { id: frameId, attributes })
    const origin = { source: '/t', id: frameId, time: new Date(clock.now()).toISOString() }
    const [place] = await log.produce('frames', [toRecord(completeEvent(captured, origin))])
    return FrameDetected.of('cam-1', {
      ...{ frameId, capturedAt, captureClock: 'arrival' as const, ...size, boxes: [car(0.1)] },
      ...{ model: { digest: model, name: 'm' }, frame: { partition: place!.partition, offset: place!.offset } },
      timings: { queueMs: 1, prepareMs: 1, inferMs: 1, decodeMs: 1 },
    })
  }
  const show = async (model?: string) => given(shadow, { ports, config }).when(await frame(model)).events
  const rows = () => database.selectFrom('shadow_frames').selectAll().execute()
  return { ...stores, clock, begin, frame, show, rows, ports, looks: () => looked }
}

describe('shadow', () => {
  test('a candidate looks at live frames beside the running model, and what both saw is told on a topic of its own', async (t) => {
    const { begin, show, rows } = await world(t, [car(0.1)])
    await begin()
    const [event] = await show()
    assert.equal(event!.type, 'sentinel.frame.shadowed.v1')
    const { candidate, running, agreement } = event!.data as Record<string, unknown>
    assert.deepEqual([candidate, running, agreement], [CANDIDATE, RUNNING, 1])
    const [row] = await rows()
    assert.deepEqual([row!.agreement, row!.image, row!.camera_id], [1, null, 'cam-1'])
  })

  test('frames on which they disagree are kept with their picture for people, not more than there is room for', async (t) => {
    const { clock, objects, database, begin, show, rows } = await world(t, [car(0.6)], { shadowKeep: 2 })
    await begin()
    for (let n = 0; n < 4; n++) {
      await show()
      clock.advance(1000)
    }
    const kept = (await rows()).filter(({ image }) => image !== null)
    assert.deepEqual([(await rows()).length, kept.length, kept[0]!.agreement], [4, 2, 0])
    assert.ok(await objects.get('sentinel-clips', kept[0]!.image!))
    await dropOldShadows({ database, objects }, clock.now() + 1)
    assert.deepEqual([await rows(), await objects.get('sentinel-clips', kept[0]!.image!)], [[], undefined])
  })

  test('it rests after each look, so that it never takes more than its share', async (t) => {
    const { clock, begin, show, looks } = await world(t, [car(0.1)], { shadowShare: 0.25 })
    await begin()
    for (let n = 0; n < 100; n++) {
      await show()
      clock.advance(10)
    }
    const share = (looks() * 30) / (1000 + looks() * 30)
    assert.ok(share > 0.2 && share < 0.28, `${looks()} looks of 30 ms are a share of ${share}`)
  })

  test('several frames at once are one look', async (t) => {
    const { begin, show, looks } = await world(t, [car(0.1)])
    await begin()
    await show()
    const before = looks()
    await Promise.all([show(), show(), show()])
    assert.equal(looks() - before, 0)
  })

  test('without a candidate, on frames of another model and on old ones nobody looks', async (t) => {
    const { clock, begin, frame, show, looks, ports } = await world(t, [car(0.1)])
    assert.deepEqual(await show(), [])
    await begin()
    clock.advance(2000)
    assert.deepEqual(await show(digestNamed('other')), [])
    const old = await frame()
    clock.advance(20_000)
    await given(shadow, { ports }).when(old).thenEmits()
    assert.equal(looks(), 0)
  })
})
