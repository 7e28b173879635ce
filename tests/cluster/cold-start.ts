import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { lagOf } from '../../platform/hosts/metrics.ts'
import { POLL_SECONDS } from '../../platform/manifests/plan.ts'
import type { Log } from '../../platform/ports/log.ts'
import { eventually } from '../support/log.ts'
import { kubectl, type Manifest, type Seen, watch } from './kubectl.ts'
import { processesOf } from './processes.ts'
import { inSentinel, untilGone } from './world.ts'

const WITHIN_MS = 120_000
/** Shorter than in the manifests, so that the next cold start need not be waited for; longer than one takes. */
const COOLDOWN_SECONDS = 15
export const DEPLOYMENTS = '/apis/apps/v1/namespaces/sentinel/deployments'
const PODS = '/api/v1/namespaces/sentinel/pods'

/** What each step between a record and the first event that comes of it took, milliseconds. */
export interface ColdStart {
  /** Until KEDA has looked at the lag and asked for a Pod. */
  readonly polling: number
  /** Until a Pod is made and has a node. */
  readonly scheduling: number
  /** Until its process is there: sandbox, volumes, network, container. */
  readonly container: number
  /** Until the process has loaded its code and model and is a member of its group. */
  readonly process: number
  /** Until the event is out. */
  readonly event: number
  readonly total: number
}

export interface Waker {
  /** Of the function. */
  readonly name: string
  /** Gives it one thing to do. */
  send(): Promise<string>
  /** Milliseconds since the epoch at which that was done; undefined until then. */
  doneAt(id: string): Promise<number | undefined> | number | undefined
}

/** One record for a function of which nothing runs, at any moment of KEDA's interval. */
export async function coldStartOf(t: TestContext, log: Log, { name, send, doneAt }: Waker): Promise<ColdStart> {
  await eventually(async () => (await lagOf(log, name)) === 0, WITHIN_MS)
  await untilGone(name, WITHIN_MS)
  const query = `labelSelector=app.kubernetes.io/name=${name}`
  const scaled = watch(t, DEPLOYMENTS, query)
  const pods = watch(t, PODS, query)
  await eventually(() => scaled.length > 0, WITHIN_MS)
  await sleep(Math.random() * POLL_SECONDS * 1000)
  const producedAt = Date.now()
  const id = await send()
  const done = await untilDone(() => doneAt(id))
  const since = (seen: readonly Seen[]): Seen[] => seen.filter(({ at }) => at >= producedAt)
  return stepsOf(producedAt, [
    when(since(scaled), ({ spec }) => spec.replicas > 0),
    when(since(pods), ({ spec }) => spec.nodeName),
    ...(await processTimes(since(pods))),
    done,
  ])
}

async function untilDone(doneAt: () => ReturnType<Waker['doneAt']>): Promise<number> {
  for (const end = Date.now() + WITHIN_MS; Date.now() < end; await sleep(5)) {
    const at = await doneAt()
    if (at !== undefined) return at
  }
  throw new Error(`Nothing came of the record within ${WITHIN_MS} ms`)
}

function stepsOf(producedAt: number, times: readonly number[]): ColdStart {
  const [polling, scheduling, container, process, event] = times.map((time, n) =>
    Math.round(time - (times[n - 1] ?? producedAt)),
  ) as [number, number, number, number, number]
  return { polling, scheduling, container, process, event, total: Math.round(times.at(-1)! - producedAt) }
}

function when(seen: readonly Seen[], is: (object: Manifest) => unknown): number {
  const first = seen.find(({ object }) => is(object))
  if (!first) throw new Error('It happened, and nobody saw it happen.')
  return first.at
}

/** When its process began, and when that said that it was a member of its group. */
async function processTimes(pods: readonly Seen[]): Promise<[number, number]> {
  const { uid, name } = pods.find(({ type }) => type === 'ADDED')!.object.metadata
  const [process] = await processesOf(uid, 'node')
  const lines = (await kubectl(['logs', ...inSentinel, name])).split('\n').filter((line) => line.startsWith('{'))
  const running = lines.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'running')
  return [process!.startedAt, running.time]
}

export async function shortenCooldown(name: string): Promise<void> {
  const spec = { cooldownPeriod: COOLDOWN_SECONDS }
  await kubectl(['patch', ...inSentinel, 'scaledobject', name, '--type=merge', '-p', JSON.stringify({ spec })])
}

/** A line for each step: the median and all of the runs. */
export function linesOf(name: string, runs: readonly ColdStart[]): string[] {
  const steps = Object.keys(runs[0]!) as (keyof ColdStart)[]
  return steps.map((step) => {
    const all = runs.map((run) => run[step]).sort((a, b) => a - b)
    return `cold start of ${name}, ${step}: median ${all[Math.floor(all.length / 2)]} ms of ${all.join(', ')}`
  })
}
