import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { test } from 'node:test'
import type { StreamEvent, Video } from '../../platform/ports/video.ts'
import { Session } from './session.ts'

const SOURCE = { url: 'rtsp://h/1', loop: false, fps: 5, maxWidth: 1280 }
const opened: StreamEvent = { kind: 'opened', width: 640, height: 360, fps: null, codec: 'h264' }

/** Says the same so many times, then waits until it is closed. */
function videoThatSays(times: number): Video {
  return {
    async *open(_, signal) {
      for (let n = 0; n < times; n++) yield opened
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    },
    check: async () => {},
    close: async () => {},
  }
}

test('a lease remembers nothing of the events that went by', async () => {
  const session = new Session(0, 5)
  session.open(videoThatSays(50), SOURCE)
  const { signal } = new AbortController()
  for (let n = 0; n < 50; n++) assert.equal(await session.next(signal), opened)
  assert.equal(getEventListeners(signal, 'abort').length, 0)
  session.close()
})

test('an event that comes after the lease has ended is the next lease’s', async () => {
  const session = new Session(0, 5)
  session.open(videoThatSays(1), SOURCE)
  assert.equal(await session.next(AbortSignal.abort()), undefined)
  assert.equal(await session.next(new AbortController().signal), opened)
  const ends = new AbortController()
  const waiting = session.next(ends.signal)
  ends.abort()
  assert.equal(await waiting, undefined)
  session.close()
})
