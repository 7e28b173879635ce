import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, type TestContext, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { makeClip } from '../../../tests/support/clips.ts'
import { defer } from '../../../tests/support/defer.ts'
import { eventually } from '../../../tests/support/log.ts'
import { rtspServer } from '../../../tests/support/rtsp.ts'
import { framesOf, listen, request, videoContract } from '../../ports/video.contract.ts'
import type { StreamEvent, StreamRequest } from '../../ports/video.ts'
import { NodeAvVideo } from './video.ts'

const folder = await mkdtemp(join(tmpdir(), 'sentinel-video-'))
after(() => rm(folder, { recursive: true }))
const clipPath = join(folder, 'clip.mp4')
makeClip({ path: clipPath, width: 320, height: 180, fps: 20, seconds: 2 })
const clip = pathToFileURL(clipPath).href
const nonsensePath = join(folder, 'nonsense.mp4')
await writeFile(nonsensePath, 'this is no video at all'.repeat(100))

function openVideo(t: TestContext, networks: string[] = []): NodeAvVideo {
  const video = new NodeAvVideo({ networks })
  defer(t, () => video.close())
  return video
}

videoContract('node-av', async (t) => ({ video: openVideo(t), clip, nonsense: pathToFileURL(nonsensePath).href }))

async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  defer(t, () => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`
}

const reasonOf = (events: readonly StreamEvent[]): unknown => {
  const last = events.at(-1)
  return last?.kind === 'closed' ? last.reason : last?.kind
}

/** Listens until there are some; slow only where the machine is. */
async function someFrames(video: NodeAvVideo, wanted: StreamRequest, most = 10): Promise<void> {
  let count = 0
  for await (const { kind } of video.open(wanted, AbortSignal.timeout(10_000)))
    if (kind === 'frame' && ++count === most) return
  assert.fail(`only ${count} frames`)
}

/** Some JPEGs, each another picture. */
async function stills(t: TestContext): Promise<Buffer[]> {
  const frames = framesOf(await listen(openVideo(t), request(clip), 5000))
  return Promise.all(frames.slice(0, 6).map(async ({ image }) => Buffer.from(await image.jpeg())))
}

describe('files', () => {
  test('that are empty, cut off or not there say so', async (t) => {
    const video = openVideo(t)
    const whole = await readFile(clipPath)
    const put = async (name: string, bytes: Buffer): Promise<string> => {
      await writeFile(join(folder, name), bytes)
      return pathToFileURL(join(folder, name)).href
    }
    assert.equal(reasonOf(await listen(video, request(await put('empty.mp4', Buffer.alloc(0))), 5000)), 'not-video')
    assert.equal(
      reasonOf(await listen(video, request(await put('cut.mp4', whole.subarray(0, whole.length / 3))), 5000)),
      'not-video',
    )
    assert.equal(
      reasonOf(await listen(video, request(pathToFileURL(join(folder, 'none.mp4')).href), 5000)),
      'not-found',
    )
    assert.equal(reasonOf(await listen(video, request(pathToFileURL(folder).href), 5000)), 'not-video')
  })
})

describe('a stream that changes its size', () => {
  test('goes on and tells the new one', async (t) => {
    const sizes = [
      [320, 180],
      [200, 120],
    ] as const
    const parts = sizes.map(([width, height]) => {
      const path = join(folder, `${width}.ts`)
      makeClip({ path, width, height, fps: 20, seconds: 1 })
      return readFile(path)
    })
    await writeFile(join(folder, 'both.ts'), Buffer.concat(await Promise.all(parts)))
    const events = await listen(openVideo(t), request(pathToFileURL(join(folder, 'both.ts')).href), 8000)
    const told = events.flatMap((event) => (event.kind === 'opened' ? [[event.width, event.height]] : []))
    assert.deepEqual(told, sizes)
    const shown = new Set(framesOf(events).map(({ image }) => image.width))
    assert.deepEqual([...shown], [320, 200])
  })
})

describe('HTTP sources', () => {
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

  const answers: [string, RequestListener, string][] = [
    ['404', (_, response) => response.writeHead(404).end(), 'not-found'],
    ['401', (_, response) => response.writeHead(401).end(), 'unauthorized'],
    ['500', (_, response) => response.writeHead(500).end(), 'unreachable'],
    ['a web page', (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>hi'), 'not-video'],
    [
      'a picture that is none',
      (_, response) => response.writeHead(200, { 'content-type': 'image/jpeg' }).end('GIF89a'),
      'not-video',
    ],
    ['endless redirects', (_, response) => response.writeHead(302, { location: '/again' }).end(), 'unreachable'],
    [
      'a redirect to a file',
      (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
      'refused',
    ],
    [
      'a redirect to cloud metadata',
      (_, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
      'refused',
    ],
    [
      'endless headers',
      ({ socket }) => {
        socket.on('error', () => {})
        socket.write(`HTTP/1.1 200 OK\r\n${'x-more: and more\r\n'.repeat(10_000)}`)
      },
      'not-video',
    ],
    [
      'an empty playlist',
      (_, response) => response.writeHead(200, { 'content-type': 'application/vnd.apple.mpegurl' }).end('#EXTM3U\n'),
      'not-video',
    ],
  ]
  for (const [name, listener, reason] of answers) {
    test(`${name}: ${reason}`, async (t) => {
      const url = await serve(t, listener)
      const events = await listen(openVideo(t), request(url.replace('//', '//admin:hunter2@')), 8000)
      assert.equal(reasonOf(events), reason)
      assert.ok(!JSON.stringify(events).includes('hunter2'))
    })
  }

  test('a video file is played over HTTP, also where its index stands at its end', async (t) => {
    const bytes = await readFile(clipPath)
    const url = await serve(t, (incoming, response) => {
      const from = Number(/bytes=(\d+)-/.exec(incoming.headers.range ?? '')?.[1] ?? 0)
      const headers = { 'accept-ranges': 'bytes', 'content-length': bytes.length - from }
      response.writeHead(incoming.headers.range ? 206 : 200, headers).end(bytes.subarray(from))
    })
    const events = await listen(openVideo(t), request(url), 8000)
    assert.ok(framesOf(events).length >= 38, `${framesOf(events).length} frames`)
    assert.equal(reasonOf(events), 'ended')
  })

  test('a picture is known by its content where the server does not know its type', async (t) => {
    const [picture] = await stills(t)
    const url = await serve(t, (_, response) =>
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(picture),
    )
    await someFrames(openVideo(t), request(url), 1)
  })

  test('nothing that is read leads to addresses or files that were not checked', async (t) => {
    let visits = 0
    const inside = await serve(t, (_, response) => {
      visits++
      response.end()
    })
    const bait = [
      `ffconcat version 1.0\nfile ${inside}/a.ts\n`,
      `v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\na=rtpmap:96 H264/90000\n`,
      `#EXTM3U\n#EXTINF:1,\n${inside}/a.ts\n`,
    ]
    const video = openVideo(t)
    for (const [n, text] of bait.entries()) {
      await writeFile(join(folder, `bait${n}`), text)
      const events = await listen(video, request(pathToFileURL(join(folder, `bait${n}`)).href), 8000)
      assert.equal(reasonOf(events), 'not-video')
    }
    const url = await serve(t, (_, response) => response.end(bait[0]))
    assert.equal(reasonOf(await listen(video, request(url), 8000)), 'not-video')
    assert.equal(visits, 0)
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

  const noOpenssl = spawnSync('openssl', ['version']).status === 0 ? false : 'needs openssl to make a certificate'
  test('a certificate that nobody trusts is a TLS failure', { skip: noOpenssl }, async (t) => {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    const subject = ['-subj', '/CN=127.0.0.1', '-days', '1', '-nodes']
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-keyout', key, '-out', cert, ...subject], {
      stdio: 'ignore',
    })
    const server = createTlsServer({ key: await readFile(key), cert: await readFile(cert) }, (_, response) =>
      response.end(),
    )
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    defer(t, () => server.close())
    const url = `https://127.0.0.1:${(server.address() as { port: number }).port}/`
    assert.equal(reasonOf(await listen(openVideo(t), request(url), 8000)), 'tls')
  })

  test('a server that does not speak TLS is a TLS failure', async (t) => {
    const url = await serve(t, (_, response) => response.end())
    assert.equal(reasonOf(await listen(openVideo(t), request(url.replace('http:', 'https:')), 8000)), 'tls')
  })

  test('a server that accepts and then says nothing runs into the time limit', async (t) => {
    const server = createTcpServer(() => {})
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    defer(t, () => server.close())
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/`
    assert.equal(reasonOf(await listen(openVideo(t), request(url), 15_000)), 'timeout')
  })

  test('an address outside the networks that are allowed is refused', async (t) => {
    const url = await serve(t, (_, response) => response.end())
    assert.equal(reasonOf(await listen(openVideo(t, ['10.0.0.0/8']), request(url), 5000)), 'refused')
    assert.equal(reasonOf(await listen(openVideo(t, ['10.0.0.0/8']), request('rtsp://127.0.0.1:1/x'), 5000)), 'refused')
  })
})

describe('HLS', () => {
  test('is played at its pace with the time of day that its playlist says', async (t) => {
    const home = join(folder, 'hls')
    await rm(home, { recursive: true, force: true })
    await mkdir(home)
    const muxer = {
      hls_time: '1',
      hls_list_size: '0',
      hls_flags: 'program_date_time',
      hls_segment_filename: join(home, 's%d.ts'),
    }
    makeClip({ path: join(home, 'live.m3u8'), width: 320, height: 180, fps: 20, seconds: 4, muxer, format: 'hls' })
    const text = await readFile(join(home, 'live.m3u8'), 'utf8')
    assert.match(text, /EXT-X-PROGRAM-DATE-TIME/)
    const url = await serve(t, async (incoming, response) => {
      const path = join(home, incoming.url!.slice(1))
      if (!existsSync(path)) return response.writeHead(404).end()
      response
        .writeHead(200, { 'content-type': path.endsWith('m3u8') ? 'application/vnd.apple.mpegurl' : 'video/mp2t' })
        .end(await readFile(path))
    })
    const started = performance.now()
    const events = await listen(openVideo(t), request(`${url}/live.m3u8`), 12_000)
    const frames = framesOf(events)
    assert.ok(frames.length >= 74 && frames.length <= 80, `${frames.length} frames`)
    assert.ok(frames.every(({ captureClock }) => captureClock === 'program-date-time'))
    const span = (frames.at(-1)!.capturedAt - frames[0]!.capturedAt) / 1e6
    assert.ok(span > 3.6 && span < 4.2, `${span} s by the playlist's clock`)
    assert.ok(performance.now() - started > 3500, 'it was rushed')
    assert.equal(reasonOf(events), 'ended')
  })
})

