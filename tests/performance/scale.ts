import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { EmbeddedLog } from '../../platform/adapters/log-embedded/embedded-log.ts'
import { KafkaLog } from '../../platform/adapters/log-kafka/kafka-log.ts'
import { systemClock } from '../../platform/adapters/system-clock.ts'
import { SentinelError } from '../../platform/errors.ts'
import { type TopicName, topics } from '../../platform/events/topics.ts'
import type { Log } from '../../platform/ports/log.ts'
import { whyNoJava } from '../servers/java.ts'
import { KafkaServer } from '../servers/kafka.ts'
import { kafkaSpace } from '../support/kafka.ts'
import { type Benchmark, type Figures, quantile } from './figures.ts'
import { type AddReplica, members, processes, type Replica } from './scale/replicas.ts'
import { type Answer, FPS, prerecorded, Street } from './scale/street.ts'

const TOPICS = ['frames', 'events.detections', 'dlq-events'] satisfies TopicName[]
const CAMERAS = [10, 50, 200]
const PROCESSES = [2, 4]
const REPLICAS = [1, 2, 4]
/** Frames a second that are more than four replicas can take, and what a picture takes each of them. */
const [BUSY_CAMERAS, COST_MS] = [50, 20]
/** Cameras that two replicas have time for. */
const CALM_CAMERAS = 20
/** Until everybody has its partitions, and then measured; seconds. */
const [SETTLE, MEASURE] = [6, 15]
/** A group takes a dead member's partitions away after 10 s. */
const AFTER_KILL = 20

/** A log, and what runs detect on it. */
interface Place {
  readonly log: Log
  readonly add: AddReplica
}

type Say = (text: string) => void

export const scale: Benchmark = {
  about:
    'simulated cameras (frames recorded before) through replicas of detect whose model is a STUB that computes nothing: what log, host and tracker carry. On the embedded log, and on Kafka: one of its own, or --log',
  async run(say, { log: url, quick }) {
    const embedded = await onEmbedded((place) => replicasOn(place, 'embedded', say))
    if (quick) return embedded
    return { ...embedded, ...(await onBroker(url, (broker) => onKafka(broker, say))) }
  },
}

async function onKafka(broker: string, say: Say): Promise<Figures> {
  const figures: Record<string, number> = {}
  for (const cameras of CAMERAS)
    for (const count of PROCESSES) {
      const name = `kafka.stub0.cameras${cameras}.processes${count}`
      Object.assign(figures, named(name, await onSpace(broker, (place) => throughput(place, cameras, count, 0))))
      say(name)
    }
  Object.assign(figures, await onSpace(broker, (place) => replicasOn(place, 'kafka', say)))
  return { ...figures, ...named('kafka.pause', await onSpace(broker, (place) => pauses(place, say))) }
}

/** More frames than there is time for: what each further replica adds. */
async function replicasOn(place: Place, where: string, say: Say): Promise<Figures> {
  const figures: Record<string, number> = {}
  for (const count of REPLICAS) {
    const name = `${where}.stub${COST_MS}.replicas${count}`
    Object.assign(figures, named(name, await throughput(place, BUSY_CAMERAS, count, COST_MS)))
    say(name)
  }
  return figures
}

async function throughput({ log, add }: Place, cameras: number, count: number, costMs: number): Promise<Figures> {
  const street = new Street(log, await prerecorded())
  const replicas = await Promise.all(Array.from({ length: count }, () => add(costMs)))
  await street.open(cameras)
  await sleep(SETTLE * 1000)
  const cpu = await cpuOf(replicas)
  const [seen, produced, from] = [street.answers.length, street.produced, performance.now()]
  await sleep(MEASURE * 1000)
  const seconds = (performance.now() - from) / 1000
  const answers = street.answers.slice(seen)
  const offered = street.produced - produced
  const used = (await cpuOf(replicas)) - cpu
  const lag = (await log.lag('detect')).reduce((sum, each) => sum + each.lag, 0)
  await street.close()
  await Promise.all(replicas.map((replica) => replica.stop()))
  const ages = answers.map(({ capturedAt, at }) => at - capturedAt)
  return {
    ...{
      wantedPerSecond: cameras * FPS,
      offeredPerSecond: offered / seconds,
      framesPerSecond: answers.length / seconds,
    },
    ...{ p50Ms: quantile(ages, 0.5), p99Ms: quantile(ages, 0.99), lag, cpuMsPerFrame: used / answers.length },
    ...{ outOfOrder: street.outOfOrder, repeated: street.repeated },
  }
}

/** For how long a camera goes without an answer when a replica comes, goes and dies: the longest of all cameras. */
async function pauses({ log, add }: Place, say: Say): Promise<Figures> {
  const street = new Street(log, await prerecorded())
  const first = await add(0)
  const second = await add(0)
  await street.open(CALM_CAMERAS)
  await sleep(SETTLE * 1000)
  const during = async (what: string, seconds: number, change: () => Promise<unknown>): Promise<number> => {
    const from = Date.now()
    await change()
    await sleep(seconds * 1000)
    say(`kafka.pause.${what}`)
    return longestGap(street.answers, from, Date.now())
  }
  let third: Replica | undefined
  const steadyMs = await during('steady', MEASURE, async () => {})
  const joinMs = await during('join', MEASURE, async () => (third = await add(0)))
  const leaveMs = await during('leave', MEASURE, () => third!.stop())
  const killedMs = await during('killed', AFTER_KILL, () => second.kill())
  await street.close()
  await first.stop()
  return { steadyMs, joinMs, leaveMs, killedMs, outOfOrder: street.outOfOrder, repeated: street.repeated }
}

/** Between two answers of one camera, the bounds counted as answers; milliseconds. */
function longestGap(answers: readonly Answer[], from: number, to: number): number {
  const byCamera = Map.groupBy(answers, ({ camera }) => camera)
  const gaps = [...byCamera.values()].flatMap((all) => {
    const times = [from, ...all.map(({ at }) => at).filter((at) => at > from && at < to), to]
    return times.slice(1).map((at, i) => at - times[i]!)
  })
  return Math.max(...gaps)
}

async function cpuOf(replicas: readonly Replica[]): Promise<number> {
  const all = await Promise.all(replicas.map((replica) => replica.cpuMs()))
  return all.reduce((sum, each) => sum + each, 0)
}

const named = (name: string, figures: Figures): Figures =>
  Object.fromEntries(Object.entries(figures).map(([figure, value]) => [`${name}.${figure}`, value]))

async function onEmbedded<T>(work: (place: Place) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'sentinel-bench-scale-'))
  const log = await EmbeddedLog.open({ directory, clock: systemClock })
  try {
    return await work({ log, add: members(log) })
  } finally {
    await log.close()
    await rm(directory, { recursive: true })
  }
}

/** Topics of a run's own on a broker, gone after it. */
async function onSpace<T>(broker: string, work: (place: Place) => Promise<T>): Promise<T> {
  const space = await kafkaSpace(TOPICS, topics.frames.partitions, broker)
  const log = new KafkaLog(space.url)
  try {
    return await work({ log, add: processes(space.url) })
  } finally {
    await log.close()
    await space.remove()
  }
}

async function onBroker<T>(url: string | undefined, work: (broker: string) => Promise<T>): Promise<T> {
  if (url) return work(new URL(url).host)
  const lacking = await whyNoJava()
  if (lacking) throw new SentinelError('CONFIGURATION_INVALID', `${lacking} Or name a broker: --log kafka://HOST:PORT`)
  const server = await KafkaServer.start()
  try {
    return await work(server.broker)
  } finally {
    await server.remove()
  }
}
