import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { CameraOnline } from '../../platform/events/camera.ts'
import { POLL_SECONDS } from '../../platform/manifests/plan.ts'
import { eventually } from '../support/log.ts'
import { kustomization } from '../support/overlays.ts'
import { tell } from '../support/subscriber.ts'
import { type ColdStart, coldStartOf, DEPLOYMENTS, linesOf, shortenCooldown, type Waker } from './cold-start.ts'
import { apply, built, get, kubectl, type Manifest, type Seen, tried, watch } from './kubectl.ts'
import { processesOf } from './processes.ts'
import { Traffic } from './traffic.ts'
import { holdAt, inSentinel, isReady, letScale, NOT_RUN, podsOf, startWorld, untilGone, type World } from './world.ts'

const SOON_MS = 180_000
/** A cooldown, a look at the lag before and one after it, and what a Pod takes to go. */
const TO_ZERO_MS = 150_000
const CAMERAS = 10

/** Replicas that were asked for, one after another. */
function replicasIn(seen: readonly Seen[]): number[] {
  const all = seen.map(({ object }) => object.spec.replicas as number)
  return all.filter((replicas, n) => replicas !== all[n - 1])
}

async function untilAllTold(traffic: Traffic): Promise<void> {
  await eventually(() => traffic.lost.length === 0, SOON_MS * 2).catch(() => {})
  assert.deepEqual(traffic.lost, [])
  assert.deepEqual(traffic.disordered, [])
}

/** A Pod in whose middle of work something is to happen: some of what was sent is told of, and not all. */
async function midBatch(traffic: Traffic): Promise<Manifest> {
  // It tells of the first frames before the kubelet has asked it whether it is ready.
  await traffic.send(CAMERAS)
  await eventually(async () => (await podsOf('detect')).some(isReady), SOON_MS)
  const [pod] = (await podsOf('detect')).filter(isReady)
  await untilAllTold(traffic)
  const before = traffic.told
  for (let n = 0; n < 60; n++) await traffic.send(CAMERAS)
  await eventually(() => traffic.told > before, SOON_MS)
  assert.ok(pod && traffic.lost.length > CAMERAS)
  return pod
}

/** What a commit that changes a setting of detect gives. */
async function withSetting(t: TestContext, setting: string): Promise<Manifest[]> {
  const generator = { name: 'detect-settings', namespace: 'sentinel', behavior: 'merge', literals: [setting] }
  const folder = await kustomization(t, {
    resources: ['tests/cluster/overlays/counted'],
    configMapGenerator: [generator],
  })
  const manifests = (await built(folder)).filter(({ metadata }) => /^detect/.test(metadata.name))
  return manifests.filter(({ kind }) => kind === 'ConfigMap' || kind === 'Deployment')
}

async function jobsComplete(t: TestContext): Promise<void> {
  const wait = ['wait', ...inSentinel, '--for=condition=Complete', `--timeout=${SOON_MS}ms`, 'job', '--all']
  const { code } = await tried(wait)
  const logs = ['logs', ...inSentinel, '--selector=batch.kubernetes.io/job-name', '--prefix', '--tail=20']
  assert.equal(code, 0, code === 0 ? '' : await kubectl(logs))
  const { items } = await get(...inSentinel, 'jobs')
  for (const { metadata, status } of items) {
    const seconds = (Date.parse(status.completionTime) - Date.parse(status.startTime)) / 1000
    t.diagnostic(`Job ${metadata.name}: ${seconds} s, ${status.failed ?? 0} attempts failed`)
  }
  assert.deepEqual(items.map(({ metadata }: Manifest) => metadata.name).sort(), [
    'buckets',
    'migrations',
    'model',
    'topics',
  ])
}