describe('one camera and another', () => {
  test('a process that is killed brings its cameras down as crashed, and a new one is there for the next attempt', async (t) => {
    const video = openVideo(t)
    const events: StreamEvent[] = []
    const reading = (async () => {
      for await (const event of video.open(request(clip, { loop: true }), AbortSignal.timeout(8000))) events.push(event)
    })()
    await eventually(() => framesOf(events).length > 2)
    process.kill(video.processIds[0]!, 'SIGKILL')
    await reading
    assert.equal(reasonOf(events), 'crashed')
    await someFrames(video, request(clip, { loop: true }))
  })

  test('a process that dies does not slow the cameras of another, and one that reads nothing ends', async (t) => {
    const video = openVideo(t)
    const read = (ms: number) => listen(video, request(clip, { fps: 10, loop: true }), ms)
    const four = Array.from({ length: 4 }, () => read(4000))
    const fifth = read(4000)
    await eventually(() => video.processIds.length === 2)
    const [first, second] = video.processIds
    setTimeout(() => process.kill(first!, 'SIGKILL'), 2000)
    const crashed = await Promise.all(four)
    const died = Date.now()
    assert.deepEqual(new Set(crashed.map(reasonOf)), new Set(['crashed']))
    const frames = framesOf(await fifth)
    const gaps = frames.slice(1).map(({ capturedAt }, i) => (capturedAt - frames[i]!.capturedAt) / 1000)
    const later = frames.filter(({ capturedAt }) => capturedAt / 1000 > died)
    assert.ok(later.length >= 12 && Math.max(...gaps) < 400, `${later.length} frames, gaps ${Math.max(...gaps)} ms`)
    await read(1500)
    await eventually(() => video.processIds.length === 1)
    assert.deepEqual(video.processIds, [second])
  })

  test('sources that hang and send garbage do not slow a good one', async (t) => {
    const silent = createTcpServer(() => {})
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    defer(t, () => silent.close())
    const { port } = silent.address() as { port: number }
    const video = openVideo(t)
    const bad = [`rtsp://127.0.0.1:${port}/x`, `http://127.0.0.1:${port}/`, pathToFileURL(nonsensePath).href]
    const others = bad.map((url) => listen(video, request(url), 3500))
    const frames = framesOf(await listen(video, request(clip, { fps: 10, loop: true }), 3500))
    const span = (frames.at(-1)!.capturedAt - frames[0]!.capturedAt) / 1e6
    assert.ok(span > 1.5 && (frames.length - 1) / span > 8.5, `${frames.length} frames in ${span} s`)
    await Promise.all(others)
  })
})

