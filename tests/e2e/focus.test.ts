import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { MediaMtx } from '../../platform/adapters/media-mediamtx.ts'
import { type Api, addCameras } from '../support/api.ts'
import { prepareDashboard } from '../support/dashboard.ts'
import { defer } from '../support/defer.ts'
import { detect } from '../support/detections.ts'
import { HlsCamera } from '../support/hls-camera.ts'
import { eventually } from '../support/log.ts'
import { streets } from '../support/street.ts'
import { openVideo } from '../support/video.ts'
import { watchClip } from '../support/watched-clip.ts'

const dashboard = prepareDashboard()

const playsH264 = `VideoDecoder.isConfigSupported({ codec: 'avc1.42c00c' }).then(({ supported }) => supported)`

/** How far the left edge of the box is from that of the square, in shares of the picture; undefined without both. */
function offset(page: Page): Promise<number | undefined> {
  return page.evaluate(`(() => {
    const tile = document.querySelector('canvas')
    if (!tile || tile.width < 100) return undefined
    const { width, height } = tile
    const copy = new OffscreenCanvas(width, height).getContext('2d')
    copy.drawImage(tile, 0, 0)
    const scale = Math.min(width / 320, height / 180)
    const top = (height - 180 * scale) / 2
    const { data } = copy.getImageData(0, Math.round(top + 34 * scale), width, 1)
    const first = (test) => {
      for (let x = 0; x < width; x++) if (test(data[4 * x], data[4 * x + 1], data[4 * x + 2])) return x
      return undefined
    }
    const square = first((r, g, b) => r > 190 && g > 190 && b > 190)
    const box = first((r, g, b) => g > 180 && g - r > 60)
    return square === undefined || box === undefined ? undefined : (box - square) / (320 * scale)
  })()`)
}

/** Offsets of the box from the square, picture by picture; 1 where there is no box. */
async function offsetsOf(page: Page): Promise<number[]> {
  const offsets: number[] = []
  for (let n = 0; n < 40; n++, await sleep(40)) offsets.push((await offset(page)) ?? 1)
  return offsets
}

/** Tells where the square is in every fourth picture of the stream, as the detector would that reads the camera too. */
async function watchStream(t: TestContext, { log }: Api, hls: HlsCamera, camera: string): Promise<void> {
  const [jpeg] = await streets([60])
  const abort = new AbortController()
  const watching = (async () => {
    for await (const { n, capturedAt } of hls.pictures(4, abort.signal))
      await detect(log, camera, { jpeg: jpeg!, box: hls.squareIn(n), capturedAt })
  })()
  defer(t, async () => {
    abort.abort()
    await watching
  })
}

test('the focus view plays the camera at its full rate, each picture with the boxes of its own time', async (t) => {
  const video = openVideo(t)
  const api = await dashboard.openApi(t, { video })
  await addCameras(api.database, 1)
  await watchClip(t, api, video, 'cam-0')
  const page = await dashboard.open(t, api, '/live?focus=cam-0')
  if (!(await page.evaluate(playsH264)))
    return t.skip('this Chromium plays no H.264; the packets are tested in packets.test.ts')
  const words = page.locator('[data-paused]')
  await words.getByText(/skew 0 · H\.264, boxes \d+ ms old/).waitFor()
  // The video may be there before the first boxes.
  await eventually(async () => (await offset(page)) !== undefined, 20_000)
  const offsets = await offsetsOf(page)
  // Where the clip begins anew the square jumps, and its next box has to come first.
  const close = offsets.filter((each) => Math.abs(each) < 0.03)
  t.diagnostic(`offsets ${offsets.map((each) => each.toFixed(3))}`)
  assert.ok(close.length >= 28, `${close.length} of 40 boxes lay on the square`)
  const { fps, skewFrames } = await page.evaluate<{ fps: number; skewFrames: number }>(
    `window.__sentinel.live.perCamera['cam-0']`,
  )
  assert.ok(fps > 7, `${fps} pictures a second, and the detector sees 5`)
  assert.equal(skewFrames, 0)
  await page.keyboard.press('Space')
  await words.getByText('0 frames behind').waitFor()
  const { packets } = api.server.live.counts
  await sleep(300)
  assert.ok(api.server.live.counts.packets - packets <= 3, 'paused, it is sent no video')
  await page.keyboard.press('Space')
  await words.getByText(/H\.264/).waitFor()
  await page.keyboard.press('Escape')
  await eventually(async () => {
    const before = api.server.live.counts.packets
    await sleep(200)
    return api.server.live.counts.packets === before
  })
})

const playsStreams = `MediaSource.isTypeSupported('video/mp4; codecs="avc1.42c00c"')`

test('behind a media server the focus view plays the camera’s own stream, each picture with its boxes, and does without when it goes', async (t) => {
  const hls = await HlsCamera.start(t, 'cam-0')
  const api = await dashboard.openApi(t, { media: new MediaMtx(`mediamtx://127.0.0.1:9/?ssl=false&hls=${hls.origin}`) })
  await addCameras(api.database, 1)
  await watchStream(t, api, hls, 'cam-0')
  const page = await dashboard.open(t, api, '/live?focus=cam-0')
  if (!(await page.evaluate(playsStreams)))
    return t.skip(
      'this Chromium plays no H.264 from segments; which picture is which is tested in stream-clock.test.ts',
    )
  const words = page.locator('[data-paused]')
  await words.getByText(/skew 0 · LL-HLS, boxes \d+ ms old/).waitFor()
  await eventually(async () => (await offset(page)) !== undefined, 20_000)
  const offsets = await offsetsOf(page)
  t.diagnostic(`offsets ${offsets.map((each) => each.toFixed(3))}`)
  // Its left edge moves by 0.0125 from picture to picture: a box of the picture before or after would be seen.
  const usual = offsets.toSorted((a, b) => a - b)[20]!
  const close = offsets.filter((each) => Math.abs(each - usual) < 0.006)
  assert.ok(close.length >= 28, `${close.length} of 40 boxes lay on the square of their own picture`)
  const { fps, p50, skewFrames } = await page.evaluate<{ fps: number; p50: number; skewFrames: number }>(
    `window.__sentinel.live.perCamera['cam-0']`,
  )
  t.diagnostic(`${fps.toFixed(1)} pictures a second, ${p50.toFixed()} ms after they were captured`)
  assert.ok(fps > 7, `${fps} pictures a second, and the detector sees 5`)
  assert.equal(skewFrames, 0)
  assert.equal(api.server.live.counts.packets, 0)
  await page.keyboard.press('Space')
  await words.getByText('0 frames behind').waitFor()
  const asked = hls.heard.length
  await sleep(600)
  assert.ok(hls.heard.length <= asked + 1, 'paused, it asks for no stream')
  await page.keyboard.press('Space')
  await words.getByText(/LL-HLS/).waitFor()
  hls.isGone = true
  await page.getByRole('status').getByText('The media server has no stream of this camera now').waitFor()
  await words.getByText(/^\d\.\d fps · \d+ ms · skew 0$/).waitFor()
})
