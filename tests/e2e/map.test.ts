import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { Api } from '../support/api.ts'
import { accessibilityProblems, prepareDashboard } from '../support/dashboard.ts'
import { defer } from '../support/defer.ts'
import { detect } from '../support/detections.ts'
import { eventually } from '../support/log.ts'

const dashboard = prepareDashboard({ webgl: true })
const plain = prepareDashboard()

/** Shaders are compiled and drawn without a graphics card, beside other tests. */
const DRAWN_WITHIN_MS = 120_000
/** The smallest window with the list beside the map: fewer pixels to draw without a graphics card. */
const SMALL = { width: 1024, height: 560 }
const MUNICH = { latitude: 48.137, longitude: 11.575 }
const NEAR_MUNICH = `/map?at=${MUNICH.latitude},${MUNICH.longitude},16`

interface Placed {
  readonly id: string
  readonly name: string
  readonly latitude: number | null
  readonly longitude: number | null
}

async function addPlaced({ database }: Api, cameras: readonly Placed[]): Promise<void> {
  const rows = cameras.map((camera) => ({ source: 'rtsp://h/1', state: 'online' as const, heading: 45, ...camera }))
  await database.insertInto('cameras').values(rows).execute()
}

const bridge = { id: 'bridge', name: 'North Bridge', ...MUNICH }
const gate = { id: 'gate', name: 'East Gate', latitude: null, longitude: null }
const quay = { ...gate, id: 'quay', name: 'South Quay' }

async function openMap(
  t: TestContext,
  path: string,
  cameras: readonly Placed[],
  mapStyle?: string,
): Promise<{ api: Api; page: Page }> {
  const api = await dashboard.openApi(t, { ...(mapStyle !== undefined && { mapStyle }) })
  await addPlaced(api, cameras)
  const page = await dashboard.open(t, api, path, { viewport: SMALL, reducedMotion: 'reduce' })
  return { api, page }
}

/** The middle of the map, where the view of its address points. */
async function middleOf(page: Page): Promise<{ x: number; y: number }> {
  const { x, y, width, height } = (await page.getByRole('region', { name: 'Map' }).boundingBox())!
  return { x: x + width / 2, y: y + height / 2 }
}

const inView = (page: Page, name: string) => page.getByRole('region', { name: 'In view' }).getByRole('link', { name })
const placeOf = async ({ database }: Api, id: string) =>
  database.selectFrom('cameras').select(['latitude', 'longitude']).where('id', '=', id).executeTakeFirstOrThrow()

