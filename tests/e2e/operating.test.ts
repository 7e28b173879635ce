import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addCameras } from '../support/api.ts'
import { accessibilityProblems, prepareDashboard } from '../support/dashboard.ts'
import { dead } from '../support/dead-letters.ts'
import { eventually } from '../support/log.ts'

const dashboard = prepareDashboard()

test('a camera is switched off and on from the list', async (t) => {
  const api = await dashboard.openApi(t)
  await addCameras(api.database, 2)
  const page = await dashboard.open(t, api, '/cameras', { reducedMotion: 'reduce' })
  const isEnabled = async () =>
    (await api.database.selectFrom('cameras').select('enabled').where('id', '=', 'cam-0').executeTakeFirstOrThrow())
      .enabled
  const button = page.getByRole('switch', { name: 'Watch Camera 000' })
  await button.click()
  await page.getByText('Switched off').waitFor()
  assert.equal(await isEnabled(), false)
  await page.waitForTimeout(300)
  assert.deepEqual(await accessibilityProblems(page), [])
  await button.press('Enter')
  await eventually(isEnabled)
})

test('health shows each part with what to do, and what each function has to do', async (t) => {
  const api = await dashboard.openApi(t)
  const page = await dashboard.open(t, api, '/health', { reducedMotion: 'reduce' })
  await page.getByText('give one').waitFor()
  await page.getByText('Everything works').waitFor()
  const row = page.getByRole('row', { name: /detect/ })
  assert.match((await row.textContent()) ?? '', /^detect3/)
  await page.getByText('None since Sentinel was started').waitFor()
  await api.log.produce('dlq-events', [dead])
  await page.getByText('it was too early').waitFor()
  assert.deepEqual(await accessibilityProblems(page), [])
})