describe('RTSP', { skip: rtspServer.skip }, () => {
  test('from a real server gives frames by the camera’s clock, and comes back when the server does', async (t) => {
    const first = await rtspServer.start(clipPath)
    defer(t, () => first.stop())
    const video = openVideo(t)
    const frames = framesOf(await listen(video, request(first.url, { fps: 10 }), 5000))
    assert.ok(frames.length >= 20, `${frames.length} frames`)
    t.diagnostic(`clock ${frames.at(-1)!.captureClock}`)
    const times = frames.map(({ capturedAt }) => capturedAt)
    assert.ok(times.every((time, i) => i === 0 || time > times[i - 1]!))
    const events: StreamEvent[] = []
    const reading = (async () => {
      for await (const event of video.open(request(first.url, { fps: 10 }), AbortSignal.timeout(20_000)))
        events.push(event)
    })()
    await eventually(() => framesOf(events).length > 5, 10_000)
    await first.stop()
    await reading
    assert.ok(
      ['ended', 'unreachable', 'timeout', 'not-video'].includes(String(reasonOf(events))),
      String(reasonOf(events)),
    )
    assert.equal(reasonOf(await listen(video, request(first.url), 8000)), 'unreachable')
    const again = await rtspServer.start(clipPath, first.port)
    defer(t, () => again.stop())
    assert.ok(framesOf(await listen(video, request(again.url, { fps: 10 }), 5000)).length >= 20)
  })

  test('a mount that is not there is not found', async (t) => {
    const server = await rtspServer.start(clipPath)
    defer(t, () => server.stop())
    assert.equal(reasonOf(await listen(openVideo(t), request(server.url.replace('/cam', '/none')), 8000)), 'not-found')
  })
})
