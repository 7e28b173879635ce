import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { addCameras } from '../support/api.ts'
import { accessibilityProblems, COLOUR_RULES, prepareDashboard } from '../support/dashboard.ts'
import { defer } from '../support/defer.ts'
import { fill } from '../support/filled.ts'

const dashboard = prepareDashboard()

const TEACHING = ['triage', 'triage/disputes', 'verdicts', 'training', 'datasets', 'models']
const PAGES = ['live', 'map', 'events', ...TEACHING, 'cameras', 'health']
const DESK = { width: 1440, height: 900 }
const PHONE = { width: 390, height: 844 }

/** What is pressed and smaller than 44 pixels; a switch reaches beyond what is seen of it. */
const SMALL_TARGETS = `[...document.querySelectorAll('button:not([role=switch]), select, label:has(> input)')]
  .filter((target) => target.checkVisibility())
  .map((target) => ({ target, ...target.getBoundingClientRect().toJSON() }))
  .filter(({ width, height }) => Math.min(width, height) < 43.5)
  .map(({ target, width, height }) => (target.getAttribute('aria-label') ?? target.textContent) + ': ' + width + ' × ' + height)`

/** Words that German has not. */
const ENGLISH = /\b(the|and|of|with|is|are|were|this|that|there|from|has|not|to|by|for|only|than|its|it)\b/i
/** What people read, but for what is typed or meant for programs. */
const READ = `(() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const read = []
  while (texts.nextNode()) {
    const { parentElement: parent, data } = texts.currentNode
    if (!parent.closest('code, pre, script, style, option') && data.trim()) read.push(data.trim())
  }
  const spoken = [...document.querySelectorAll('[aria-label], [title], [placeholder]')]
  return read.concat(spoken.flatMap((each) => ['aria-label', 'title', 'placeholder'].map((name) => each.getAttribute(name) ?? '')))
})()`

/** Opens a page and waits for what it asks for. */
async function open(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.locator('[data-loading]').first().waitFor({ state: 'detached' })
}

test('every page opens by its address and keeps WCAG 2.2 AA while it is empty', async (t) => {
  const api = await dashboard.openApi(t)
  const page = await dashboard.open(t, api, '/live', { colorScheme: 'light', reducedMotion: 'reduce' })
  for (const path of PAGES) {
    await open(page, `${api.server.url}/${path}`)
    assert.equal(new URL(page.url()).pathname, `/${path}`)
    assert.deepEqual(await accessibilityProblems(page), [], path)
  }
  assert.equal(await page.locator('html').getAttribute('data-theme'), 'light')
})

test('with something on it every page fits a phone, has no English left in German, and keeps WCAG 2.2 AA, dark and light', async (t) => {
  const api = await dashboard.openApi(t)
  await fill(api)
  const phone = { viewport: PHONE, hasTouch: true, locale: 'de' }
  const page = await dashboard.open(t, api, '/live', { ...phone, colorScheme: 'dark', reducedMotion: 'reduce' })
  for (const path of PAGES) {
    await page.setViewportSize(PHONE)
    await page.emulateMedia({ colorScheme: 'dark' })
    await open(page, `${api.server.url}/${path}`)
    const width = await page.evaluate('document.documentElement.scrollWidth')
    assert.ok(Number(width) <= PHONE.width, `${path} is ${width} pixels wide`)
    assert.deepEqual(await page.evaluate(SMALL_TARGETS), [], path)
    const read = (await page.evaluate(READ)) as string[]
    assert.deepEqual(
      read.filter((text) => ENGLISH.test(text)),
      [],
      path,
    )
    assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark')
    assert.deepEqual(await accessibilityProblems(page), [], `${path}, dark, on a phone`)
    await page.setViewportSize(DESK)
    await page.emulateMedia({ colorScheme: 'light' })
    await page.locator('html[data-theme="light"]').waitFor()
    assert.deepEqual(await accessibilityProblems(page, COLOUR_RULES), [], `${path}, light, on a desk`)
  }
})

test('the bar at the bottom of a phone leads to all pages', async (t) => {
  const api = await dashboard.openApi(t)
  const page = await dashboard.open(t, api, '/live', { viewport: PHONE, hasTouch: true, locale: 'de' })
  await page.getByRole('button', { name: 'Mehr' }).tap()
  await page.getByRole('option', { name: 'Kameras' }).tap()
  await page.waitForURL('**/cameras')
})

/** Each with the page and the button that open it. */
const DIALOGS = [
  ['cameras', 'Preferences', 'Preferences'],
  ['cameras', 'Add camera', 'Add camera'],
  ['cameras', 'Edit', 'Edit'],
  ['cameras', 'Remove', 'Remove this camera?'],
  ['cameras', 'Import', 'Import cameras'],
  [`models?model=${'b'.repeat(64)}`, 'Promote to all cameras', 'Promote base+1'],
  [`models?model=${'b'.repeat(64)}`, 'Roll back', 'Roll back base+1'],
] as const

test('every dialog keeps WCAG 2.2 AA, and gives the focus back however it is closed', async (t) => {
  const api = await dashboard.openApi(t)
  await fill(api)
  const page = await dashboard.open(t, api, '/live', { colorScheme: 'dark', reducedMotion: 'reduce' })
  for (const [path, button, title] of DIALOGS) {
    const url = `${api.server.url}/${path}`
    if (page.url() !== url) await open(page, url)
    const opener = page.getByRole('button', { name: button, exact: true }).first()
    const dialog = page.getByRole('dialog', { name: title, exact: true })
    await opener.click()
    assert.deepEqual(await accessibilityProblems(page), [], title)
    for (const close of [
      () => page.keyboard.press('Escape'),
      () => dialog.getByRole('button', { name: 'Close' }).click(),
    ]) {
      await close()
      await dialog.waitFor({ state: 'detached' })
      assert.ok(await opener.evaluate((element) => element === element.ownerDocument.activeElement), title)
      await opener.press('Enter')
      await dialog.waitFor()
    }
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  }
})

const NOWHERE = [
  ['cameras/nope', 'Es gibt keine eingeschaltete Kamera nope.'],
  ['models/zzz', 'Es gibt kein Modell zzz.'],
  ['training/zzz', 'Es gibt kein Training zzz.'],
  ['datasets/zzz', 'Es gibt keinen Datensatz zzz.'],
  ['events/zzz', 'Das Ereignis zzz lässt sich mit dieser Adresse nicht öffnen'],
  ['events?open=zzz&at=yesterday', 'Das Ereignis zzz lässt sich mit dieser Adresse nicht öffnen'],
  ['events?open=zzz&at=2020-01-01T00:00:00Z', 'Dieses Ereignis wird nicht mehr aufbewahrt.'],
  ['events?class=zzz', 'So ein Ereignis gibt es nicht'],
  ['triage/disputes?item=zzz', 'Über das Bild zzz ist sich niemand mehr uneins.'],
  ['verdicts/zzz', 'Dieses Urteil gibt es nicht'],
  ['wherever', 'Es gibt keine Seite /wherever'],
] as const

test('an address that names what is not there says so, and where to go on', async (t) => {
  const api = await dashboard.openApi(t)
  await fill(api)
  const page = await dashboard.open(t, api, '/live', { locale: 'de' })
  for (const [path, words] of NOWHERE) {
    await page.goto(`${api.server.url}/${path}`)
    await page.getByText(words).waitFor()
  }
  await page.getByRole('link', { name: 'Zu den Live-Bildern' }).click()
  await page.waitForURL('**/live')
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
