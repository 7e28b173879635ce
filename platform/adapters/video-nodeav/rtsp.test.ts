import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { defer } from '../../../tests/support/defer.ts'
import { eventually } from '../../../tests/support/log.ts'
import { type RtspOptions, type RtspServer, rtspServer } from '../../../tests/support/rtsp.ts'
import {
  clipPath,
  folder,
  makeCertificate,
  noOpenssl,
  openVideo,
  reasonOf,
  serveTcp,
  someFrames,
} from '../../../tests/support/video.ts'
import { framesOf, listen, request } from '../../ports/video.contract.ts'
import type { StreamEvent } from '../../ports/video.ts'

async function startCamera(t: TestContext, options: RtspOptions = {}): Promise<RtspServer> {
  const server = await rtspServer.start(clipPath, options)
  defer(t, () => server.stop())
  return server
}

const withAccount = (url: string, account: string): string => url.replace('//', `//${account}@`)

describe('RTSP', { skip: rtspServer.skip }, () => {
  test('a camera gives frames at the wanted rate, and comes back when its server does', async (t) => {
    const camera = await startCamera(t)
    const video = openVideo(t)
    const frames = await someFrames(video, request(camera.url, { fps: 10 }), 25)
    const times = frames.map(({ capturedAt }) => capturedAt)
    assert.ok(times.every((time, i) => i === 0 || time > times[i - 1]!))
    const each = (times.at(-1)! - times[0]!) / 1000 / (times.length - 1)
    assert.ok(each > 80 && each < 130, `one each ${each} ms`)
    const events: StreamEvent[] = []
    const reading = (async () => {
      for await (const event of video.open(request(camera.url, { fps: 10 }), AbortSignal.timeout(20_000)))
        events.push(event)
    })()
    await eventually(() => framesOf(events).length > 5, 15_000)
    // The server's sender reports tell the time of its own clock, which is this machine's.
    await eventually(() => framesOf(events).some(({ captureClock }) => captureClock === 'rtcp'), 15_000)
    await camera.stop()
    await reading
    assert.ok(['unreachable', 'timeout'].includes(String(reasonOf(events))), String(reasonOf(events)))
    assert.equal(reasonOf(await listen(video, request(camera.url), 8000)), 'unreachable')
    await startCamera(t, { port: camera.port })
    await someFrames(video, request(camera.url, { fps: 10 }))
  })

  test('a mount that is not there is not found', async (t) => {
    const { url } = await startCamera(t)
    assert.equal(reasonOf(await listen(openVideo(t), request(url.replace('/cam', '/none')), 8000)), 'not-found')
  })

  for (const method of ['digest', 'basic']) {
    test(`a camera that asks for ${method} authentication is shown to who has the account, and to nobody else`, async (t) => {
      const { url } = await startCamera(t, { [method]: 'admin:p@ss word' })
      const video = openVideo(t)
      await someFrames(video, request(withAccount(url, 'admin:p%40ss%20word')))
      for (const wrong of [url, withAccount(url, 'admin:hunter2')]) {
        const events = await listen(video, request(wrong), 8000)
        assert.equal(reasonOf(events), 'unauthorized')
        assert.ok(!JSON.stringify(events).includes('hunter2'))
      }
    })
  }

  test('RTSPS is read where the certificate is trusted, and a TLS failure where it is not', {
    skip: noOpenssl,
  }, async (t) => {
    const [trusted, other] = ['trusted', 'other'].map(makeCertificate)
    const pem = async (name: string, { key, cert }: { key: string; cert: string }): Promise<string> => {
      await writeFile(join(folder, name), Buffer.concat([await readFile(cert), await readFile(key)]))
      return join(folder, name)
    }
    // The processes that read cameras take it over when they start.
    process.env.NODE_EXTRA_CA_CERTS = trusted!.cert
    t.after(() => delete process.env.NODE_EXTRA_CA_CERTS)
    const video = openVideo(t)
    const camera = await startCamera(t, { certificate: await pem('a.pem', trusted!), digest: 'admin:hunter2' })
    assert.match(camera.url, /^rtsps:/)
    await someFrames(video, request(withAccount(camera.url, 'admin:hunter2')))
    const stranger = await startCamera(t, { certificate: await pem('b.pem', other!) })
    assert.equal(reasonOf(await listen(video, request(stranger.url), 8000)), 'tls')
  })
})

/** Answers each request by its first line; what it was sent is kept. */
async function scripted(t: TestContext, answer: (request: string) => string) {
  const heard: string[] = []
  const port = await serveTcp(t, (socket: Socket) =>
    socket.on('data', (data) => {
      const text = String(data)
      heard.push(text)
      const sequence = /CSeq: (\d+)/i.exec(text)?.[1]
      socket.write(`${answer(text)}\r\nCSeq: ${sequence}\r\n\r\n`)
    }),
  )
  return { url: `rtsp://127.0.0.1:${port}/cam`, heard }
}

const redirectTo = (url: string) => () => `RTSP/1.0 302 Moved\r\nLocation: ${url}`

describe('an RTSP server that redirects', () => {
  test('leads to the camera, wherever that may be', { skip: rtspServer.skip }, async (t) => {
    const { url } = await startCamera(t)
    await someFrames(openVideo(t), request((await scripted(t, redirectTo(url))).url))
  })

  test('leads nowhere that cameras may not be: nothing is even connected to', async (t) => {
    let visits = 0
    const port = await serveTcp(t, () => visits++)
    const [here, elsewhere] = ['127.0.0.1/32', '127.0.0.2/32'].map((network) => openVideo(t, [network]))
    const places = ['http://127.0.0.1/', 'file:///etc/passwd', 'rtsp://169.254.169.254/', 'rtsps://[fd00:ec2::254]/']
    for (const place of places) {
      const { url } = await scripted(t, redirectTo(place))
      assert.equal(reasonOf(await listen(openVideo(t), request(url), 8000)), 'refused', place)
    }
    const { url } = await scripted(t, redirectTo(`rtsp://127.0.0.2:${port}/`))
    assert.equal(reasonOf(await listen(here!, request(url), 8000)), 'refused')
    for (const host of ['127.0.0.1', 'localhost'])
      assert.equal(reasonOf(await listen(elsewhere!, request(`rtsp://${host}:${port}/`), 8000)), 'refused')
    assert.equal(visits, 0)
  })

  test('in a circle is given up', async (t) => {
    const { url, heard } = await scripted(t, (text) => redirectTo(/rtsp:\S+/.exec(text)![0])())
    assert.equal(reasonOf(await listen(openVideo(t), request(url), 8000)), 'unreachable')
    assert.equal(heard.length, 6)
  })

  test('gives the account to no other host', async (t) => {
    const other = await scripted(t, () => 'RTSP/1.0 401 No\r\nWWW-Authenticate: Basic realm="trap"')
    const { url } = await scripted(t, redirectTo(other.url))
    const events = await listen(openVideo(t), request(withAccount(url, 'admin:hunter2')), 8000)
    assert.equal(reasonOf(events), 'unauthorized')
    assert.ok(other.heard.length > 0)
    assert.ok(other.heard.every((text) => !/authorization/i.test(text)))
  })
})

test('a server that speaks HTTP where RTSP is wanted is told as that', async (t) => {
  const { url } = await scripted(t, () => 'HTTP/1.1 400 Bad Request')
  const events = await listen(openVideo(t), request(url), 8000)
  assert.equal(reasonOf(events), 'not-video')
  assert.match(JSON.stringify(events), /does not speak RTSP/)
})
