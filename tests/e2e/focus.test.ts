import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { addCameras } from '../support/api.ts'
import { prepareDashboard } from '../support/dashboard.ts'
import { eventually } from '../support/log.ts'
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
  const offsets: number[] = []
  for (let n = 0; n < 40; n++, await sleep(40)) offsets.push((await offset(page)) ?? 1)
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
