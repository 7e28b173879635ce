import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { memory } from '../../platform/adapters/memory.ts'
import { CameraWatch } from '../../platform/events/camera.ts'
import { jpegImage } from '../../platform/events/image.ts'
import type { StreamEvent, Video } from '../../platform/ports/video.ts'
import { given, TestClock } from '../../platform/testing.ts'
import { backoff } from './backoff.ts'
import { frameGrabber } from './handler.ts'

const START = Date.parse('2026-06-01T08:00:00Z')
const lease = (revision = 0, until = START + 30_000) => CameraWatch.of('cam-1', { until, fps: 5, revision })
const opened: StreamEvent = { kind: 'opened', width: 640, height: 360, fps: 25, codec: 'h264' }
const frame = (at: number): StreamEvent => ({
  kind: 'frame',
  image: jpegImage(new Uint8Array(1), 640, 360),
  capturedAt: (START + at) * 1000,
  captureClock: 'arrival',
})

/** Plays one script for each attempt, then stays silent until it is closed. */
function cameraThatPlays(...scripts: StreamEvent[][]) {
  const state = { opened: 0, closed: 0 }
  const video: Video = {
    async *open(_, signal) {
      const script = scripts[state.opened++] ?? []
      yield* script
      if (script.at(-1)?.kind === 'closed') return
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
      state.closed++
      yield { kind: 'closed', reason: 'released', detail: '' }
    },
    check: async () => {},
    close: async () => {},
  }
  return { state, video }
}

function world(video: Video, superseded = new AbortController(), signal = new AbortController()) {
  const clock = new TestClock(START)
  const cameras = { sourceOf: async (id: string) => (id === 'cam-1' ? { url: 'rtsp://h/1', loop: false } : undefined) }
  return {
    clock,
    superseded,
    signal,
    given: (held = memory()) =>
      given(frameGrabber, {
        ports: { video, cameras, clock, memory: held },
        superseded: superseded.signal,
        signal: signal.signal,
      }),
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10))
const typesOf = (events: readonly { type: string }[]) => events.map(({ type }) => type.split('.').at(-2))

describe('frame-grabber', () => {
  test('tells that the camera is online, then its frames, each with the moment it was taken', async () => {
    const { video } = cameraThatPlays([opened, frame(100), frame(300)])
    const { given, clock } = world(video)
    const { events } = given().when(lease())
    await settle()
    clock.advance(30_000)
    const all = await events
    assert.deepEqual(typesOf(all), ['online', 'captured', 'captured', 'offline'])
    const { capturedat, frameid, id } = all[1]!
    assert.deepEqual(
      [capturedat, frameid, id],
      [`${START + 100}000`, `cam-1-${START + 100}000`, `cam-1-${START + 100}000`],
    )
    assert.equal((all[3]!.data as { reason: string }).reason, 'released')
  })

  test('the next lease takes the open stream over without a word', async () => {
    const { video, state } = cameraThatPlays([opened, frame(100)])
    const held = memory()
    const first = world(video)
    const { events } = first.given(held).when(lease())
    await settle()
    first.superseded.abort()
    assert.deepEqual(typesOf(await events), ['online', 'captured'])
    const second = world(video)
    const next = second.given(held).when(lease(0, START + 60_000)).events
    await settle()
    first.clock.advance(6000)
    await settle()
    assert.deepEqual(state, { opened: 1, closed: 0 })
    second.clock.advance(60_000)
    assert.deepEqual(typesOf(await next), ['offline'])
    assert.equal(state.closed, 1)
  })

  test('a stream that no lease takes over is closed after a while', async () => {
    const { video, state } = cameraThatPlays([opened])
    const one = world(video)
    const { events } = one.given().when(lease())
    await settle()
    one.superseded.abort()
    await events
    one.clock.advance(6000)
    await settle()
    assert.equal(state.closed, 1)
  })

  test('a lease of a changed camera opens its source anew', async () => {
    const { video, state } = cameraThatPlays([opened], [opened])
    const held = memory()
    const first = world(video)
    const before = first.given(held).when(lease(0)).events
    await settle()
    first.superseded.abort()
    await before
    const second = world(video)
    const after = second.given(held).when(lease(1)).events
    await settle()
    second.clock.advance(30_000)
    assert.deepEqual(typesOf(await after), ['online', 'offline'])
    assert.equal(state.opened, 2)
  })

  test('a lease that is over releases the camera, once', async () => {
    const { video, state } = cameraThatPlays([opened])
    const held = memory()
    const one = world(video)
    const before = one.given(held).when(lease()).events
    await settle()
    one.superseded.abort()
    await before
    const over = world(video).given(held)
    assert.deepEqual(typesOf(await over.when(lease(0, START)).events), ['offline'])
    assert.deepEqual(typesOf(await over.when(lease(0, START)).events), [])
    assert.equal(state.closed, 1)
  })

  test('a failure is told with its reason and the next attempt, and repeated failures once a minute', async () => {
    const refused: StreamEvent[] = [{ kind: 'closed', reason: 'unreachable', detail: 'refused' }]
    const { video, state } = cameraThatPlays(...Array.from({ length: 50 }, () => refused))
    const one = world(video)
    const { events } = one.given().when(lease(0, START + 150_000))
    for (let second = 0; second <= 150; second++) {
      await settle()
      one.clock.advance(1000)
    }
    const told = (await events).filter(({ data }) => (data as { reason: string }).reason === 'unreachable')
    assert.ok(told.length >= 2 && told.length <= 3, `${told.length} reports`)
    assert.ok((told[0]!.data as { retryAt: number }).retryAt > START)
    assert.ok(state.opened >= 5 && state.opened < 12, `${state.opened} attempts`)
  })

  test('after a failure the camera comes back', async () => {
    const { video } = cameraThatPlays(
      [opened, { kind: 'closed', reason: 'timeout', detail: '' }],
      [opened, frame(2000)],
    )
    const one = world(video)
    const { events } = one.given().when(lease())
    for (let second = 0; second <= 30; second++) {
      await settle()
      one.clock.advance(1000)
    }
    assert.deepEqual(typesOf(await events), ['online', 'offline', 'online', 'captured', 'offline'])
  })

  test('work that must be given up closes the stream and is not done', async () => {
    const { video, state } = cameraThatPlays([opened])
    const one = world(video)
    const { events } = one.given().when(lease())
    await settle()
    one.signal.abort()
    await assert.rejects(events, /given up/)
    await settle()
    assert.equal(state.closed, 1)
  })

  test('a camera that was removed is left alone', async () => {
    const { video, state } = cameraThatPlays([opened])
    const gone = CameraWatch.of('cam-2', { until: START + 1000, fps: 5, revision: 0 })
    assert.deepEqual(await world(video).given().when(gone).events, [])
    assert.equal(state.opened, 0)
  })
})

test('back-off grows, is bounded, and spreads cameras that failed together', () => {
  const of = (camera: string, attempt: number) => backoff(camera, attempt, 'unreachable')
  assert.ok(of('a', 1) <= 1000 && of('a', 4) > of('a', 1) && of('a', 30) <= 60_000)
  assert.equal(of('a', 3), of('a', 3))
  assert.ok(new Set(Array.from({ length: 100 }, (_, i) => Math.round(of(`cam-${i}`, 5)))).size > 80)
  assert.ok(backoff('a', 1, 'unauthorized') >= 10_000)
})
