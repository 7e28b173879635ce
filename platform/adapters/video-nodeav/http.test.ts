import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import {
  clipPath,
  folder,
  listening,
  makeCertificate,
  noOpenssl,
  openVideo,
  reasonOf,
  serve,
  serveTcp,
} from '../../../tests/support/video.ts'
import { framesOf, listen, request } from '../../ports/video.contract.ts'

describe('HTTP sources', () => {
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

  test('a certificate that nobody trusts is a TLS failure', { skip: noOpenssl }, async (t) => {
    const { key, cert } = makeCertificate('untrusted')
    const server = createTlsServer({ key: await readFile(key), cert: await readFile(cert) }, (_, response) =>
      response.end(),
    )
    const url = `https://127.0.0.1:${await listening(t, server)}/`
    assert.equal(reasonOf(await listen(openVideo(t), request(url), 8000)), 'tls')
  })

  test('a server that does not speak TLS is a TLS failure', async (t) => {
    const url = await serve(t, (_, response) => response.end())
    assert.equal(reasonOf(await listen(openVideo(t), request(url.replace('http:', 'https:')), 8000)), 'tls')
  })

  test('a server that accepts and then says nothing runs into the time limit', async (t) => {
    const url = `http://127.0.0.1:${await serveTcp(t)}/`
    assert.equal(reasonOf(await listen(openVideo(t), request(url), 15_000)), 'timeout')
  })

  test('an address outside the networks that are allowed is refused', async (t) => {
    const url = await serve(t, (_, response) => response.end())
    assert.equal(reasonOf(await listen(openVideo(t, ['10.0.0.0/8']), request(url), 5000)), 'refused')
    assert.equal(reasonOf(await listen(openVideo(t, ['10.0.0.0/8']), request('rtsp://127.0.0.1:1/x'), 5000)), 'refused')
  })
})
