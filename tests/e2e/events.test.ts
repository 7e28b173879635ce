import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import type { Page } from 'playwright-core'
import { type Api, addCameras, addDetections } from '../support/api.ts'
import { prepareDashboard } from '../support/dashboard.ts'
import { defer } from '../support/defer.ts'
import { detect } from '../support/detections.ts'
import { eventually } from '../support/log.ts'

const dashboard = prepareDashboard()

/** Stores events `from` … `from + count - 1`, one a second, of the cameras in turn; each has a class of its own. */
async function addEvents({ database }: Api, from: number, count: number): Promise<void> {
  await sql`
    INSERT INTO events (time, id, type, camera_id, subject, class, score, data)
    SELECT '2026-06-01T08:00:00Z'::timestamptz + n * interval '1 s', 'e-' || n, 'sentinel.track.appeared.v1', id, id, 'c' || n, 0.9,
      jsonb_build_object('frameId', 'f-' || n, 'trackId', 't-1')
    FROM generate_series(${from}::int, ${from + count - 1}::int) AS n
    JOIN LATERAL (SELECT array_agg(id ORDER BY id) AS ids FROM cameras) AS every ON true
    JOIN LATERAL (SELECT ids[1 + n % cardinality(ids)] AS id) AS camera ON true`.execute(database)
}

async function openEvents(t: TestContext, cameras: number, events: number) {
  const api = await dashboard.openApi(t)
  await addCameras(api.database, cameras)
  await addEvents(api, 0, events)
  return api
}

const rows = (page: Page) => page.locator('[data-event]')
const loaded = async (page: Page): Promise<number> =>
  Number(await page.locator('[data-loaded]').getAttribute('data-loaded'))
const inSight = (page: Page): Promise<string[]> =>
  rows(page).evaluateAll((all) =>
    all
      .map((row) => ({ id: row.getAttribute('data-event')!, top: row.getBoundingClientRect().top }))
      .sort((a, b) => a.top - b.top)
      .map(({ id }) => id),
  )
const newestFirst = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, n) => `e-${from - n}`)

test('a server that goes away is told, and when it is back the event log has no hole', async (t) => {
  const api = await openEvents(t, 1, 3)
  const page = await dashboard.open(t, api, '/events', { viewport: { width: 1440, height: 900 } })
  await rows(page).nth(2).waitFor()
  await api.server.close()
  await page.getByText('The server does not answer').waitFor({ timeout: 10_000 })
  await addEvents(api, 3, 700)
  const again = await api.start(Number(new URL(api.server.url).port))
  defer(t, () => again.close())
  await page.getByText('The server does not answer').waitFor({ state: 'detached', timeout: 20_000 })
  await eventually(async () => (await loaded(page)) === 703, 20_000)
  const ids = await inSight(page)
  assert.deepEqual(ids, newestFirst(702, 702 - ids.length + 1))
})

test('filters of the event log are in the address, so that it can be sent to a colleague', async (t) => {
  const api = await openEvents(t, 2, 4)
  const page = await dashboard.open(t, api, '/events?camera=cam-1')
  await eventually(async () => (await rows(page).count()) === 2)
  assert.equal(await page.getByLabel('Show camera').inputValue(), 'cam-1')
  await page.getByLabel('Show camera').selectOption('')
  await eventually(async () => (await rows(page).count()) === 4)
  const file = page.waitForEvent('download')
  await page.getByRole('link', { name: 'CSV' }).click()
  assert.equal((await file).suggestedFilename(), 'events.csv')
  await page.getByLabel('Show confidence').selectOption('0.9')
  await page.getByLabel('Show time').selectOption('1h')
  await page.getByText('No event is like that').waitFor()
  assert.equal(new URL(page.url()).search, '?score=0.9&since=1h')
})

