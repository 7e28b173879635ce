import { SentinelError } from '../errors.ts'
import type { Topic } from '../events/topics.ts'
import type { FunctionDeclaration, ScaleOptions } from '../function.ts'
import { type Plan, POLL_SECONDS, planOf } from './plan.ts'

/** A share of a Knative Service's requests that one of its revisions gets. */
export interface TrafficShare {
  readonly revision: string
  readonly percent: number
}

export interface Declared {
  readonly functions: readonly FunctionDeclaration[]
  readonly topics: Readonly<Record<string, Topic>>
  /** By what is built: `repository:tag` or `repository@sha256:…`. */
  readonly images: Readonly<Record<string, string>>
  /** Of functions whose requests are split between revisions. */
  readonly traffic?: Readonly<Record<string, readonly TrafficShare[]>>
}

/** `keda-hpa-NAME` and `NAME-00001-deployment` are names too, of 63 characters at most. */
const LONGEST_NAME = 40
const NAME = /^[a-z]([a-z0-9-]*[a-z0-9])?$/
/** Knative's own bound of a request (`max-revision-timeout-seconds`). */
const LONGEST_REQUEST = 600
const LONGEST_GRACE = 4 * 3600
const MIN_MEMORY = 64
const IMAGE = /^[a-z0-9][a-z0-9./_:-]*?(:(?<tag>[\w][\w.-]{0,127})|@sha256:[0-9a-f]{64})$/

/** @throws SentinelError `CONFIGURATION_INVALID` with every reason why a cluster could not run what is declared. */
export function refuseWhatCannotWork(declared: Declared): void {
  const problems = problemsOf(declared)
  if (problems.length === 0) return
  const lines = problems.map((problem) => `  ${problem}`).join('\n')
  throw new SentinelError('CONFIGURATION_INVALID', `No cluster could run these functions; correct them:\n${lines}`)
}

function problemsOf({ functions, topics, images, traffic = {} }: Declared): string[] {
  const plans = functions.map(planOf)
  return [
    ...plans.flatMap((plan) => problemsOfPlan(plan, topics).map((problem) => `${plan.name}: ${problem}`)),
    ...twice(plans.map(({ name }) => name)).map(
      (name) => `${name}: two functions have this name, and so one consumer group.`,
    ),
    ...Object.entries(images).flatMap(([name, image]) =>
      problemsOfImage(image).map((problem) => `image ${name}: ${problem}`),
    ),
    ...Object.entries(traffic).flatMap(([name, shares]) =>
      problemsOfTraffic(plans, name, shares).map((problem) => `${name}: ${problem}`),
    ),
  ]
}

function problemsOfPlan(plan: Plan, topics: Declared['topics']): string[] {
  return [
    ...problemsOfName(plan.name),
    ...problemsOfScale(plan.scale),
    ...problemsOfLag(plan, topics),
    ...problemsOfHost(plan),
    ...problemsOfPod(plan),
  ]
}

function problemsOfName(name: string): string[] {
  if (!NAME.test(name)) return ['a name has lower-case letters, digits and dashes, and begins with a letter.']
  return name.length > LONGEST_NAME
    ? [`a name has ${LONGEST_NAME} characters at most; what is made of it has more.`]
    : []
}

function problemsOfScale({ min, max, lag }: ScaleOptions): string[] {
  return [
    ...(isWhole(min, 0) ? [] : [`scale.min is ${min}, no whole number from 0 on.`]),
    ...(isWhole(max, 1) ? [] : [`scale.max is ${max}, no whole number from 1 on: nothing would ever run.`]),
    ...(min > max ? [`scale.min is ${min}, above scale.max, which is ${max}.`] : []),
    ...(isWhole(lag, 1) ? [] : [`scale.lag is ${lag}, no whole number from 1 on.`]),
  ]
}

function problemsOfLag(plan: Plan, topics: Declared['topics']): string[] {
  const { topics: names, takes, emits, scale, pod } = plan
  if (names.length === 0) return ['it takes no events, so that nothing would ever wake it.']
  const returning = emits.filter((type) => takes.includes(type))
  return [
    ...names.flatMap((name) => problemsOfTopic(name, topics[name], plan)),
    ...returning.map((type) => `it emits ${type} and takes it: its lag never reaches zero.`),
    ...(scale.cooldown > pod.coldStart
      ? []
      : [`its cooldown of ${scale.cooldown} s is no longer than its cold start of ${pod.coldStart} s: it would flap.`]),
  ]
}

function problemsOfTopic(name: string, topic: Topic | undefined, { scale, pod }: Plan): string[] {
  if (!topic) return [`there is no topic ${name}; declare it among the topics.`]
  const { partitions, retentionMs } = topic
  const waking = POLL_SECONDS + pod.coldStart
  return [
    ...(scale.max > partitions
      ? [`scale.max is ${scale.max}, but ${name} has ${partitions} partitions: the replicas beyond would idle.`]
      : []),
    ...(retentionMs > waking * 1000
      ? []
      : [
          `${name} keeps events for ${retentionMs / 1000} s, and it takes up to ${waking} s to wake: they would be lost.`,
        ]),
  ]
}

function problemsOfHost({ host, scale, grace, topics }: Plan): string[] {
  if (host === 'knative' && grace > LONGEST_REQUEST)
    return [`a delivery and its stop take up to ${grace} s, and Knative waits ${LONGEST_REQUEST} s; host it on kafka.`]
  if (host !== 'job') return []
  return [
    ...(scale.min === 0 ? [] : ['a Job ends with its work: scale.min is 0.']),
    ...(topics.length === 1 ? [] : ['a Job takes its work from one topic.']),
  ]
}

function problemsOfPod({ pod: { cores, memory, coldStart, longestWork }, grace }: Plan): string[] {
  const bounds = Object.entries({ cores, memory })
  return [
    ...bounds.flatMap(([what, [request, limit]]) =>
      request > 0 && limit >= request ? [] : [`${what} ${request} to ${limit} are no request and limit.`],
    ),
    ...(memory[0] >= MIN_MEMORY ? [] : [`Node does not start in ${memory[0]} MiB; ask for ${MIN_MEMORY} or more.`]),
    ...(coldStart > 0 ? [] : ['a cold start takes time; say how much.']),
    ...(longestWork > 0 && grace <= LONGEST_GRACE
      ? []
      : [`its longest work of ${longestWork} s makes a node wait for ${grace} s; ${LONGEST_GRACE} s are the most.`]),
  ]
}

function problemsOfImage(image: string): string[] {
  const found = IMAGE.exec(image)
  if (!found) return [`${image} has neither tag nor digest: what runs would change without a commit.`]
  return found.groups?.tag === 'latest' ? [`${image} means another image every day; name a version or a digest.`] : []
}

function problemsOfTraffic(plans: readonly Plan[], name: string, shares: readonly TrafficShare[]): string[] {
  const plan = plans.find((one) => one.name === name)
  if (plan?.host !== 'knative') return ['only what Knative hosts splits its requests between revisions.']
  const sum = shares.reduce((total, { percent }) => total + percent, 0)
  return [
    ...(sum === 100 ? [] : [`its traffic sums to ${sum} percent, not to 100.`]),
    ...shares
      .filter(({ percent }) => !isWhole(percent, 0))
      .map(({ revision }) => `${revision} gets no whole percentage.`),
  ]
}

function isWhole(value: number, least: number): boolean {
  return Number.isInteger(value) && value >= least
}

function twice(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))]
}
