import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type Api, addCameras } from '../support/api.ts'
import { prepareDashboard } from '../support/dashboard.ts'
import { defer } from '../support/defer.ts'
import { eventually } from '../support/log.ts'

const dashboard = prepareDashboard()

/** Stores events `from` … `from + count - 1`, one a second, of the cameras in turn; each has a class of its own. */
async function addEvents({ database }: Api, from: number, count: number): Promise<void> {
  const cameras = await database.selectFrom('cameras').select('id').orderBy('id').execute()
  const rows = Array.from({ length: count }, (_, index) => {
    const n = from + index
    const camera = cameras[n % cameras.length]!.id
    return {
      id: `e-${n}`,
      type: 'sentinel.track.appeared.v1',
      camera_id: camera,
      subject: camera,
      time: new Date(Date.UTC(2026, 5, 1) + n * 1000),
      class: `c${n}`,
      score: 0.9,
      data: JSON.stringify({}),
    }
  })
  await database.insertInto('events').values(rows).execute()
}

async function openEvents(t: TestContext, cameras: number, events: number) {
  const api = await dashboard.openApi(t)
  await addCameras(api.database, cameras)
  await addEvents(api, 0, events)
  return api
}

test('a server that goes away is told, and when it is back the event log has no hole', async (t) => {
  const api = await openEvents(t, 1, 3)
  const page = await dashboard.open(t, api, '/events')
  await page.getByRole('row').nth(3).waitFor()
  await api.server.close()
  await page.getByText('The server does not answer').waitFor({ timeout: 10_000 })
  await addEvents(api, 3, 160)
  const again = await api.start(Number(new URL(api.server.url).port))
  defer(t, () => again.close())
  await page.getByText('The server does not answer').waitFor({ state: 'detached', timeout: 20_000 })
  await eventually(async () => (await page.getByRole('row').count()) === 164, 20_000)
  const classes = await page.getByRole('cell', { name: /^c\d+, 90 %/ }).allTextContents()
  assert.deepEqual(
    classes,
    Array.from({ length: 163 }, (_, n) => `c${162 - n}, 90 %`),
  )
})

test('filters of the event log are in the address, so that it can be sent to a colleague', async (t) => {
  const api = await openEvents(t, 2, 4)
  const page = await dashboard.open(t, api, '/events?camera=cam-1')
  await eventually(async () => (await page.getByRole('row').count()) === 3)
  assert.equal(await page.getByLabel('Show camera').inputValue(), 'cam-1')
  await page.getByLabel('Show camera').selectOption('')
  await eventually(async () => (await page.getByRole('row').count()) === 5)
  await page.getByLabel('Show events').selectOption('sentinel.camera.online.v1')
  await page.getByText('Nothing has happened yet').waitFor()
  assert.equal(new URL(page.url()).search, '?type=sentinel.camera.online.v1')
})
