import assert from 'node:assert/strict'
import { test } from 'node:test'
import { prepareDashboard } from '../support/dashboard.ts'

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
