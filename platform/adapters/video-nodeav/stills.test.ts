import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { clip, openVideo, reasonOf, serve, someFrames, stills } from '../../../tests/support/video.ts'
import { framesOf, listen, request } from '../../ports/video.contract.ts'

describe('pictures over HTTP', () => {
  test('a still that changes gives a frame for each change, and the same again gives none', async (t) => {
    const pictures = await stills(t)
    let shown = 0
    let asked = 0
    const url = await serve(t, (incoming, response) => {
      asked++
      const etag = `"${shown}"`
      if (incoming.headers['if-none-match'] === etag) return response.writeHead(304).end()
      response.writeHead(200, { 'content-type': 'image/jpeg', etag }).end(pictures[shown])
    })
    const change = setInterval(() => shown++, 700)
    t.after(() => clearInterval(change))
    const events = await listen(openVideo(t), request(url, { fps: 10 }), 2600)
    const frames = framesOf(events)
    assert.ok(frames.length >= 3 && frames.length <= 4, `${frames.length} frames for ${shown + 1} pictures`)
    assert.ok(asked > frames.length)
    assert.equal(frames[0]!.captureClock, 'arrival')
  })

  test('MJPEG is read whatever its lengths say, at the wanted rate', async (t) => {
    const pictures = await stills(t)
    const url = await serve(t, (_, response) => {
      response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=frame' })
      let n = 0
      const timer = setInterval(() => {
        const jpeg = pictures[n++ % pictures.length]!
        response.write(`--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${n % 2 ? 5 : 5_000_000}\r\n\r\n`)
        response.write(jpeg.subarray(0, 100))
        response.write(Buffer.concat([jpeg.subarray(100), Buffer.from('\r\n')]))
      }, 40)
      response.on('close', () => clearInterval(timer))
    })
    const frames = framesOf(await listen(openVideo(t), request(url, { fps: 8 }), 3000))
    assert.ok(frames.length >= 14 && frames.length <= 26, `${frames.length} frames in about 2.5 s`)
  })

  test('a picture is known by its content where the server does not know its type', async (t) => {
    const [picture] = await stills(t)
    const url = await serve(t, (_, response) =>
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(picture),
    )
    await someFrames(openVideo(t), request(url), 1)
  })

  test('a picture that is broken is passed over, a new size is told, and the end of the stream is no end of the camera', async (t) => {
    const [first, second] = await stills(t)
    const small = framesOf(await listen(openVideo(t), request(clip, { maxWidth: 160 }), 4000))[0]!
    const parts = [first, Buffer.from('broken'), second, Buffer.from(await small.image.jpeg())]
    const url = await serve(t, async (_, response) => {
      response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=frame' })
      for (const part of parts) {
        response.write(Buffer.concat([Buffer.from('--frame\r\n\r\n'), part!, Buffer.from('\r\n')]))
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      response.end('--frame--\r\n')
    })
    const events = await listen(openVideo(t), request(url), 8000)
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ['opened', 'frame', 'frame', 'opened', 'frame', 'closed'],
    )
    assert.equal(reasonOf(events), 'unreachable')
  })

  test('a JPEG bomb is refused before it is decoded', async (t) => {
    const [picture] = await stills(t)
    const frame = picture!.indexOf(Buffer.from([0xff, 0xc0]))
    picture!.writeUInt16BE(65_000, frame + 5)
    picture!.writeUInt16BE(65_000, frame + 7)
    const url = await serve(t, (_, response) => response.writeHead(200, { 'content-type': 'image/jpeg' }).end(picture))
    const events = await listen(openVideo(t), request(url), 8000)
    assert.equal(reasonOf(events), 'not-video')
    assert.match(JSON.stringify(events), /megapixels/)
  })
})
