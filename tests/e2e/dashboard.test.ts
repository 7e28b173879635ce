import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { addCameras } from '../support/api.ts'
import { prepareDashboard } from '../support/dashboard.ts'
import { drive } from '../support/drive.ts'
import { eventually } from '../support/log.ts'

const dashboard = prepareDashboard()

/** Where the white square and the left edge of the box of a car are in the tile, in shares of its width. */
function squareAndBox(page: Page): Promise<{ square: number; box: number } | undefined> {
  return page.evaluate(`(() => {
    const tile = document.querySelector('canvas')
    if (!tile) return undefined
    const { width, height } = tile
    if (width < 100) return undefined
    const copy = new OffscreenCanvas(width, height).getContext('2d')
    copy.drawImage(tile, 0, 0)
    // A row through the lower part of the square, far from its label.
    const { data } = copy.getImageData(0, Math.round(height * 0.5), width, 1)
    const first = (test) => {
      for (let x = 0; x < width; x++) if (test(data[4 * x], data[4 * x + 1], data[4 * x + 2])) return x / width
      return undefined
    }
    const square = first((r, g, b) => r > 215 && g > 215 && b > 215)
    const box = first((r, g, b) => g > 180 && g - r > 60)
    return square === undefined || box === undefined ? undefined : { square, box }
  })()`)
}

test('every picture carries the boxes of that very picture, however fast things move', async (t) => {
  const api = await dashboard.openApi(t)
  await addCameras(api.database, 1)
  await drive(t, api, ['cam-0'])
  const page = await dashboard.open(t, api, '/live')
  await eventually(async () => (await squareAndBox(page)) !== undefined, 20_000)
  const places = new Set<number>()
  for (let n = 0; n < 60; n++) {
    const seen = await squareAndBox(page)
    assert.ok(seen, 'a picture without its box')
    assert.ok(Math.abs(seen.square - seen.box) < 0.015, `the square is at ${seen.square}, its box at ${seen.box}`)
    places.add(Math.round(seen.square * 20))
    await sleep(30)
  }
  assert.ok(places.size >= 4, `saw ${places.size} places`)
})
