import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { lagOf } from '../../platform/hosts/metrics.ts'
import { root } from '../../platform/paths.ts'
import { quantile } from '../performance/figures.ts'
import { defer } from '../support/defer.ts'
import { eventually } from '../support/log.ts'
import { rtspServer } from '../support/rtsp.ts'
import { ask } from '../support/sentinel.ts'
import { subscribe } from '../support/subscription.ts'
import { forward } from './engines.ts'
import { apply, get, kubectl, type Manifest } from './kubectl.ts'
import { peakMiB } from './processes.ts'
import { inSentinel, NOT_RUN, startWorld, type World } from './world.ts'

const CAMERAS = 10
const FPS = 5
const MINUTES = Number(process.env.SENTINEL_TEST_MINUTES || 10)
const SOON_MS = 180_000
const FIRST_PORT = 8554
/** From a capture to what a dashboard hears. */
const LATENCY_MS = 3000

interface Heard {
  readonly frameDetected: { readonly camera: { readonly id: string }; readonly capturedAt: string }
}

/** Real RTSP servers that play the city's clips, where Pods reach them. @returns their URLs */
async function startCameras(t: TestContext): Promise<string[]> {
  const rows = JSON.parse(await readFile(join(root, 'city', 'cameras.json'), 'utf8')) as { source: string }[]
  const clips = rows.slice(0, CAMERAS).map(({ source }) => resolve(root, 'city', source.replace(/#.*/, '')))
  return Promise.all(
    clips.map(async (clip, n) => {
      const server = await rtspServer.start(clip)
      defer(t, () => server.stop())
      return `rtsp://${await forward(t, FIRST_PORT + n, `127.0.0.1:${server.port}`)}/cam`
    }),
  )
}

async function addCameras(api: { origin: string; token: string }, sources: readonly string[]): Promise<void> {
  const mutation = 'mutation ($i: AddCameraInput!) { addCamera(input: $i) { errors { message } } }'
  for (const [n, source] of sources.entries()) {
    const { data } = await ask(api, mutation, { i: { name: `Camera ${n}`, source, fps: FPS } })
    assert.deepEqual(data.addCamera.errors, [])
  }
}

/** The most that any function had to catch up with, looked at every few seconds. */
async function watchLag({ log }: World, ms: number): Promise<Map<string, number>> {
  const most = new Map<string, number>()
  for (const end = Date.now() + ms; Date.now() < end; await sleep(5000)) {
    for (const name of ['detect', 'event-store', 'triage-router', 'frame-keeper']) {
      most.set(name, Math.max(most.get(name) ?? 0, await lagOf(log, name)))
    }
  }
  return most
}

async function tellPods(t: TestContext): Promise<void> {
  const { items } = await get(...inSentinel, 'pods', '--field-selector=status.phase=Running')
  for (const { metadata, status } of items as Manifest[]) {
    const [{ restartCount }] = status.containerStatuses
    assert.equal(restartCount, 0, metadata.name)
    t.diagnostic(`Pod ${metadata.name}: at most ${await peakMiB(metadata.uid)} MiB`)
  }
}

test(`ten cameras for ${MINUTES} minutes`, { skip: rtspServer.skip }, async (t) => {
  const world = await startWorld(t, 'live')
  await kubectl(['wait', ...inSentinel, '--for=condition=Complete', `--timeout=${SOON_MS}ms`, 'job', '--all'])
  await apply(world.later.filter(({ metadata }) => !NOT_RUN.includes(metadata.name)))
  await kubectl(['rollout', ...inSentinel, 'status', 'deployment', 'api', `--timeout=${SOON_MS}ms`])
  const api = { origin: 'http://api.sentinel.svc.cluster.local', token: world.adminToken }
  await addCameras(api, await startCameras(t))

  const latencies: number[] = []
  const frames = new Map<string, number>()
  const query = 'subscription { frameDetected { camera { id } capturedAt } }'
  const subscription = subscribe<Heard>(api, query, ({ frameDetected: { camera, capturedAt } }) => {
    latencies.push(Date.now() - Date.parse(capturedAt))
    frames.set(camera.id, (frames.get(camera.id) ?? 0) + 1)
  })
  await eventually(() => frames.size === CAMERAS, SOON_MS)
  latencies.length = 0
  frames.clear()
  const lags = await Promise.race([watchLag(world, MINUTES * 60_000), subscription.broken])
  await subscription.close()

  const rates = [...frames.values()].map((number) => number / (MINUTES * 60))
  t.diagnostic(`detections a second and camera: ${rates.map((rate) => rate.toFixed(2)).join(', ')}`)
  t.diagnostic(`capture to dashboard: p50 ${quantile(latencies, 0.5)}, p95 ${quantile(latencies, 0.95)} ms`)
  t.diagnostic(`most lag: ${[...lags].map(([name, lag]) => `${name} ${lag}`).join(', ')}`)
  await tellPods(t)
  assert.equal(frames.size, CAMERAS)
  assert.ok(quantile(latencies, 0.95) < LATENCY_MS)
})