async function everyFunctionRuns({ later }: World): Promise<void> {
  const runnable = later.filter(({ metadata }) => !NOT_RUN.includes(metadata.name))
  await apply(runnable.map((manifest) => (manifest.kind === 'ScaledObject' ? heldAt(manifest, 1) : manifest)))
  const names = runnable.filter(({ kind }) => kind === 'Deployment').map(({ metadata }) => metadata.name)
  await kubectl(['wait', ...inSentinel, '--for=condition=Available', `--timeout=${SOON_MS}ms`, 'deployment', ...names])
  for (const name of names) {
    const [pod] = await podsOf(name)
    const [{ restartCount, state }] = pod.status.containerStatuses
    assert.deepEqual([restartCount, Object.keys(state)], [0, ['running']], name)
  }
  await holdAt('--all', 0)
  for (const name of names.filter((name) => name !== 'api')) await untilGone(name, SOON_MS)
}

function heldAt(scaled: Manifest, replicas: number): Manifest {
  const annotations = { 'autoscaling.keda.sh/paused-replicas': String(replicas) }
  return { ...scaled, metadata: { ...scaled.metadata, annotations } }
}

async function scales(t: TestContext, traffic: Traffic): Promise<void> {
  const seen = watch(t, DEPLOYMENTS, 'fieldSelector=metadata.name=detect')
  await eventually(() => seen.length > 0, SOON_MS)
  await letScale('detect')
  for (let n = 0; n < 150; n++) await traffic.send(CAMERAS)
  await untilAllTold(traffic)
  await untilGone('detect', TO_ZERO_MS)
  const replicas = replicasIn(seen)
  t.diagnostic(`replicas of detect: ${replicas.join(' → ')}; ${traffic.sent} frames, ${traffic.repeated} told again`)
  assert.deepEqual([replicas[0], replicas[1], replicas.at(-1)], [0, 1, 0])
  assert.ok(Math.max(...replicas) > 1)
}

async function survivesDeletion(t: TestContext, traffic: Traffic): Promise<void> {
  const { metadata } = await midBatch(traffic)
  await kubectl(['delete', ...inSentinel, 'pod', metadata.name, '--grace-period=0', '--force'])
  await untilAllTold(traffic)
  t.diagnostic(`${traffic.sent} frames sent since the beginning, ${traffic.repeated} told again, 0 lost`)
}

async function survivesKill(t: TestContext, traffic: Traffic): Promise<void> {
  const { metadata } = await midBatch(traffic)
  const killed = await processesOf(metadata.uid, 'node')
  assert.ok(killed.length > 0)
  for (const { pid } of killed) process.kill(pid, 'SIGKILL')
  await untilAllTold(traffic)
  const [pod] = (await podsOf('detect')).filter((each) => each.metadata.uid === metadata.uid)
  if (pod) assert.equal(pod.status.containerStatuses[0].restartCount, 1)
  t.diagnostic(`${traffic.sent} frames sent since the beginning, ${traffic.repeated} told again, 0 lost`)
}

async function survivesRevision(t: TestContext, traffic: Traffic): Promise<void> {
  const sending = sendFor(traffic, 40_000, 200)
  await eventually(async () => (await podsOf('detect')).some(isReady), SOON_MS)
  await apply(await withSetting(t, 'SENTINEL_LOST_SECONDS=3'))
  await kubectl(['rollout', ...inSentinel, 'status', 'deployment', 'detect', `--timeout=${SOON_MS}ms`])
  await sending
  await untilAllTold(traffic)
  t.diagnostic(`${traffic.sent} frames sent since the beginning, ${traffic.repeated} told again, 0 lost`)
}

/** Four cameras, for so long and so often. */
async function sendFor(traffic: Traffic, ms: number, everyMs: number): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(everyMs)) await traffic.send(4)
}

async function evicted(name: string) {
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: 'sentinel' } }
  return tried(
    ['create', '--raw', `/api/v1/namespaces/sentinel/pods/${name}/eviction`, '-f', '-'],
    JSON.stringify(eviction),
  )
}

