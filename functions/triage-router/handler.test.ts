import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { memory } from '../../platform/adapters/memory.ts'
import { FileObjects } from '../../platform/adapters/objects-files.ts'
import { type Box, FrameDetected } from '../../platform/events/frame.ts'
import type { ReviewRequest } from '../../platform/events/triage.ts'
import type { Log } from '../../platform/ports/log.ts'
import { given, TestClock } from '../../platform/testing.ts'
import { defer } from '../../tests/support/defer.ts'
import { capture, model, timings } from '../../tests/support/detections.ts'
import { openLog } from '../../tests/support/log.ts'
import { freshDatabase } from '../../tests/support/postgres.ts'
import { doubtsOf, remember, uncertaintyOf } from './doubt.ts'
import { triageRouter } from './handler.ts'

const START = Date.parse('2026-06-01T08:00:00Z')
const options = { reviewFrom: 0.25, reviewBelow: 0.55, unsureShare: 0.6, flickerShare: 0.3 }
const box = (score: number, more: Partial<Box> = {}): Box => ({
  class: 'car',
  score,
  box: [0.1, 0.1, 0.2, 0.2],
  trackId: 'e-1',
  ...more,
})

describe('what makes a model unsure', () => {
  test('a score in the doubtful band, and none outside it', () => {
    const reasons = [0.2, 0.3, 0.5, 0.6, 0.9].map((score) =>
      doubtsOf([box(score)], {}, options).map(({ reason }) => reason),
    )
    assert.deepEqual(reasons, [[], ['low-confidence'], ['low-confidence'], [], []])
  })

  test('a second class that is nearly as likely', () => {
    const [doubt] = doubtsOf([box(0.8, { runnerUp: { class: 'truck', score: 0.7 } })], {}, options)
    assert.deepEqual([doubt!.reason, doubt!.said.text], ['class-unsure', 'car (80 %) or truck (70 %)'])
    assert.deepEqual(doubtsOf([box(0.8, { runnerUp: { class: 'truck', score: 0.3 } })], {}, options), [])
  })

  test('the more doubts there are and the greater they are, the more is a frame worth, up to 1', () => {
    const worth = (...scores: number[]) => {
      const boxes = scores.map((score, n) => box(score, { trackId: `e-${n}` }))
      return uncertaintyOf(boxes, options)
    }
    const inOrder = [worth(), worth(1), worth(0.95), worth(0.1), worth(0.5), worth(0.5, 0.9), worth(0.5, 0.5)]
    assert.deepEqual(inOrder.slice(0, 2), [0, 0])
    const many = worth(...new Array(500).fill(0.5))
    for (const [at, each] of [...inOrder.slice(2), many].entries()) assert.ok(each > inOrder[at + 1]!, `${inOrder}`)
    assert.ok(many < 1)
  })

  test('of two boxes as sure that of an unsure class is worth more', () => {
    const unsure = box(0.8, { runnerUp: { class: 'truck', score: 0.7 } })
    const flickering = { 'e-1': ['car', 'truck', 'car', 'truck', 'car', 'car'] }
    const worth = [
      uncertaintyOf([box(0.8)], options),
      uncertaintyOf([box(0.8)], options, flickering),
      uncertaintyOf([unsure], options),
    ]
    assert.deepEqual(worth, [...worth].sort())
    assert.equal(new Set(worth).size, 3)
  })

  test('a track whose class changes to and fro', () => {
    let classes = {}
    for (const name of ['car', 'truck', 'car', 'truck', 'car', 'car'])
      classes = remember(classes, [box(0.9, { class: name })])
    const [doubt] = doubtsOf([box(0.9)], classes, options)
    assert.deepEqual([doubt!.reason, doubt!.said.text], ['class-flicker', 'car turns into truck and back'])
  })
})

async function world(t: TestContext, config = {}) {
  const log = await openLog(t)
  const directory = await mkdtemp(join(tmpdir(), 'sentinel-triage-'))
  defer(t, () => rm(directory, { recursive: true }))
  const { database } = await freshDatabase(t)
  const objects = new FileObjects(directory)
  const ports = { log, database, objects, memory: memory(), clock: new TestClock(START) }
  return { log, objects, router: given(triageRouter, { ports, config }) }
}

