import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type WebSocket from 'ws'
import { openApi, openSocket } from '../../tests/support/api.ts'
import { decodePackets } from '../../tests/support/decode-packets.ts'
import { defer } from '../../tests/support/defer.ts'
import { detect, model } from '../../tests/support/detections.ts'
import { eventually } from '../../tests/support/log.ts'
import { clip, openVideo } from '../../tests/support/video.ts'
import { CameraOffline } from '../events/camera.ts'
import { toRecord, type WireRecord } from '../events/codec.ts'
import { completeEvent } from '../events/complete.ts'
import { FrameDetected } from '../events/frame.ts'
import { request } from '../ports/video.contract.ts'

describe('live pictures', () => {
  function pictures(socket: WebSocket) {
    const seen: { frame: string; jpeg: string; boxes: unknown[]; picture: object; capturedAt: number }[] = []
    socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) return
      const length = data.readUInt32LE(0)
      const header = JSON.parse(data.subarray(4, 4 + length).toString())
      seen.push({ ...header, jpeg: data.subarray(4 + length).toString() })
    })
    return seen
  }

  function packets(socket: WebSocket) {
    const seen: { camera: string; codec?: string; capturedAt: number; width: number; data: Buffer }[] = []
    socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) return
      const length = data.readUInt32LE(0)
      seen.push({ ...JSON.parse(data.subarray(4, 4 + length).toString()), data: data.subarray(4 + length) })
    })
    return seen
  }

  test('carry the very frame that was looked at, with its boxes; two at most until they are drawn, then the newest', async (t) => {
    const { origin, log, server } = await openApi(t)
    const socket = await openSocket(`${origin}/live`)
    defer(t, () => socket.close())
    const seen = pictures(socket)
    socket.send(JSON.stringify({ type: 'watch', cameras: ['cam-1'] }))
    await eventually(async () => {
      if (seen.length === 0) await detect(log, 'cam-1')
      return seen.length > 0
    })
    for (const { frame, jpeg, boxes, picture, capturedAt } of seen)
      assert.deepEqual([jpeg, boxes.length, picture], [frame, 1, { frame, capturedAt }])
    const frames = []
    for (let n = 1; n <= 5; n++) frames.push(await detect(log, 'cam-1', { ahead: n * 1000 }))
    await eventually(() => server.live.counts.dropped >= 3)
    assert.equal(seen.length, 2)
    socket.send(JSON.stringify({ type: 'ack', camera: 'cam-1', frame: seen[0]!.frame }))
    await eventually(() => seen.length === 3)
    assert.equal(seen[2]!.frame, frames.at(-1))
  })

  test('a client that never draws delays no other', async (t) => {
    const { origin, log } = await openApi(t)
    const [slow, quick] = [await openSocket(`${origin}/live`), await openSocket(`${origin}/live`)]
    defer(t, () => [slow.close(), quick.close()])
    const seen = pictures(quick)
    quick.on('message', () => quick.send(JSON.stringify({ type: 'ack', camera: 'cam-1', frame: seen.at(-1)!.frame })))
    for (const socket of [slow, quick]) socket.send(JSON.stringify({ type: 'watch', cameras: ['cam-1'] }))
    let n = 0
    await eventually(async () => {
      await detect(log, 'cam-1', { ahead: n++ * 1000 })
      await new Promise((resolve) => setTimeout(resolve, 10))
      return seen.length >= 10
    })
  })

  for (const message of ['nonsense', '{"type":"steal"}', '{"type":"watch","cameras":[1]}']) {
    test(`the message ${message} closes the socket with the reason`, async (t) => {
      const { origin } = await openApi(t)
      const socket = await openSocket(`${origin}/live`)
      socket.send(message)
      const code = await new Promise((resolve) => socket.once('close', resolve))
      assert.equal(code, 4400)
    })
  }

  test('of cameras that nobody watches are not even read', async (t) => {
    const { origin, log, server } = await openApi(t)
    const socket = await openSocket(`${origin}/live`)
    defer(t, () => socket.close())
    const seen = pictures(socket)
    socket.send(JSON.stringify({ type: 'watch', cameras: ['cam-1'] }))
    await eventually(async () => {
      await detect(log, 'cam-2')
      await detect(log, 'cam-1', { ahead: 1 })
      return seen.length === 2
    })
    assert.ok(seen.every(({ frame }) => frame.startsWith('cam-1')))
    socket.send(JSON.stringify({ type: 'watch', cameras: ['cam-3'] }))
    socket.send(JSON.stringify({ type: 'ack', camera: 'cam-1', frame: seen[0]!.frame }))
    await eventually(async () => {
      await detect(log, 'cam-1')
      await detect(log, 'cam-3')
      return seen.some(({ frame }) => frame.startsWith('cam-3'))
    })
    assert.equal(seen.filter(({ frame }) => frame.startsWith('cam-1')).length, 2)
    assert.equal(server.live.counts.clients, 1)
  })

  test('come no more often than a client asks for', async (t) => {
    const { origin, log } = await openApi(t)
    const socket = await openSocket(`${origin}/live`)
    defer(t, () => socket.close())
    const seen = pictures(socket)
    socket.on('message', () => socket.send(JSON.stringify({ type: 'ack', camera: 'cam-1', frame: seen.at(-1)!.frame })))
    socket.send(JSON.stringify({ type: 'watch', cameras: ['cam-1'], maxFps: 2 }))
    await eventually(async () => {
      if (seen.length === 0) await detect(log, 'cam-1')
      return seen.length > 0
    })
    // 10 a second for 2 s, as the cameras' clocks go.
    for (let n = 1; n <= 20; n++) {
      await detect(log, 'cam-1', { ahead: n * 100 })
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    const last = await detect(log, 'cam-1', { ahead: 60_000 })
    await eventually(() => seen.at(-1)?.frame === last)
    assert.ok(seen.length >= 5 && seen.length <= 7, `${seen.length} pictures`)
  })

  test('stop for a client whose socket is full, and go on with the newest once it has drained', async (t) => {
    const { origin, log, server } = await openApi(t)
    const socket = await openSocket(`${origin}/live`)
    defer(t, () => socket.close())
    const cameras = Array.from({ length: 30 }, (_, n) => `cam-${n}`)
    const seen = pictures(socket)
    socket.send(JSON.stringify({ type: 'watch', cameras }))
    await eventually(async () => {
      if (seen.length === 0) await detect(log, 'cam-0')
      return seen.length > 0
    })
    socket.pause()
    const jpeg = Buffer.alloc(512 * 1024, 'x')
    for (const camera of cameras) await detect(log, camera, { ahead: 1, jpeg })
    await eventually(() => server.live.counts.dropped > 0)
    const { sent } = server.live.counts
    assert.ok(sent < 30, `${sent} pictures were sent to a client that reads none`)
    socket.resume()
    await eventually(async () => {
      const frame = await detect(log, 'cam-29', { ahead: 1000 })
      await new Promise((resolve) => setTimeout(resolve, 20))
      return seen.some((picture) => picture.frame === frame)
    })
  })

  test('that the log no longer holds are left out, and the next one comes', async (t) => {
    const { origin, log, errors } = await openApi(t)
    const socket = await openSocket(`${origin}/live`)
    defer(t, () => socket.close())
    const seen = pictures(socket)
    socket.send(JSON.stringify({ type: 'watch', cameras: ['cam-1'] }))
    await eventually(async () => {
      await log.produce('events.detections', [detectedWithoutFrame()])
      await detect(log, 'cam-1')
      return seen.length > 0
    })
    assert.ok(seen.every(({ jpeg, frame }) => jpeg === frame))
    assert.deepEqual(errors, [])
  })

  test('have the video of the camera in focus beside them: from a key frame on, whole, with the times of its frames', async (t) => {
    const video = openVideo(t)
    const { origin, server } = await openApi(t, { video })
    const abort = new AbortController()
    const reading = Array.fromAsync(video.open(request(clip, { loop: true, camera: 'cam-1' }), abort.signal))
    defer(t, async () => {
      abort.abort()
      await reading
    })
    const socket = await openSocket(`${origin}/live`)
    defer(t, () => socket.close())
    const seen = packets(socket)
    socket.send(JSON.stringify({ type: 'focus', camera: 'cam-1' }))
    await eventually(() => seen.length >= 25, 15_000)
    socket.send(JSON.stringify({ type: 'focus', camera: null }))
    await eventually(async () => {
      const before = server.live.counts.packets
      await new Promise((resolve) => setTimeout(resolve, 200))
      return server.live.counts.packets === before
    })
    assert.deepEqual([seen[0]!.camera, seen[0]!.codec, seen[0]!.width], ['cam-1', 'avc1.42c00c', 320])
    assert.ok(seen.every(({ capturedAt }, i) => i === 0 || capturedAt > seen[i - 1]!.capturedAt))
    assert.equal((await decodePackets(seen)).pictures, seen.length)
  })

  test('are accompanied by the state of their cameras', async (t) => {
    const { origin, log } = await openApi(t)
    const socket = await openSocket(`${origin}/live`)
    defer(t, () => socket.close())
    const texts: unknown[] = []
    socket.on('message', (data, isBinary) => isBinary || texts.push(JSON.parse(String(data))))
    socket.send(JSON.stringify({ type: 'watch', cameras: ['cam-1'] }))
    await eventually(async () => {
      const offline = CameraOffline.of('cam-1', { reason: 'tls', detail: 'expired', retryAt: null })
      const origin = { source: '/t', id: `${Date.now()}`, time: new Date().toISOString() }
      await log.produce('events.cameras', [toRecord(completeEvent(offline, origin))])
      return texts.length > 0
    })
    assert.deepEqual(texts[0], { type: 'camera', camera: 'cam-1', state: 'offline', reason: 'tls', detail: 'expired' })
  })
})

/** A detection whose frame has left the log long ago. */
function detectedWithoutFrame(): WireRecord {
  const detected = FrameDetected.of('cam-1', {
    frameId: 'long-gone',
    capturedAt: 1,
    captureClock: 'arrival',
    width: 640,
    height: 360,
    model,
    boxes: [],
    frame: { partition: 0, offset: 1_000_000 },
    timings: { queueMs: 1, prepareMs: 1, inferMs: 1, decodeMs: 1 },
  })
  return toRecord(completeEvent(detected, { source: '/t', id: 'gone', time: new Date().toISOString() }))
}