test('100,000 events scroll with a few hundred nodes, and what comes meanwhile is counted, not thrown in', async (t) => {
  const api = await openEvents(t, 3, 100_000)
  const page = await dashboard.open(t, api, '/events')
  await rows(page).first().waitFor()
  const few = await scrolled(page)
  for (let n = 1; n <= 4; n++) {
    const before = await loaded(page)
    await page.keyboard.press('End')
    await eventually(async () => (await loaded(page)) > before)
  }
  assert.equal(await loaded(page), 2500)
  const many = await scrolled(page)
  t.diagnostic(`${many.nodes} nodes; a frame ${many.ms.toFixed(0)} ms, with 500 events ${few.ms.toFixed(0)} ms`)
  assert.ok(many.nodes < 900 && many.nodes <= few.nodes + 20, `${few.nodes}, then ${many.nodes} nodes`)
  assert.ok(many.ms < 2.5 * few.ms + 20, `a frame took ${few.ms}, then ${many.ms} ms`)
  const [top] = await inSight(page)
  await detect(api.log, 'cam-0', { trackId: 'new-1' })
  await page.getByRole('button', { name: '1 new' }).waitFor()
  assert.equal((await inSight(page))[0], top)
  await page.getByRole('button', { name: '1 new' }).click()
  await page.locator('[data-event="cam-0/new-1"]').waitFor()
})

test('a key opens an event with its frame, boxes, model and timings, goes on to the next, and the address leads there', async (t) => {
  const api = await openEvents(t, 1, 3)
  await addDetections(api.database, 1, 3)
  await api.objects.put('sentinel-clips', 'triage/cam-0/f-2.jpg', Buffer.from('no picture'))
  const page = await dashboard.open(t, api, '/events')
  await rows(page).first().waitFor()
  await page.keyboard.press('ArrowDown')
  const panel = page.getByRole('complementary', { name: 'About this event' })
  await panel.getByText('4.0 ms in the detector').waitFor()
  assert.match((await panel.textContent())!, /aaaaaaaaaaaaaaaa/)
  const model = await panel.getByRole('link', { name: 'm', exact: true }).getAttribute('href')
  assert.equal(model, `/models?model=${'a'.repeat(64)}`)
  assert.equal(await panel.getByRole('img').getAttribute('src'), '/media/triage/cam-0/f-2.jpg')
  await page.keyboard.press('j')
  await panel.getByText('The picture of this frame was not kept').waitFor()
  const older = { camera_id: 'cam-0', frame_id: 'f-0', captured_at: '2026-06-01T08:00:00Z', kept_at: new Date() }
  await api.database.insertInto('kept_frames').values(older).execute()
  await api.objects.put('sentinel-clips', 'recent/cam-0/f-0.jpg', Buffer.from('no picture'))
  await page.keyboard.press('j')
  await panel.locator('img[src="/media/recent/cam-0/f-0.jpg"]').waitFor()
  await page.keyboard.press('k')
  await panel.getByText('This one is from 1.0 s earlier').waitFor()
  const { pathname, search } = new URL(page.url())
  const again = await dashboard.open(t, api, pathname + search, { viewport: { width: 1440, height: 400 } })
  await again.getByText('4.0 ms in the detector').waitFor()
  const { width, height } = (await again.locator('figure').boundingBox())!
  assert.equal(Math.round((width * 360) / height), 640, 'where there is little room the picture keeps its shape')
  await again.keyboard.press('Escape')
  await again.getByRole('complementary', { name: 'About this event' }).waitFor({ state: 'detached' })
})

/** Scrolls up and down through what is loaded. @returns nodes of the page, and the median time of a frame. */
function scrolled(page: Page): Promise<{ nodes: number; ms: number }> {
  return page.evaluate(`new Promise((resolve) => {
    const list = document.querySelector('section[aria-label=Events]')
    const frames = []
    let before
    const frame = (now) => {
      if (before !== undefined) frames.push(now - before)
      before = now
      list.scrollTop = (0.3 + 0.2 * Math.sin(frames.length / 8)) * list.scrollHeight
      const ms = () => frames.sort((a, b) => a - b)[frames.length >> 1]
      if (frames.length < 40) requestAnimationFrame(frame)
      else resolve({ nodes: document.querySelectorAll('*').length, ms: ms() })
    }
    requestAnimationFrame(frame)
  })`)
}
