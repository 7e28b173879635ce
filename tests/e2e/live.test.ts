import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { addCameras } from '../support/api.ts'
import { accessibilityProblems, prepareDashboard } from '../support/dashboard.ts'
import { drive } from '../support/drive.ts'
import { eventually } from '../support/log.ts'

const dashboard = prepareDashboard()

type Context = Parameters<typeof dashboard.open>[0]

async function openLive(t: Context, cameras: number, path = '/live', options = {}) {
  const api = await dashboard.openApi(t)
  await addCameras(api.database, cameras)
  await drive(t, api, ['cam-0', 'cam-1'])
  const page = await dashboard.open(t, api, path, options)
  return { api, page }
}

function order(page: Page): Promise<string[]> {
  return page.evaluate("[...document.querySelectorAll('[data-camera]')].map((tile) => tile.dataset.camera)")
}

const measured = /\d fps · -?\d+ ms · skew 0/

test('tiles tell their rate, latency and skew, and a layout shows so many, page by page', async (t) => {
  const { page } = await openLive(t, 11, '/live', { reducedMotion: 'reduce' })
  await page.locator('[data-camera="cam-0"]').getByText(measured).waitFor()
  assert.deepEqual(await accessibilityProblems(page), [])
  assert.equal((await order(page)).length, 11)
  await page.keyboard.press('2')
  await eventually(async () => (await order(page)).length === 4)
  await page.getByRole('button', { name: 'Next page' }).click()
  await eventually(async () => (await order(page))[0] === 'cam-4')
  await page.reload()
  await eventually(async () => (await order(page)).length === 4)
  await page.keyboard.press('m')
  await page.getByText(measured).first().waitFor({ state: 'detached' })
})

test('a tile goes where it is dropped, or moved by keys, and stays there', async (t) => {
  const { page } = await openLive(t, 3)
  await eventually(async () => (await order(page)).length === 3)
  await page.locator('[data-camera="cam-0"] a').dragTo(page.locator('[data-camera="cam-2"]'))
  await eventually(async () => String(await order(page)) === 'cam-1,cam-2,cam-0')
  await page.locator('[data-camera="cam-2"] a').focus()
  await page.keyboard.press('Shift+ArrowLeft')
  await eventually(async () => String(await order(page)) === 'cam-2,cam-1,cam-0')
  await page.reload()
  await eventually(async () => String(await order(page)) === 'cam-2,cam-1,cam-0')
})

test('the focus view has an address, pauses, steps back and forth, and saves what it shows', async (t) => {
  const { page } = await openLive(t, 3, '/live?focus=cam-1', { reducedMotion: 'reduce' })
  const words = page.locator('[data-paused]')
  await words.getByText(measured).waitFor()
  await page.waitForTimeout(1000)
  await page.keyboard.press('Space')
  await words.getByText('1 boxes · 0 frames behind').waitFor()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await words.getByText('2 frames behind').waitFor()
  await page.keyboard.press('ArrowRight')
  await words.getByText('1 frames behind').waitFor()
  assert.deepEqual(await accessibilityProblems(page), [])
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('s')])
  assert.match(download.suggestedFilename(), /^cam-1-\d+-boxes\.png$/)
  const [bare] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Shift+S')])
  assert.match(bare.suggestedFilename(), /^cam-1-\d+\.jpg$/)
  await page.getByRole('button', { name: 'Go on' }).click()
  await words.getByText(measured).waitFor()
  await page.keyboard.press('n')
  await page.waitForURL(({ search }) => search === '?focus=cam-2')
  await page.keyboard.press('Escape')
  await eventually(async () => (await order(page)).length === 3)
})

test('the wall is the pictures alone, until Escape', async (t) => {
  const { page } = await openLive(t, 4)
  await page.locator('[data-camera="cam-0"]').getByText(measured).waitFor()
  await page.keyboard.press('w')
  await page.getByRole('navigation', { name: 'Main' }).first().waitFor({ state: 'hidden' })
  await page.getByRole('heading', { name: 'Live' }).waitFor({ state: 'detached' })
  await page.locator('[data-camera="cam-0"]').getByText(measured).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('heading', { name: 'Live' }).waitFor()
})

test('a server that went away is told on the tiles, and the pictures come back by themselves', async (t) => {
  const { api, page } = await openLive(t, 2)
  const tile = page.locator('[data-camera="cam-0"]')
  await tile.getByText(measured).waitFor()
  const port = Number(new URL(api.server.url).port)
  await api.server.close()
  await tile.getByText('Connection lost').waitFor()
  const again = await api.start(port)
  await tile.getByText(measured).waitFor()
  await again.close()
})
