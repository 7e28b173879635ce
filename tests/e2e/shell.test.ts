import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addCameras } from '../support/api.ts'
import { accessibilityProblems, prepareDashboard } from '../support/dashboard.ts'
import { defer } from '../support/defer.ts'

const dashboard = prepareDashboard()

const TEACHING = ['triage', 'triage/disputes', 'verdicts', 'training', 'datasets', 'models']
const PAGES = ['live', 'map', 'events', ...TEACHING, 'cameras', 'health']
const PHONE = { width: 390, height: 844 }

/** What is pressed and smaller than 44 pixels; a switch reaches beyond what is seen of it. */
const SMALL_TARGETS = `[...document.querySelectorAll('button:not([role=switch]), select, label:has(> input)')]
  .filter((target) => target.checkVisibility())
  .map((target) => ({ target, ...target.getBoundingClientRect().toJSON() }))
  .filter(({ width, height }) => Math.min(width, height) < 43.5)
  .map(({ target, width, height }) => (target.getAttribute('aria-label') ?? target.textContent) + ': ' + width + ' × ' + height)`

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every page opens by its address and keeps WCAG 2.2 AA, in ${colorScheme} colours`, async (t) => {
    const api = await dashboard.openApi(t)
    const page = await dashboard.open(t, api, '/live', { colorScheme, reducedMotion: 'reduce' })
    for (const path of PAGES) {
      await page.goto(`${api.server.url}/${path}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      assert.equal(new URL(page.url()).pathname, `/${path}`)
      assert.deepEqual(await accessibilityProblems(page), [], path)
    }
    assert.equal(await page.locator('html').getAttribute('data-theme'), colorScheme)
  })
}

test('no page is wider than a phone, in the language of the longer words, and the bar at the bottom leads to all of them', async (t) => {
  const api = await dashboard.openApi(t)
  await addCameras(api.database, 3)
  const page = await dashboard.open(t, api, '/live', { viewport: PHONE, hasTouch: true, locale: 'de' })
  for (const path of PAGES) {
    await page.goto(`${api.server.url}/${path}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    const width = await page.evaluate('document.documentElement.scrollWidth')
    assert.ok(Number(width) <= PHONE.width, `${path} is ${width} pixels wide`)
    assert.deepEqual(await page.evaluate(SMALL_TARGETS), [], path)
  }
  await page.getByRole('button', { name: 'Mehr' }).tap()
  await page.getByRole('option', { name: 'Kameras' }).tap()
  await page.waitForURL('**/cameras')
})

test('the palette finds pages, cameras and settings by their names', async (t) => {
  const api = await dashboard.openApi(t)
  await addCameras(api.database, 3)
  const page = await dashboard.open(t, api, '/live')
  await page.getByRole('heading', { name: 'Live' }).waitFor()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('hea')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/health')
  await page.keyboard.press('Control+k')
  await page.keyboard.type('camera 002')
  await page.getByRole('option', { name: 'Camera 002' }).waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL('**/live?focus=cam-2')
  await page.keyboard.press('Control+k')
  await page.keyboard.type('colours: dark')
  await page.keyboard.press('Enter')
  assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark')
  await page.reload()
  assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark')
})

test('two keys go to a page, and ? lists the keys that work', async (t) => {
  const api = await dashboard.openApi(t)
  const page = await dashboard.open(t, api, '/live')
  await page.getByRole('heading', { name: 'Live' }).waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('e')
  await page.waitForURL('**/events')
  await page.keyboard.press('?')
  const dialog = page.getByRole('dialog', { name: 'Keyboard' })
  await dialog.getByText('Go to Triage').waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
})

test('German is chosen once and kept', async (t) => {
  const api = await dashboard.openApi(t)
  const page = await dashboard.open(t, api, '/cameras')
  await page.getByRole('button', { name: 'Preferences' }).click()
  await page.getByText('Deutsch').click()
  await page.getByRole('heading', { name: 'Einstellungen' }).waitFor()
  await page.reload()
  await page.getByRole('link', { name: 'Karte' }).waitFor()
  assert.equal(await page.locator('html').getAttribute('lang'), 'de')
})

test('a lost server is told, and its return loads what was missed', async (t) => {
  const api = await dashboard.openApi(t)
  const page = await dashboard.open(t, api, '/cameras')
  await page.getByText('No cameras yet').waitFor()
  const port = Number(new URL(api.server.url).port)
  await api.server.close()
  await page.getByRole('alert').getByText('The server does not answer').waitFor()
  await addCameras(api.database, 1)
  const again = await api.start(port)
  defer(t, () => again.close())
  await page.getByText('The server is back').waitFor()
  await page.getByText('Camera 000').waitFor()
})

test('a device that is offline says so', async (t) => {
  const api = await dashboard.openApi(t)
  const page = await dashboard.open(t, api, '/events')
  await page.getByRole('heading', { name: 'Events' }).waitFor()
  await page.context().setOffline(true)
  await page.getByRole('alert').getByText('This device is offline').waitFor()
  await page.context().setOffline(false)
  await page.getByText('The server is back').waitFor()
})

test('who is not signed in is told how to', async (t) => {
  const api = await dashboard.openApi(t)
  const page = await dashboard.open(t, api, '/cameras')
  await page.context().clearCookies()
  await page.getByText('Not signed in').waitFor()
})
