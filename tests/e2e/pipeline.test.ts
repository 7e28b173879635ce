import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { launchBrowser } from '../support/browser.ts'
import { defer } from '../support/defer.ts'
import { eventually } from '../support/log.ts'
import { treeOf } from '../support/processes.ts'
import { type Answer, ask, type Started, startSentinel } from '../support/sentinel.ts'
import { sharedFile } from '../support/shared.ts'
import { subscribe } from '../support/subscription.ts'

const highway = sharedFile('video/intel_car-detection.mp4')
const road = sharedFile('video/udacity_test_video.mp4')
const model = sharedFile('models/yolox_nano.onnx')
const names = sharedFile('models/coco80.names')
const skip = highway.skip || road.skip || model.skip || names.skip

async function workplace(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-e2e-'))
  defer(t, () => rm(folder, { recursive: true, force: true }))
  return folder
}

async function start(t: TestContext, folder: string, cameras: readonly object[]): Promise<Started> {
  const file = join(folder, 'cameras.json')
  await writeFile(file, JSON.stringify(cameras))
  const args = ['--port', '0', '--data-dir', join(folder, 'data'), '--cameras', file]
  const started = await startSentinel([...args, '--model', model.path, '--names', names.path])
  defer(t, () => started.stop('SIGTERM'))
  return started
}

const looped = (name: string, path: string) => ({ name, source: `${path}#loop` })

describe('cameras in, live detections out', { skip }, () => {
  test('two clips become tracked boxes, an event log and moving pictures with their boxes', async (t) => {
    const sentinel = await start(t, await workplace(t), [looped('Highway', highway.path), looped('Road', road.path)])
    const seen = await boxesOfBoth(sentinel)
    assert.ok(
      seen.some((label) => label === 'car'),
      `saw ${seen.join(', ')}`,
    )
    await eventually(
      async () =>
        (await ask(sentinel, '{ events(first: 50) { edges { node { type } } } }')).data.events.edges.length >= 4,
    )
    await picturesMove(t, sentinel)
    const { data } = await ask(sentinel, '{ health { ready lag { function lag } } }')
    assert.equal(data.health.ready, true)
    assert.equal(await sentinel.stop(), 0)
  })

  test('kill -9 of the whole tree loses no committed detection and doubles none', async (t) => {
    const folder = await workplace(t)
    const cameras = Array.from({ length: 10 }, (_, n) => ({ ...looped(`Camera ${n}`, highway.path), fps: 2 }))
    const first = await start(t, folder, cameras)
    const before = new Set<string>()
    await eventually(async () => {
      for (const id of await storedFrames(first)) before.add(id)
      return before.size >= 60
    }, 60_000)
    for (const pid of treeOf(first.child.pid!)) process.kill(pid, 'SIGKILL')
    const second = await start(t, folder, cameras)
    const after = await storedFrames(second)
    assert.equal(new Set(after).size, after.length)
    const missing = [...before].filter((id) => !after.includes(id))
    assert.deepEqual(missing, [])
    await eventually(async () => (await storedFrames(second)).length > after.length, 30_000)
  })
})

/** Waits until both cameras have told a tracked box. @returns the classes seen. */
async function boxesOfBoth(sentinel: Started): Promise<string[]> {
  const query = 'subscription { frameDetected { camera { name } boxes { class trackId } } }'
  const cameras = new Set<string>()
  const classes: string[] = []
  const both = Promise.withResolvers<void>()
  const subscription = subscribe<Tracked>(sentinel, query, ({ frameDetected: { camera, boxes } }) => {
    if (!boxes.some(({ trackId }) => trackId)) return
    cameras.add(camera.name)
    classes.push(...boxes.map(({ class: label }) => label))
    if (cameras.size === 2 && classes.includes('car')) both.resolve()
  })
  await Promise.race([both.promise, subscription.broken])
  await subscription.close()
  return classes
}

interface Tracked {
  readonly frameDetected: {
    readonly camera: { readonly name: string }
    readonly boxes: readonly { readonly class: string; readonly trackId: string | null }[]
  }
}

/** What the dashboard tells tests of its tiles. */
interface Page {
  readonly __sentinel?: {
    readonly live: { readonly perCamera: Record<string, { fps: number; p50: number; skewFrames: number }> }
  }
}

async function picturesMove(t: TestContext, { url }: Started): Promise<void> {
  const browser = await launchBrowser()
  defer(t, () => browser.close())
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  const errors: string[] = []
  page.on('pageerror', ({ message }) => errors.push(message))
  await page.goto(url)
  const live = () => page.evaluate(() => Object.values((globalThis as Page).__sentinel?.live.perCamera ?? {}))
  await eventually(async () => (await live()).filter(({ fps }) => fps > 1).length === 2, 30_000)
  const stats = await live()
  assert.deepEqual(
    stats.map(({ skewFrames }) => skewFrames),
    [0, 0],
  )
  assert.ok(
    stats.every(({ p50 }) => p50 > 0 && p50 < 2000),
    JSON.stringify(stats),
  )
  assert.ok(!page.url().includes('token'))
  await page.getByRole('link', { name: 'Events' }).click()
  await page.locator('[data-event]').first().waitFor()
  assert.deepEqual(errors, [])
}

interface Detections {
  readonly detections: {
    readonly edges: readonly { readonly node: { readonly id: string } }[]
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  }
}

/** Every stored frame of the last hours, page after page. */
async function storedFrames(sentinel: Started): Promise<string[]> {
  const ids: string[] = []
  for (let after: string | null = null; ; ) {
    const query =
      'query ($after: String) { detections(first: 500, after: $after) { edges { node { id } } pageInfo { endCursor hasNextPage } } }'
    const answer: Answer<Detections> = await ask(sentinel, query, { after })
    const { edges, pageInfo } = answer.data!.detections
    ids.push(...edges.map(({ node }) => node.id))
    if (!pageInfo.hasNextPage) return ids
    after = pageInfo.endCursor
  }
}

/** Everything that descends from a process, ended at once. */
