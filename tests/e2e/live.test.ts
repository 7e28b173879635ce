import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { keptKey } from '../../platform/kept-frames.ts'
import { type Api, addCameras } from '../support/api.ts'
import { accessibilityProblems, prepareDashboard } from '../support/dashboard.ts'
import { model, timings } from '../support/detections.ts'
import { drive } from '../support/drive.ts'
import { eventually } from '../support/log.ts'
import { streets } from '../support/street.ts'

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

test('tiles tell their rate, latency and skew, or what to do about pictures that do not come, and a layout shows so many, page by page', async (t) => {
  const { page } = await openLive(t, 11, '/live', { reducedMotion: 'reduce' })
  await page.locator('[data-camera="cam-0"]').getByText(measured).waitFor()
  assert.deepEqual(await accessibilityProblems(page), [])
  assert.equal((await order(page)).length, 11)
  await page.locator('[data-camera="cam-2"]').getByText('Health says whether “frame-grabber” runs').waitFor()
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

const MINUTE_MS = 60_000

/** In the minute that began so many minutes ago: ten frames of two cars, one of which was kept, and a review. */
async function addPast({ database, objects }: Api, camera_id: string, minutesAgo: number): Promise<number> {
  const at = (Math.floor(Date.now() / MINUTE_MS) - minutesAgo) * MINUTE_MS
  const seen = { camera_id, width: 640, height: 360, model_digest: model.digest, model_name: 'm' }
  const boxes = JSON.stringify([0.1, 0.5].map((x) => ({ class: 'car', score: 0.4, box: [x, 0.2, 0.2, 0.3] })))
  const frames = Array.from({ length: 10 }, (_, n) => ({
    ...{ ...seen, boxes, captured_at: new Date(at + n * 1000), detected_at: new Date(at + n * 1000 + 60) },
    ...{ frame_id: `past-${n}`, event_id: `e-${n}`, capture_clock: 'arrival', timings: JSON.stringify(timings) },
  }))
  await database.insertInto('detections').values(frames).execute()
  const image = `triage/${camera_id}/past-3.jpg`
  const requested_at = new Date(at + 3100)
  const item = {
    ...seen,
    boxes,
    image,
    requested_at,
    id: 'review-past-3',
    frame_id: 'past-3',
    reason: 'low-confidence',
  }
  await database
    .insertInto('triage_items')
    .values({ ...item, captured_at: new Date(at + 3000), uncertainty: 0.6, detail: 'car' })
    .execute()
  const event = { id: 'asked', type: 'sentinel.review.requested.v1', subject: item.id, camera_id, time: requested_at }
  await database
    .insertInto('events')
    .values({ ...event, data: JSON.stringify({ detail: 'car with 40 %' }) })
    .execute()
  const [picture] = await streets([60])
  await objects.put('sentinel-clips', image, picture!)
  const kept = { camera_id, frame_id: 'past-7', captured_at: new Date(at + 7000).toISOString(), kept_at: new Date() }
  await database.insertInto('kept_frames').values(kept).execute()
  await objects.put('sentinel-clips', keptKey(camera_id, 'past-7'), picture!)
  return at
}

test('the last hour of a camera is under its picture: its numbers, what happened, and the pictures that were kept', async (t) => {
  const api = await dashboard.openApi(t)
  await addCameras(api.database, 1)
  await drive(t, api, ['cam-0'])
  const at = await addPast(api, 'cam-0', 3)
  const page = await dashboard.open(t, api, '/live?focus=cam-0', { reducedMotion: 'reduce' })
  const slider = page.getByRole('slider', { name: 'Minute' })
  await slider.waitFor()
  assert.equal(await page.locator('[data-mark="review"]').count(), 1)
  const clock = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit' }).format(at)
  const words = `${clock} · 10 frames looked at · car 20 (up to 2 at once) · 1 event`
  // The clock may have gone on by a minute since.
  for (let n = 0; n < 6 && (await slider.getAttribute('aria-valuetext')) !== words; n++) await slider.press('ArrowLeft')
  assert.equal(await slider.getAttribute('aria-valuetext'), words)
  await page.locator('[data-timeline-words]').getByText(words).waitFor()
  await slider.press('Enter')
  const kept = page.locator('[data-kept="past-7"]')
  await kept.getByRole('img', { name: /2 boxes/ }).waitFor()
  await page.getByText('kept picture · 2 boxes').waitFor()
  const about = page.getByRole('complementary', { name: 'About this minute' })
  await about.getByRole('row', { name: 'car 20 2' }).waitFor()
  assert.deepEqual(await accessibilityProblems(page), [])
  await about.getByRole('button', { name: /Sent to review .* with its picture/ }).click()
  const picture = page.getByRole('complementary', { name: 'About this event' }).getByRole('img', { name: /2 boxes/ })
  await picture.waitFor()
  assert.equal(await picture.getAttribute('src'), '/media/triage/cam-0/past-3.jpg')
  await page.getByRole('button', { name: 'Close' }).click()
  await about.waitFor()
  await page.keyboard.press('Escape')
  await about.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'One frame back' }).click()
  await page.getByText('There is no earlier picture.').waitFor()
  await page.keyboard.press('Escape')
  await kept.waitFor({ state: 'detached' })
  await page.locator('[data-paused="false"]').waitFor()
  await page.getByRole('button', { name: 'Show as a table' }).click()
  const table = page.getByRole('dialog', { name: 'Last hour' })
  await table.getByRole('row', { name: `${clock} 10 20 1` }).waitFor()
  assert.deepEqual(await accessibilityProblems(page), [])
  await table.getByRole('button', { name: clock }).click()
  await about.waitFor()
})