/** Puts a frame on the log and returns what the detector said of it. */
async function detected(log: Log, seconds: number, boxes: Box[]) {
  const frame = await capture(log, 'cam-1', (START + seconds * 1000) * 1000)
  return FrameDetected.of('cam-1', { ...frame, model, boxes, timings })
}

describe('triage-router', () => {
  test('one doubtful box sends the whole frame to review, with its picture', async (t) => {
    const { log, objects, router } = await world(t)
    const frame = await detected(log, 0, [box(0.9, { trackId: 'e-2' }), box(0.4)])
    const [event] = await router.when(frame).events
    const { boxes, reason, image, frameId } = event!.data as ReviewRequest
    assert.deepEqual([boxes.length, reason, event!.subject], [2, 'low-confidence', `review-${frameId}`])
    assert.equal(Buffer.from((await objects.get('sentinel-clips', image))!).toString(), frameId)
  })

  test('a frame of many doubts is worth more than one of a single greater one', async (t) => {
    const { log, router } = await world(t, { triageSpacing: 0 })
    const many = [1, 2, 3].map((n) => box(0.4, { trackId: `e-${n}` }))
    const frames = [await detected(log, 0, [box(0.26, { trackId: 'e-9' })]), await detected(log, 1, many)]
    const [one, three] = (await router.when(...frames).events).map(({ data }) => data as ReviewRequest)
    assert.ok(one!.uncertainty < three!.uncertainty, `${one!.uncertainty}, ${three!.uncertainty}`)
  })

  test('a frame that the model is sure of is not sent', async (t) => {
    const { log, router } = await world(t)
    await router.when(await detected(log, 0, [box(0.9)])).thenEmits()
  })

  test('the same track is asked about once, and neighbouring frames are not both sent', async (t) => {
    const { log, router } = await world(t, { triageSpacing: 20 })
    const frames = [
      await detected(log, 0, [box(0.4)]),
      await detected(log, 5, [box(0.4, { trackId: 'e-2' })]),
      await detected(log, 25, [box(0.4)]),
      await detected(log, 30, [box(0.4, { trackId: 'e-3' })]),
    ]
    const sent = await router.when(...frames).events
    assert.deepEqual(
      sent.map(({ data }) => (data as ReviewRequest).frameId),
      [frames[0]!.data.frameId, frames[3]!.data.frameId],
    )
  })

  test('a bad night does not flood the queue: the budget is a camera and an hour', async (t) => {
    const { log, router } = await world(t, { triageBudget: 3, triageSpacing: 0 })
    const frames = []
    for (let i = 0; i < 10; i++) frames.push(await detected(log, i, [box(0.4, { trackId: `e-${i}` })]))
    assert.equal((await router.when(...frames).events).length, 3)
    const later = await detected(log, 3600, [box(0.4, { trackId: 'e-99' })])
    assert.equal((await router.when(later).events).length, 1)
  })

  test('a frame that comes again makes the same item again, and counts once', async (t) => {
    const { log, router } = await world(t, { triageBudget: 2, triageSpacing: 0 })
    const first = await detected(log, 0, [box(0.4)])
    const others = [
      await detected(log, 1, [box(0.4, { trackId: 'e-2' })]),
      await detected(log, 2, [box(0.4, { trackId: 'e-3' })]),
    ]
    const sent = await router.when(first, first, first, ...others).events
    const ids = sent.map(({ data }) => (data as ReviewRequest).frameId)
    const { frameId } = first.data
    assert.deepEqual(ids, [frameId, frameId, frameId, others[0]!.data.frameId])
  })

  test('a camera whose clock jumps back is not silent until it catches up', async (t) => {
    const { log, router } = await world(t)
    const frames = [await detected(log, 9_000_000, [box(0.4)]), await detected(log, 0, [box(0.4, { trackId: 'e-2' })])]
    assert.equal((await router.when(...frames).events).length, 2)
  })

  test('a frame that the log no longer holds makes no item', async (t) => {
    const { log, router } = await world(t)
    const frame = await detected(log, 0, [box(0.4)])
    const gone = { ...frame, data: { ...frame.data, frame: { partition: frame.data.frame.partition, offset: 99 } } }
    await router.when(gone).thenEmits()
    const other = { ...frame, data: { ...frame.data, frameId: 'cam-1-1' } }
    await router.when(other).thenEmits()
  })
})
