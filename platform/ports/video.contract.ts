import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import type { StreamEvent, StreamRequest, Video } from './video.ts'

export interface VideoUnderTest {
  readonly video: Video
  /** `file:` URL of a clip of 320×180 at 20 frames a second, 2 seconds long. */
  readonly clip: string
  /** `file:` URL of something that is no video. */
  readonly nonsense: string
}

export const request = (url: string, more: Partial<StreamRequest> = {}): StreamRequest => ({
  url,
  loop: false,
  fps: 60,
  maxWidth: 1280,
  ...more,
})

/** Everything a stream says within `ms`, or until there are `enough` frames. */
export async function listen(
  video: Video,
  wanted: StreamRequest,
  ms: number,
  enough = Number.POSITIVE_INFINITY,
): Promise<StreamEvent[]> {
  const satisfied = new AbortController()
  const events: StreamEvent[] = []
  for await (const event of video.open(wanted, AbortSignal.any([satisfied.signal, AbortSignal.timeout(ms)]))) {
    events.push(event)
    if (framesOf(events).length >= enough) satisfied.abort()
  }
  return events
}

export const framesOf = (events: readonly StreamEvent[]) => events.filter((event) => event.kind === 'frame')

/** What every reader of video must do, whatever reads it. */
export function videoContract(name: string, open: (t: TestContext) => Promise<VideoUnderTest>): void {
  describe(`video contract: ${name}`, () => {
    test('says what it opened, then pictures whose times rise, and ends with one reason', async (t) => {
      const { video, clip } = await open(t)
      const events = await listen(video, request(clip), 10_000)
      assert.deepEqual(
        events.map(({ kind }) => kind).filter((kind) => kind !== 'frame'),
        ['opened', 'closed'],
      )
      const [first] = events
      assert.deepEqual(first?.kind === 'opened' && [first.width, first.height], [320, 180])
      const frames = framesOf(events)
      assert.ok(frames.length >= 38 && frames.length <= 40, `${frames.length} frames`)
      const times = frames.map(({ capturedAt }) => capturedAt)
      assert.ok(times.every((time, i) => i === 0 || time > times[i - 1]!))
      assert.ok(Math.abs(times.at(-1)! / 1000 - Date.now()) < 2000)
      assert.deepEqual([frames[0]!.image.width, frames[0]!.image.height], [320, 180])
      const jpeg = await frames[0]!.image.jpeg()
      assert.deepEqual([jpeg[0], jpeg[1]], [0xff, 0xd8])
      const last = events.at(-1)!
      assert.equal(last.kind === 'closed' && last.reason, 'ended')
    })

    test('gives no more frames a second than wanted, evenly', async (t) => {
      const { video, clip } = await open(t)
      const frames = framesOf(await listen(video, request(clip, { fps: 5, loop: true }), 20_000, 16))
      const gaps = frames.slice(1).map(({ capturedAt }, i) => (capturedAt - frames[i]!.capturedAt) / 1000)
      const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
      assert.ok(mean > 180 && mean < 230, `one each ${mean} ms`)
      assert.ok(frames.length >= 16, 'a looped file goes on')
    })

    test('scales wider pictures down and keeps their shape', async (t) => {
      const { video, clip } = await open(t)
      const [frame] = framesOf(await listen(video, request(clip, { maxWidth: 160 }), 10_000, 1))
      assert.deepEqual([frame!.image.width, frame!.image.height], [160, 90])
    })

    test('what is no video is told as that', async (t) => {
      const { video, nonsense } = await open(t)
      const events = await listen(video, request(nonsense), 5000)
      assert.deepEqual(
        events.map((event) => event.kind === 'closed' && event.reason),
        ['not-video'],
      )
    })

    test('it works until it is closed', async (t) => {
      const { video } = await open(t)
      await video.check()
      await video.close()
      await assert.rejects(video.check(), { code: 'VIDEO_UNAVAILABLE' })
    })

    test('a stream that is no longer wanted is released', async (t) => {
      const { video, clip } = await open(t)
      const events = await listen(video, request(clip, { loop: true }), 800)
      const last = events.at(-1)!
      assert.equal(last.kind === 'closed' && last.reason, 'released')
    })
  })
}