async function budgetHolds(t: TestContext): Promise<void> {
  await eventually(async () => (await podsOf('api')).filter(isReady).length === 2, SOON_MS)
  const answers = poll('http://api.sentinel.svc.cluster.local/livez')
  const [first, second] = await podsOf('api')
  assert.equal((await evicted(first.metadata.name)).code, 0)
  const refused = await evicted(second.metadata.name)
  assert.equal(refused.code, 1)
  assert.match(refused.complaints, /would violate the pod's disruption budget/)
  await eventually(async () => (await podsOf('api')).filter(isReady).length === 2, SOON_MS)
  const { asked, failed } = await answers.end()
  t.diagnostic(`the API was asked ${asked} times during the eviction, ${failed.length} without an answer`)
  assert.deepEqual(failed, [])
}

/** Asks again and again, each time on a connection of its own. */
function poll(url: string) {
  const stop = new AbortController()
  const failed: string[] = []
  let asked = 0
  const running = (async () => {
    for (; !stop.signal.aborted; await sleep(50)) {
      asked++
      await fetch(url, { headers: { connection: 'close' } }).then(
        ({ status }) => status === 200 || failed.push(String(status)),
        (error: Error) => failed.push(String(error.cause ?? error)),
      )
    }
  })()
  const end = async () => {
    stop.abort()
    await running
    return { asked, failed }
  }
  return { end }
}

const RUNS = 3
/** What an image that is there already may add to KEDA's interval. */
const START_MS = 2000

async function startsCold(t: TestContext, { log }: World, waker: Waker): Promise<void> {
  await shortenCooldown(waker.name)
  await letScale(waker.name)
  const runs: ColdStart[] = []
  for (let n = 0; n < RUNS; n++) runs.push(await coldStartOf(t, log, waker))
  for (const line of linesOf(waker.name, runs)) t.diagnostic(line)
  const totals = runs.map(({ total }) => total).sort((a, b) => a - b)
  assert.ok(totals[Math.floor(RUNS / 2)]! <= POLL_SECONDS * 1000 + START_MS, totals.join(', '))
}

function storing({ log, database: { database } }: World): Waker {
  const rows = (id: string) => database.selectFrom('events').select('id').where('subject', '=', id).execute()
  return {
    name: 'event-store',
    send: async () => {
      const camera = `cold-${Date.now()}`
      await tell(log, 'events.cameras', CameraOnline.of(camera, { width: 640, height: 360, fps: null, codec: 'h264' }))
      return camera
    },
    doneAt: async (id) => ((await rows(id)).length > 0 ? Date.now() : undefined),
  }
}

function detecting(traffic: Traffic): Waker {
  return { name: 'detect', send: async () => (await traffic.send(1))[0]!, doneAt: (id) => traffic.of(id)?.at }
}

test('what deploy/ says, on a real Kubernetes with KEDA and Kafka', async (t) => {
  const world = await startWorld(t, 'counted')
  await t.test('the Jobs make schema, topics, buckets and the first model', jobsComplete)
  await t.test('every function runs as a Pod from its own image and gets ready', () => everyFunctionRuns(world))
  const traffic = await Traffic.open(t, world.log)
  await t.test('detect goes from none to one to several and back to none, and loses nothing', (t) => scales(t, traffic))
  await t.test('a Pod deleted in the middle of a batch loses nothing', (t) => survivesDeletion(t, traffic))
  await t.test('a process killed in the middle of a batch loses nothing', (t) => survivesKill(t, traffic))
  await t.test('a new revision under load loses nothing', (t) => survivesRevision(t, traffic))
  for (const waker of [storing(world), detecting(traffic)]) {
    await t.test(`${waker.name} answers the first record soon after KEDA has looked`, (t) =>
      startsCold(t, world, waker),
    )
  }
  await t.test('the API answers while a node is drained, whose last Pod may not go', budgetHolds)
})