/** Another server that has a style, and answers every other question with nothing. */
async function serveStyle(t: TestContext, style: object | undefined): Promise<string> {
  const server = createServer(({ url }, response) => {
    const found = style && url === '/style.json'
    response.writeHead(found ? 200 : 404, { 'access-control-allow-origin': '*' })
    response.end(found ? JSON.stringify(style) : '')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  defer(t, () => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/style.json`
}

/** Red, green and blue a little beside the corner of the map. */
async function groundColour(page: Page): Promise<string> {
  const { x, y } = (await page.getByRole('region', { name: 'Map' }).boundingBox())!
  const png = await page.screenshot({ clip: { x: x + 8, y: y + 8, width: 1, height: 1 } })
  return page.evaluate(`(async () => {
    const image = new Image()
    image.src = 'data:image/png;base64,${png.toString('base64')}'
    await image.decode()
    const copy = new OffscreenCanvas(1, 1).getContext('2d')
    copy.drawImage(image, 0, 0)
    return copy.getImageData(0, 0, 1, 1).data.slice(0, 3).join()
  })()`)
}

test('of five thousand cameras one is found by its name; it says what it sees, shows its picture, and leads to it', async (t) => {
  const many = Array.from({ length: 5000 }, (_, n) => ({
    id: `us-${n}`,
    name: `Interstate ${n}`,
    latitude: 30 + ((n * 7919) % 1700) / 100,
    longitude: -122 + ((n * 104_729) % 4800) / 100,
  }))
  const neighbour = { ...bridge, id: 'bank', name: 'West Bank', longitude: MUNICH.longitude - 0.004 }
  const { api, page } = await openMap(t, '/map', [...many, bridge, neighbour])
  await page.waitForURL('**/map?at=*', { timeout: DRAWN_WITHIN_MS })
  const [, alone] = /(\d+)$/.exec(await page.getByRole('heading', { name: /^In view/ }).innerText())!
  assert.ok(Number(alone) < 20, `from far away ${alone} cameras stand alone`)
  await page.getByRole('combobox', { name: 'Find a camera' }).fill('north b')
  await page.keyboard.press('Enter')
  await inView(page, 'North Bridge').waitFor({ timeout: DRAWN_WITHIN_MS })
  await eventually(async () => {
    await detect(api.log, 'bridge')
    return (await page.getByTitle('1 object now').count()) === 1
  }, 20_000)
  const { x, y } = await middleOf(page)
  await page.mouse.move(x, y)
  const card = page.locator('[data-card="bridge"]')
  await card.waitFor()
  assert.equal(await card.locator('canvas').count(), 1)
  await page.mouse.click(x, y)
  await page.waitForURL('**/live?focus=bridge')
})

test('on a map in the style of another server cameras are dragged to where they stand, also those without a place; keys reach what the pointer does', async (t) => {
  const layers = [{ id: 'back', type: 'background', paint: { 'background-color': '#ff00ff' } }]
  const mapStyle = await serveStyle(t, { version: 8, sources: {}, layers })
  const { api, page } = await openMap(t, NEAR_MUNICH, [bridge, gate, quay], mapStyle)
  await inView(page, 'North Bridge').waitFor({ timeout: DRAWN_WITHIN_MS })
  await eventually(async () => (await groundColour(page)) === '255,0,255', DRAWN_WITHIN_MS)
  assert.deepEqual(await accessibilityProblems(page), [])
  await page.getByRole('button', { name: 'Move cameras' }).click()
  await page.getByText('it is saved when you let go').waitFor()
  const { x, y } = await middleOf(page)
  await eventually(async () => {
    await page.mouse.move(x + 1, y)
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + 120, y - 90, { steps: 4 })
    await page.mouse.up()
    return (await placeOf(api, 'bridge')).longitude! > MUNICH.longitude + 0.0005
  }, 20_000)
  assert.ok((await placeOf(api, 'bridge')).latitude! > MUNICH.latitude)
  const map = page.getByRole('region', { name: 'Map' })
  await page.getByText('East Gate').dragTo(map, { targetPosition: { x: 60, y: 60 } })
  await eventually(async () => (await placeOf(api, 'gate')).latitude !== null)
  const { latitude, longitude } = await placeOf(api, 'gate')
  assert.ok(latitude! > MUNICH.latitude && longitude! < MUNICH.longitude)
  // Where nothing can be dragged, as by finger on a phone: chosen, then the place.
  await page.getByRole('button', { name: 'South Quay' }).click()
  await page.getByText('tap the map where South Quay stands').waitFor()
  await map.click({ position: { x: 60, y: 200 } })
  await eventually(async () => (await placeOf(api, 'quay')).latitude !== null)
  await page.getByText('tap the map where').waitFor({ state: 'detached' })
  await inView(page, 'East Gate').waitFor({ timeout: DRAWN_WITHIN_MS })
  await inView(page, 'North Bridge').focus()
  await page.keyboard.press('Enter')
  await page.waitForURL('**/live?focus=bridge')
})

test('a browser without WebGL says so, and a style that does not load; the cameras are listed all the same', async (t) => {
  const mapStyle = await serveStyle(t, undefined)
  const api = await plain.openApi(t, { mapStyle })
  await addPlaced(api, [bridge])
  const page = await plain.open(t, api, '/map')
  await page.getByText('This browser cannot draw the map').waitFor()
  await page
    .getByRole('alert')
    .getByText(`The map of ${new URL(mapStyle).host} did not load`)
    .waitFor()
  await inView(page, 'North Bridge').waitFor()
})
