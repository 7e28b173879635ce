import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { decodePackets } from '../../../tests/support/decode-packets.ts'
import { defer } from '../../../tests/support/defer.ts'
import { rtspServer } from '../../../tests/support/rtsp.ts'
import { clip, clipPath, openVideo } from '../../../tests/support/video.ts'
import { request } from '../../ports/video.contract.ts'
import type { VideoPacket } from '../../ports/video.ts'
import type { NodeAvVideo } from './video.ts'

/** Follows a source, and reads it, until so many packets came. @returns them with the capture times of the frames meanwhile. */
async function follow(video: NodeAvVideo, url: string, count: number) {
  const packets: VideoPacket[] = []
  const frames: number[] = []
  const enough = new AbortController()
  const stop = video.follow('cam-1', (packet) => {
    // What comes while the source is closed may be cut short.
    if (!enough.signal.aborted && packets.push(packet) === count) enough.abort()
  })
  const signal = AbortSignal.any([enough.signal, AbortSignal.timeout(15_000)])
  for await (const event of video.open(request(url, { loop: true, fps: 5, camera: 'cam-1' }), signal))
    if (event.kind === 'frame') frames.push(event.capturedAt)
  stop()
  assert.ok(enough.signal.aborted, `only ${packets.length} packets came`)
  return { packets, frames }
}

async function check({ packets, frames }: Awaited<ReturnType<typeof follow>>): Promise<void> {
  const times = packets.map(({ capturedAt }) => capturedAt)
  assert.equal(packets[0]!.codec, 'avc1.42c00c')
  assert.ok(times.every((time, i) => i === 0 || time > times[i - 1]!))
  assert.deepEqual(await decodePackets(packets), { pictures: packets.length, width: 320, height: 180 })
  const within = frames.filter((time) => time >= times[0]! && time <= times.at(-1)!)
  assert.ok(within.length > 2)
  for (const time of within) assert.ok(times.includes(time), 'a frame was captured when its packet was')
}

describe('packets of an open source', () => {
  test('of a looped file begin with a key frame, rise in time, decode whole, and bear the times of its frames', async (t) => {
    await check(await follow(openVideo(t), clip, 45))
  })

  test('of a real RTSP camera do too', { skip: rtspServer.skip }, async (t) => {
    const camera = await rtspServer.start(clipPath)
    defer(t, () => camera.stop())
    await check(await follow(openVideo(t), camera.url, 35))
  })

  test('are heard by all who follow, each from a key frame on, and by nobody afterwards', async (t) => {
    const video = openVideo(t)
    const abort = new AbortController()
    const reading = Array.fromAsync(video.open(request(clip, { loop: true, camera: 'cam-1' }), abort.signal))
    const late: VideoPacket[] = []
    const { promise: isOver, resolve: over } = Promise.withResolvers<void>()
    let early = 0
    let stopLate = () => {}
    const stop = video.follow('cam-1', () => {
      if (++early === 7) stopLate = video.follow('cam-1', (packet) => late.push(packet) === 5 && over())
    })
    await isOver
    stop()
    stopLate()
    const heard = [early, late.length]
    assert.ok(late[0]!.codec)
    assert.ok(late.slice(1).every(({ codec }) => codec === undefined))
    await new Promise((resolve) => setTimeout(resolve, 300))
    assert.deepEqual([early, late.length], heard)
    abort.abort()
    await reading
  })
})
