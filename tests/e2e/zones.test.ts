import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ZoneChanged } from '../../platform/events/camera.ts'
import { addCameras } from '../support/api.ts'
import { accessibilityProblems, prepareDashboard } from '../support/dashboard.ts'
import { drive } from '../support/drive.ts'
import { eventually } from '../support/log.ts'
import { tell } from '../support/subscriber.ts'
import { dragByTouch } from '../support/touch.ts'

const dashboard = prepareDashboard()

test('zones are drawn on the picture by mouse and by keys, stay in the database, and are changed and deleted', async (t) => {
  const api = await dashboard.openApi(t)
  await addCameras(api.database, 2)
  await drive(t, api, ['cam-0'])
  const page = await dashboard.open(t, api, '/live?focus=cam-0', { reducedMotion: 'reduce' })
  const zones = () => api.database.selectFrom('zones').select(['name', 'kind', 'points']).orderBy('name').execute()
  await page.locator('[data-paused]').getByText(/fps/).waitFor()
  await page.keyboard.press('d')
  await page.getByRole('button', { name: 'Add a zone' }).click()
  const { x, y, width, height } = (await page.locator('[data-zone-canvas]').boundingBox())!
  for (const [left, top] of [
    [0.2, 0.2],
    [0.6, 0.2],
    [0.6, 0.7],
  ] as const)
    await page.mouse.click(x + left * width, y + top * height)
  await page.getByRole('button', { name: /^Corner 3, 60 % from the left, 70 % from the top/ }).waitFor()
  await page.getByLabel('Name').fill('Crossing')
  assert.deepEqual(await accessibilityProblems(page), [])
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Change Crossing' }).waitFor()
  const [crossing] = await zones()
  assert.deepEqual([crossing!.name, crossing!.kind, crossing!.points.length], ['Crossing', 'area', 3])
  assert.ok(Math.abs(crossing!.points[2]![0] - 0.6) < 0.01 && Math.abs(crossing!.points[2]![1] - 0.7) < 0.01)

  // The same by keys alone.
  await page.getByRole('button', { name: 'Add a zone' }).press('Enter')
  await page.getByLabel('Name').fill('Crossing')
  await page.getByRole('radio', { name: 'Line' }).press('Space')
  for (let n = 0; n < 2; n++) await page.getByRole('button', { name: 'Add a corner' }).press('Enter')
  const corner = page.getByRole('button', { name: /^Corner 2/ })
  await corner.focus()
  for (let n = 0; n < 4; n++) await page.keyboard.press('Shift+ArrowDown')
  await page.getByRole('button', { name: /^Corner 2, 60 % from the left, 60 % from the top/ }).waitFor()
  await page.getByRole('button', { name: 'Save' }).press('Enter')
  await page.getByRole('alert').getByText('has a zone named Crossing already').waitFor()
  await page.getByLabel('Name').fill('Stop line')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Change Stop line' }).waitFor()
  assert.deepEqual(
    (await zones()).map(({ name, kind }) => `${name}: ${kind}`),
    ['Crossing: area', 'Stop line: line'],
  )

  await page.getByRole('button', { name: 'Change Crossing' }).click()
  await page.getByRole('button', { name: /^Corner 1/ }).press('Delete')
  assert.ok(await page.getByRole('button', { name: 'Save' }).isDisabled(), 'two corners are no area')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Delete Crossing' }).click()
  await eventually(async () => (await zones()).length === 1)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await eventually(async () => (await page.locator('[data-camera]').count()) === 2)
})

test('a zone is drawn by finger on a phone, where nothing scrolls under it', async (t) => {
  const api = await dashboard.openApi(t)
  await addCameras(api.database, 1)
  await drive(t, api, ['cam-0'])
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: 'de' }
  const page = await dashboard.open(t, api, '/live?focus=cam-0', phone)
  await page.getByRole('button', { name: 'Zonen zeichnen' }).tap()
  await page.getByRole('button', { name: 'Zone hinzufügen' }).tap()
  const { x, y, width, height } = (await page.locator('[data-zone-canvas]').boundingBox())!
  const at = (left: number, top: number) => ({ x: x + left * width, y: y + top * height })
  for (const [left, top] of [
    [0.2, 0.2],
    [0.7, 0.2],
    [0.5, 0.9],
    [0.9, 0.9],
  ] as const)
    await page.touchscreen.tap(at(left, top).x, at(left, top).y)
  await page.getByRole('button', { name: 'Letzte Ecke entfernen' }).tap()
  // The whole way down the picture, which would scroll a page that could.
  await dragByTouch(page, at(0.5, 0.9), at(0.6, 0.5))
  await page.getByRole('button', { name: /^Ecke 3, 60 % von links, 50 % von oben/ }).waitFor()
  assert.deepEqual(await page.evaluate('[scrollY, document.getElementById("content").scrollTop]'), [0, 0])
  const save = page.getByRole('button', { name: 'Speichern' })
  await page.getByLabel('Name').fill(' ')
  await save.tap()
  // What the server words is in the language of the page.
  await page.getByRole('alert').getByText('Eine Zone braucht einen Namen').waitFor()
  await page.getByLabel('Name').fill('Kreuzung')
  await save.tap()
  await page.getByRole('button', { name: 'Kreuzung ändern' }).waitFor()
  const [zone] = await api.database.selectFrom('zones').select('points').execute()
  assert.equal(zone!.points.length, 3)
})

test('a zone that somebody else draws is there without a reload', async (t) => {
  const api = await dashboard.openApi(t)
  await addCameras(api.database, 1)
  const page = await dashboard.open(t, api, '/live?focus=cam-0')
  await page.getByRole('button', { name: 'Draw zones' }).click()
  await page.getByText('Nothing has been drawn').waitFor()
  // From here on the page hears of it by its subscription, or not at all.
  await page.route('**/graphql', (route) =>
    route.request().postData()?.includes('query WatchedCameras') ? route.abort() : route.continue(),
  )
  const points: [number, number][] = [
    [0.1, 0.1],
    [0.9, 0.9],
  ]
  const zone = { id: 'z', name: 'Stop line', kind: 'line' as const, points }
  const { points: _, ...row } = zone
  await api.database
    .insertInto('zones')
    .values({ ...row, camera_id: 'cam-0', points: JSON.stringify(points) })
    .execute()
  await eventually(async () => {
    await tell(api.log, 'events.cameras', ZoneChanged.of('cam-0', { change: 'added', zone }))
    return (await page.getByRole('button', { name: 'Change Stop line' }).count()) === 1
  })
})
