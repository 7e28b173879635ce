import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { accessibilityProblems, prepareDashboard } from '../support/dashboard.ts'
import { clipPath, serve } from '../support/video.ts'

const dashboard = prepareDashboard()

test('a camera is added, a mistake is told at its field, and it is removed after a question', async (t) => {
  const api = await dashboard.openApi(t)
  const page = await dashboard.open(t, api, '/cameras')
  await page.getByText('No cameras yet').waitFor()
  await page.getByRole('button', { name: 'Add camera' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add camera' })
  await dialog.getByLabel('Name').fill('Bridge')
  await dialog.getByLabel('Source').fill('gopher://10.0.0.9/stream')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByRole('alert').waitFor()
  assert.equal(await dialog.getByLabel('Source').getAttribute('aria-invalid'), 'true')
  await dialog.getByLabel('Source').fill('rtsp://me:secret@10.0.0.9/stream')
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
  const row = page.getByRole('listitem').filter({ hasText: 'Bridge' })
  assert.ok(!(await row.textContent())!.includes('secret'))
  await row.getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  assert.equal(await row.count(), 1)
  await row.getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await page.getByText('No cameras yet').waitFor()
})

test('a source is tested before it is saved, and a camera is watched in the hours it is given', async (t) => {
  const api = await dashboard.openApi(t)
  const clip = await readFile(clipPath)
  const origin = await serve(t, (_, response) => response.setHeader('content-type', 'video/mp4').end(clip))
  const page = await dashboard.open(t, api, '/cameras')
  await page.getByRole('button', { name: 'Add camera' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add camera' })
  await dialog.getByLabel('Name').fill('Bridge')
  await dialog.getByLabel('Source').fill('http://169.254.169.254/latest')
  await dialog.getByRole('button', { name: 'Test the source' }).click()
  await dialog.getByText('This address is not allowed here.').waitFor({ timeout: 20_000 })
  await dialog.getByLabel('Source').fill(`${origin}/clip.mp4`)
  await dialog.getByRole('button', { name: 'Test the source' }).click()
  await dialog.getByRole('img', { name: 'The first picture of this source' }).waitFor({ timeout: 20_000 })
  await dialog.getByText('320 × 180').waitFor()
  await dialog.getByText('By days and hours').click()
  await dialog.getByText('Mon', { exact: true }).click()
  assert.deepEqual(await accessibilityProblems(page), [])
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByText('Tue–Fri 07:00–19:00').waitFor()
  const camera = await api.database.selectFrom('cameras').select('schedule').executeTakeFirstOrThrow()
  assert.deepEqual(camera.schedule!.windows, [{ days: ['tue', 'wed', 'thu', 'fri'], from: '07:00', to: '19:00' }])
})

test('a catalogue comes in with a report of the rows that were refused', async (t) => {
  const api = await dashboard.openApi(t)
  const page = await dashboard.open(t, api, '/cameras')
  await page.getByRole('button', { name: 'Import' }).click()
  const csv = 'name,source\nNorth,rtsp://10.0.0.1/a\nSouth,gopher://10.0.0.2/a\nEast,rtsp://10.0.0.3/a\n'
  const file = { name: 'cameras.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) }
  await page.getByLabel('Choose a file').setInputFiles(file)
  await page.getByText('2 added, 0 updated, 0 unchanged, 1 rejected.').waitFor()
  await page.getByText(/^Row 2: /).waitFor()
  await page.keyboard.press('Escape')
  await page.getByText('East').waitFor()
})

test('whoever has no token any more is told how to come in', async (t) => {
  const api = await dashboard.openApi(t)
  const page = await dashboard.open(t, api, '/live')
  await page.getByText('No cameras yet').waitFor()
  await page.context().clearCookies()
  await page.getByText('Not signed in').waitFor({ timeout: 10_000 })
})
