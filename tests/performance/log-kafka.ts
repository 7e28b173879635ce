import { randomBytes } from 'node:crypto'
import { Kafka } from 'kafkajs'
import { CLIENTS, readPlace } from '../../platform/adapters/log-kafka/place.ts'
import { applyTopics } from '../../platform/adapters/log-kafka/topics.ts'
import { type TopicName, topics } from '../../platform/events/topics.ts'
import { by } from '../support/kafka.ts'
import { cpuMs, type Figures, median, quantile } from './figures.ts'
import { bare, configOf, type Open, openPort } from './log-kafka/ways.ts'

const ROUNDS = 3
/** Records that are produced with one call, and calls that are under way together. */
const AT_ONCE = 50
const CALLS = 4
const PARTITIONS = 12

interface Size {
  readonly name: string
  readonly topic: TopicName
  readonly bytes: number
  readonly records: number
}

/** A detection, which is compressed, and a picture, which is not. */
const SIZES: readonly Size[] = [
  { name: 'kb1', topic: 'events.detections', bytes: 1000, records: 10_000 },
  { name: 'kb60', topic: 'frames', bytes: 60_000, records: 2000 },
]

interface Round {
  readonly seconds: number
  readonly cpuSeconds: number
  readonly latencies: readonly number[]
}

/** Our port on a real broker by each client, in turns with a bare producer and consumer of the same client that do the same. */
export async function benchKafka(url: string, say: (text: string) => void): Promise<Figures> {
  const ways = CLIENTS.flatMap((client): (readonly [string, Open])[] => [
    [`port by ${client}`, (place, topic) => openPort(by(client, place), topic)],
    [`bare ${client}`, bare[client]],
  ])
  const figures: Record<string, number> = {}
  for (const size of SIZES) {
    const rounds = new Map<string, Round[]>(ways.map(([name]) => [name, []]))
    for (let round = 1; round <= ROUNDS; round++) {
      for (const [name, open] of ways) {
        rounds.get(name)!.push(await inOwnSpace(url, size, open))
        say(`${size.name} ${name} ${round} of ${ROUNDS}`)
      }
    }
    for (const client of CLIENTS) {
      const own = figuresOf(size, rounds.get(`port by ${client}`)!, rounds.get(`bare ${client}`)!)
      for (const [figure, value] of Object.entries(own)) figures[`${size.name}.${client}.${figure}`] = value
    }
  }
  return figures
}

function figuresOf({ bytes, records }: Size, port: readonly Round[], loop: readonly Round[]): Figures {
  const seconds = (rounds: readonly Round[]): number => median(rounds.map((round) => round.seconds))
  const cpu = (rounds: readonly Round[]): number => median(rounds.map((round) => round.cpuSeconds))
  const latency = (rounds: readonly Round[], share: number): number =>
    median(rounds.map(({ latencies }) => quantile(latencies, share)))
  return {
    recordsPerSecond: records / seconds(port),
    megabytesPerSecond: (records * bytes) / seconds(port) / 1e6,
    p50Ms: latency(port, 0.5),
    p99Ms: latency(port, 0.99),
    cpuSecondsPer10k: (cpu(port) / records) * 10_000,
    bareRecordsPerSecond: records / seconds(loop),
    bareP50Ms: latency(loop, 0.5),
    bareP99Ms: latency(loop, 0.99),
    bareCpuSecondsPer10k: (cpu(loop) / records) * 10_000,
    timeOverBare: seconds(port) / seconds(loop),
    cpuOverBare: cpu(port) / cpu(loop),
  }
}

/** Topics of a round's own, gone after it. */
async function inOwnSpace(url: string, size: Size, open: Open): Promise<Round> {
  const place = readPlace(url)
  const prefix = `${place.prefix}bench-${randomBytes(4).toString('hex')}.`
  const own = inSpace(url, prefix)
  // Whatever a slow machine takes: what is dropped would never arrive.
  const kept = { partitions: PARTITIONS, retentionMs: 3_600_000, retentionBytes: 2 ** 31 }
  const declared = { [size.topic]: { ...topics[size.topic], ...kept } }
  await applyTopics(own, { topics: declared, groups: [{ group: 'bench', topics: [size.topic] }] })
  const way = await open(own, size.topic)
  try {
    return await oneRound(way, size)
  } finally {
    await way.close()
    const admin = new Kafka(configOf(place)).admin()
    await admin.connect()
    await admin.deleteTopics({ topics: [prefix + size.topic] })
    await admin.disconnect()
  }
}

function inSpace(url: string, prefix: string): string {
  const [place, search = ''] = url.split('?')
  const query = new URLSearchParams(search)
  query.set('prefix', prefix)
  return `${place!.replace(/\/$/, '')}/?${query}`
}

async function oneRound(way: Awaited<ReturnType<Open>>, { bytes, records }: Size): Promise<Round> {
  const latencies: number[] = []
  const all = Promise.withResolvers<void>()
  await way.consume((value) => {
    latencies.push(performance.now() - value.readDoubleLE(0))
    if (latencies.length === records) all.resolve()
  })
  // Text of 16 letters, which shrinks to about half, as JSON does.
  const filling = Buffer.from(randomBytes(bytes / 2).toString('hex'))
  const [cpu, started] = [cpuMs(), performance.now()]
  let left = records / AT_ONCE
  const caller = async (): Promise<void> => {
    while (left-- > 0) await way.produce(Array.from({ length: AT_ONCE }, () => stamped(filling)))
  }
  await Promise.all([all.promise, ...Array.from({ length: CALLS }, caller)])
  return { seconds: (performance.now() - started) / 1000, cpuSeconds: (cpuMs() - cpu) / 1000, latencies }
}

/** Begins with the moment at which it was made, milliseconds of this process. */
function stamped(filling: Buffer): Buffer {
  const value = Buffer.from(filling)
  value.writeDoubleLE(performance.now())
  return value
}
