import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { addAnnotation, labelled } from '../support/annotations.ts'
import { type Api, addCameras } from '../support/api.ts'
import { accessibilityProblems, prepareDashboard } from '../support/dashboard.ts'
import { defer } from '../support/defer.ts'
import { eventually } from '../support/log.ts'
import { addReviewItems } from '../support/review.ts'
import { STREET } from '../support/street.ts'
import { dragByTouch } from '../support/touch.ts'

const dashboard = prepareDashboard()

async function openDesk(t: Parameters<typeof dashboard.open>[0], items: number, options = {}) {
  const api = await dashboard.openApi(t)
  await addCameras(api.database, 1)
  await addReviewItems(api, items)
  const page = await dashboard.open(t, api, '/triage', options)
  await isShown(page, 'review-0')
  return { api, page }
}

function isShown(page: Page, id: string): Promise<void> {
  return page.locator(`[data-item="${id}"]`).waitFor()
}

function isSaved(page: Page): Promise<void> {
  return page.locator('[data-saving="saved"]').waitFor()
}

function verdictsOf({ database }: Pick<Api, 'database'>) {
  return database
    .selectFrom('verdicts')
    .select(['item_id', 'verdict', 'boxes', 'withdrawn_at'])
    .orderBy('recorded_at')
    .execute()
}

test('one key a verdict: confirm, reject, skip, and each is saved behind the next item', async (t) => {
  const { api, page } = await openDesk(t, 4)
  await page.keyboard.press('f')
  await isShown(page, 'review-1')
  await page.keyboard.press('r')
  await page.keyboard.press('s')
  await isShown(page, 'review-3')
  await isSaved(page)
  assert.deepEqual(
    (await verdictsOf(api)).map(({ item_id, verdict }) => [item_id, verdict]),
    [
      ['review-0', 'confirm'],
      ['review-1', 'reject'],
      ['review-2', 'skip'],
    ],
  )
  await page.getByText('1 waiting').waitFor()
  await page.keyboard.press('Enter')
  await page.getByText('Nothing to review').waitFor()
})

test('a class by its digit, a box by the arrows, a missed box: the frame goes out corrected and whole', async (t) => {
  const { api, page } = await openDesk(t, 2)
  for (const key of ['3', 'ArrowRight', 'ArrowDown', 'Shift+ArrowRight', 'a', '6']) await page.keyboard.press(key)
  await page.getByRole('button', { name: 'Save correction' }).waitFor()
  await page.keyboard.press('f')
  await isShown(page, 'review-1')
  await isSaved(page)
  const [{ verdict, boxes }] = (await verdictsOf(api)) as [Awaited<ReturnType<typeof verdictsOf>>[0]]
  const [bus, person] = boxes as [(typeof boxes)[0], (typeof boxes)[0]]
  assert.deepEqual([verdict, bus.class, person.class], ['correct', 'bus', 'person'])
  const moved = bus.box.map((value, i) => value - [60 / 640, 150 / 360, 60 / 640, 60 / 360][i]!)
  assert.deepEqual(
    moved.map((value) => Number(value.toFixed(6))),
    [0.0025, 0.0025, 0.0025, 0],
  )
})

test('z goes back to the item, any depth, as it was left; and the server has what the page shows', async (t) => {
  const { api, page } = await openDesk(t, 6)
  await page.keyboard.press('4')
  for (const key of ['f', 'r', 's', 'f']) await page.keyboard.press(key)
  await isShown(page, 'review-4')
  for (let n = 0; n < 4; n++) await page.keyboard.press('z')
  await isShown(page, 'review-0')
  await page.getByRole('button', { name: 'motorcycle you' }).waitFor()
  await isSaved(page)
  assert.ok((await verdictsOf(api)).every(({ withdrawn_at }) => withdrawn_at !== null))
  const open = await api.database.selectFrom('triage_items').select('id').where('status', '=', 'open').execute()
  assert.equal(open.length, 6)
  await page.keyboard.press('f')
  await isShown(page, 'review-1')
})

test('a mouse moves a box, drags its corner, and draws a new one where nothing is', async (t) => {
  const { api, page } = await openDesk(t, 2)
  const at = async (x: number, y: number): Promise<[number, number]> => {
    const area = (await page.locator('[data-item]').boundingBox())!
    return [area.x + x * area.width, area.y + y * area.height]
  }
  const drag = async (from: [number, number], to: [number, number]) => {
    await page.mouse.move(...(await at(...from)))
    await page.mouse.down()
    await page.mouse.move(...(await at(...to)), { steps: 3 })
    await page.mouse.up()
  }
  const [x, y, side] = [60 / 640, 150 / 360, 60 / 640]
  await drag([x + side / 2, y + 0.05], [x + side / 2 + 0.1, y + 0.15])
  await drag([x + 0.1 + side, y + 0.1 + 60 / 360], [x + 0.1 + side + 0.05, y + 0.1 + 60 / 360 + 0.05])
  await drag([0.6, 0.1], [0.8, 0.3])
  await page.keyboard.press('f')
  await isSaved(page)
  const [{ boxes }] = (await verdictsOf(api)) as [Awaited<ReturnType<typeof verdictsOf>>[0]]
  const near = (box: readonly number[], wanted: readonly number[]) =>
    box.every((value, i) => Math.abs(value - wanted[i]!) < 0.004)
  assert.ok(near(boxes[0]!.box, [x + 0.1, y + 0.1, side + 0.05, 60 / 360 + 0.05]), String(boxes[0]!.box))
  assert.ok(near(boxes[1]!.box, [0.6, 0.1, 0.2, 0.2]), String(boxes[1]!.box))
})

