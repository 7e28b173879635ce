import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memory } from '../../platform/adapters/memory.ts'
import { type Box, FrameCaptured, type FrameDetection } from '../../platform/events/frame.ts'
import { jpegImage } from '../../platform/events/image.ts'
import type { RunningModels } from '../../platform/ports/model.ts'
import { given, TestClock } from '../../platform/testing.ts'
import { detect } from './handler.ts'

const START = Date.parse('2026-06-01T08:00:00Z')
const car: Box = { class: 'car', score: 0.9, box: [0.1, 0.1, 0.2, 0.2] }

/** Answers what it is told: what the real one sees is tested beside it. */
function modelThatSees(...boxes: Box[]): RunningModels & { looked: number } {
  const counted = {
    looked: 0,
    for: () => model,
    check: async () => {},
    close: async () => {},
  }
  const model = {
    info: {
      digest: 'a'.repeat(64),
      name: 'm',
      family: 'yolox',
      classes: ['car'],
      inputWidth: 416,
      inputHeight: 416,
      provider: 'cpu',
    },
    async detect() {
      counted.looked++
      return { boxes, timings: { prepareMs: 1, inferMs: 2, decodeMs: 3 } }
    },
  }
  return counted
}

function frame(ms: number, id = `cam-1-${ms}`) {
  return FrameCaptured.of('cam-1', jpegImage(new Uint8Array(1), 640, 360), {
    id,
    time: new Date(START + ms).toISOString(),
    attributes: {
      capturedat: String((START + ms) * 1000),
      captureclock: 'arrival',
      frameid: id,
      width: '640',
      height: '360',
    },
  })
}

const idsOf = (events: readonly { data: unknown }[]) =>
  events.map(({ data }) => (data as FrameDetection).boxes.map(({ trackId }) => trackId))

test('a frame becomes a detection that says which model saw it, when and how long it took', async () => {
  const world = {
    ports: { model: modelThatSees(car), clock: new TestClock(START + 40) },
    position: { partition: 2, offset: 7 },
  }
  const [event] = await given(detect, world).when(frame(0)).events
  const { frameId, model, frame: place, timings, boxes, capturedAt } = event!.data as FrameDetection
  assert.deepEqual(
    { frameId, digest: model.digest, place, timings, boxes, capturedAt },
    {
      frameId: 'cam-1-0',
      digest: 'a'.repeat(64),
      place: { partition: 2, offset: 7 },
      timings: { queueMs: 40, prepareMs: 1, inferMs: 2, decodeMs: 3 },
      boxes: [car],
      capturedAt: START * 1000,
    },
  )
})

test('a frame that waited too long is skipped without a look', async () => {
  const model = modelThatSees(car)
  const world = { ports: { model, clock: new TestClock(START + 2001) } }
  await given(detect, world).when(frame(0)).thenEmits()
  assert.equal(model.looked, 0)
  assert.equal((await given(detect, world).when(frame(1)).events).length, 1)
})

test('one that a newer one of its camera waits behind is skipped sooner', async () => {
  const model = modelThatSees(car)
  const world = { ports: { model, clock: new TestClock(START + 160) }, superseded: AbortSignal.abort() }
  await given(detect, world).when(frame(0)).thenEmits()
  assert.equal(model.looked, 0)
  assert.equal((await given(detect, world).when(frame(20)).events).length, 1)
})

test('nothing seen is an answer', async () => {
  const world = { ports: { model: modelThatSees(), clock: new TestClock(START) } }
  const [event] = await given(detect, world).when(frame(0)).events
  assert.deepEqual((event!.data as FrameDetection).boxes, [])
})

test('a frame that is delivered again does not move the tracks', async () => {
  const ports = { model: modelThatSees(car), clock: new TestClock(START), memory: memory() }
  const scenario = given(detect, { ports })
  const again = [frame(0), frame(200), frame(200), frame(0), frame(200), frame(400)]
  const ids = idsOf(await scenario.when(...again).events)
  assert.equal(ids[0]![0], undefined)
  assert.ok(ids[1]![0])
  for (const repeated of [2, 4, 5]) assert.deepEqual(ids[repeated], ids[1])
})

test('ids of a tracker that began anew are other ids', async () => {
  const run = async (from: number): Promise<string> => {
    const ports = { model: modelThatSees(car), clock: new TestClock(START + from), memory: memory() }
    return idsOf(await given(detect, { ports }).when(frame(from), frame(from + 200)).events)[1]![0]!
  }
  assert.notEqual(await run(0), await run(5000))
})

test('a camera whose clock is set back is followed on, under new ids', async () => {
  const hour = 3_600_000
  const ports = { model: modelThatSees(car), clock: new TestClock(START + hour), memory: memory() }
  const scenario = given(detect, { ports })
  const ids = idsOf(await scenario.when(frame(hour), frame(hour + 200), late(0), late(200), late(400)).events)
  assert.equal(ids[2]![0], undefined)
  assert.ok(ids[3]![0])
  assert.notEqual(ids[3]![0], ids[1]![0])
  assert.equal(ids[4]![0], ids[3]![0])

  /** Comes in now, and says that it was taken an hour ago. */
  function late(ms: number) {
    const event = frame(ms)
    return { ...event, options: { ...event.options, time: new Date(START + hour).toISOString() } }
  }
})
