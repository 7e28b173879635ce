import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { MediaMtx } from '../platform/adapters/media-mediamtx.ts'
import { type Api, addCameras, openApi, TOKEN } from '../tests/support/api.ts'
import { HlsCamera } from '../tests/support/hls-camera.ts'
import { ask } from '../tests/support/sentinel.ts'

const BASIC = `Basic ${Buffer.from('sentinel:secret').toString('base64')}`

async function openStream(t: TestContext): Promise<{ api: Api; hls: HlsCamera }> {
  const hls = await HlsCamera.start(t, 'cam-0')
  hls.authorization = BASIC
  const media = new MediaMtx(`mediamtx://sentinel:secret@127.0.0.1:9/?ssl=false&hls=${hls.origin}`)
  return { api: await openApi(t, { media }), hls }
}

const get = ({ server }: Api, path: string, headers: Record<string, string> = { authorization: `Bearer ${TOKEN}` }) =>
  fetch(new URL(path, server.url), { headers })

/** Addresses in a playlist, beside it. */
const addressesIn = (playlist: string): string[] => [
  ...[...playlist.matchAll(/URI="([^"]+)"/g)].map(([, uri]) => uri!),
  ...playlist.split('\n').filter((line) => line && !line.startsWith('#')),
]

test('a stream is handed on from the media server, file by file, to whoever may see the pictures', async (t) => {
  const { api, hls } = await openStream(t)
  assert.equal((await get(api, '/stream/cam-0/index.m3u8', {})).status, 401)
  assert.equal(hls.heard.length, 0)
  const first = await get(api, '/stream/cam-0/index.m3u8')
  assert.deepEqual([first.status, first.headers.get('content-type')], [200, 'application/vnd.apple.mpegurl'])
  const [main] = addressesIn(await first.text())
  const playlist = await (await get(api, `/stream/cam-0/${main}`)).text()
  assert.match(playlist, /EXT-X-PROGRAM-DATE-TIME/)
  const files = addressesIn(playlist)
  const sizes = await Promise.all(
    files.map(async (file) => (await (await get(api, `/stream/cam-0/${file}`)).bytes()).length),
  )
  assert.ok(sizes.length > 10 && sizes.every((size) => size > 100), `${sizes}`)
})

test('the media server learns Sentinel’s own name, and nothing of whoever watches', async (t) => {
  const { api, hls } = await openStream(t)
  const cookie = `sentinel_token_${new URL(api.server.url).port}=${TOKEN}`
  const answer = await get(api, '/stream/cam-0/index.m3u8', { cookie, 'x-of': 'the page' })
  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('set-cookie'), null)
  for (const headers of hls.heard) {
    assert.equal(headers.authorization, BASIC)
    assert.deepEqual([headers.cookie, headers['x-of']], [undefined, undefined])
  }
})

test('a stream that is not there says what to do, and one of somebody else is not there', async (t) => {
  const { api, hls } = await openStream(t)
  const refusals: [string, number, RegExp][] = [
    ['/stream/cam-1/index.m3u8', 404, /its camera may be offline/],
    ['/stream/cam-0%2F..%2Fstudio/index.m3u8', 404, /no stream/],
    ['/stream/cam-0/index.html', 404, /no such file/],
    ['/stream/%ff/index.m3u8', 404, /no such file/],
  ]
  for (const [path, status, message] of refusals) {
    const answer = await get(api, path)
    assert.equal(answer.status, status, path)
    assert.match(await answer.text(), message)
  }
  hls.authorization = 'Basic of somebody else'
  const answer = await get(api, '/stream/cam-0/index.m3u8')
  assert.equal(answer.status, 502)
  assert.match(await answer.text(), /permissions "api" and "read"/)
})

test('a media server that is away is said to be', async (t) => {
  const away = await openApi(t, { media: new MediaMtx('mediamtx://127.0.0.1:9/?ssl=false&hls=http://127.0.0.1:9') })
  const answer = await get(away, '/stream/cam-0/index.m3u8')
  assert.equal(answer.status, 502)
  assert.match(await answer.text(), /does not answer at http:\/\/127.0.0.1:9/)
})

test('a camera tells where its stream is played from, where a media server takes it and offers it', async (t) => {
  const playback = '{ camera(id: "cam-0") { playback { hls } } }'
  const found = async (media?: MediaMtx): Promise<unknown> => {
    const api = await openApi(t, media && { media })
    await addCameras(api.database, 1)
    return (await ask<{ camera: { playback: unknown } }>(api.at, playback)).data?.camera.playback
  }
  assert.deepEqual(await found(new MediaMtx('mediamtx://media')), { hls: '/stream/cam-0/index.m3u8' })
  assert.equal(await found(new MediaMtx('mediamtx://media/?hls=off')), null)
  assert.equal(await found(), null)
})