test('two people at once never see the same item', async (t) => {
  const { api, page } = await openDesk(t, 12)
  const other = await dashboard.open(t, api, '/triage')
  await other.locator('[data-item]').waitFor()
  const judge = async (desk: Page) => {
    for (let n = 0; n < 12; n++) {
      if (await desk.getByText('Nothing to review').isVisible()) return
      await desk.keyboard.press('f')
      await desk.waitForTimeout(60)
    }
  }
  await Promise.all([judge(page), judge(other)])
  await eventually(async () => (await verdictsOf(api)).length === 12, 20_000)
  assert.equal(await page.getByRole('alert').count(), 0)
})

test('what is judged while the server is away is told as unsaved, and saved once when it is back', async (t) => {
  const { api, page } = await openDesk(t, 4)
  await page.waitForTimeout(500)
  const port = Number(new URL(api.server.url).port)
  await api.server.close()
  for (const key of ['f', 'f', 'r']) await page.keyboard.press(key)
  await page.getByRole('alert').getByText('Not saved yet').waitFor()
  const again = await api.start(port)
  defer(t, () => again.close())
  await isSaved(page)
  assert.deepEqual(
    (await verdictsOf(api)).map(({ verdict }) => verdict),
    ['confirm', 'confirm', 'reject'],
  )
})

test('what somebody else has judged first is told, and work goes on', async (t) => {
  const { api, page } = await openDesk(t, 3)
  await api.database.updateTable('triage_items').set({ status: 'rejected' }).where('id', '=', 'review-0').execute()
  await page.keyboard.press('f')
  await isShown(page, 'review-1')
  await page.getByRole('alert').getByText('rejected already').waitFor()
  await page.keyboard.press('f')
  await isShown(page, 'review-2')
})

test('it works by touch on a phone, and keeps WCAG 2.2 AA', async (t) => {
  const { api, page } = await openDesk(t, 3, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    reducedMotion: 'reduce',
  })
  assert.deepEqual(await accessibilityProblems(page), [])
  await page.getByRole('button', { name: 'bus' }).tap()
  await page.getByRole('button', { name: 'Save correction' }).tap()
  await isShown(page, 'review-1')
  await page.getByRole('button', { name: 'Reject' }).tap()
  await isShown(page, 'review-2')
  await page.getByRole('button', { name: 'Undo' }).tap()
  await isShown(page, 'review-1')
  const { x, y, width, height } = (await page.locator('[data-item]').boundingBox())!
  const [left, top, half] = [140 / STREET.width, 150 / STREET.height, STREET.side / 2]
  const middle = { x: x + (left + half / STREET.width) * width, y: y + (top + half / STREET.height) * height }
  await dragByTouch(page, middle, { x: middle.x + 0.2 * width, y: middle.y + 0.1 * height })
  await page.getByRole('button', { name: 'Save correction' }).tap()
  await isShown(page, 'review-2')
  await isSaved(page)
  const { boxes } = (await verdictsOf(api)).findLast(({ item_id }) => item_id === 'review-1')!
  const [movedX, movedY] = boxes[0]!.box
  assert.ok(Math.abs(movedX - left - 0.2) < 0.01 && Math.abs(movedY - top - 0.1) < 0.01, `${boxes[0]!.box}`)
})

test('under a name one also judges what others have judged, and decides what they do not agree on', async (t) => {
  const api = await dashboard.openApi(t)
  const { database } = api
  await addCameras(database, 1)
  await addReviewItems(api, 2)
  const said = { verdict: 'confirm' as const, boxes: '[]', note: null, withdrawn_at: null }
  await database
    .insertInto('verdicts')
    .values({ id: 'v-1', item_id: 'review-1', recorded_by: 'ada', ...said })
    .execute()
  await database.updateTable('triage_items').set({ status: 'confirmed' }).execute()
  await addDispute(database, 'review-0')
  const page = await dashboard.open(t, api, '/triage')
  await page.getByText('Nothing to review').waitFor()
  await page.getByRole('button', { name: 'Preferences' }).click()
  await page.getByLabel('Your name').fill('cyd')
  await page.keyboard.press('Escape')
  await page.getByRole('switch', { name: 'Second opinions' }).click()
  await page.locator('[data-item]').waitFor()
  await page.getByRole('link', { name: '1 disputed' }).click()
  await page.getByRole('article', { name: 'bob' }).waitFor()
  assert.deepEqual(await accessibilityProblems(page), [])
  await page.keyboard.press('2')
  await eventually(async () => (await verdictsOf(api)).length === 2)
  const decided = await database.selectFrom('verdicts').selectAll().where('item_id', '=', 'review-0').execute()
  assert.deepEqual(
    decided.map(({ recorded_by, boxes }) => [recorded_by, ...boxes.map((box) => box.class)]),
    [['cyd', 'bus']],
  )
  await page.keyboard.press('1')
  await page.getByRole('alert').getByText('You have judged this item already').waitFor()
})

/** Two people who do not agree, as annotation-store leaves it. */
async function addDispute(database: Api['database'], item: string): Promise<void> {
  await addAnnotation(database, item, { boxes: [labelled()] })
  const [row] = await database.selectFrom('annotations').selectAll().execute()
  const boxes = JSON.stringify([labelled(0.5, 'bus')])
  const other = { verdict_id: 'v-other', annotator: 'bob', before: '[]', boxes, recorded_at: new Date() }
  await database
    .insertInto('annotations')
    .values({ ...row!, ...other, stands: false })
    .execute()
  await database.updateTable('annotations').set({ stands: false, rule: null, agreed_by: [] }).execute()
}
