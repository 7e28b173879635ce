import { randomBytes } from 'node:crypto'
import kafkajs, { CompressionTypes, Kafka, logLevel } from 'kafkajs'
import { KafkaLog } from '../../platform/adapters/log-kafka/kafka-log.ts'
import { readPlace } from '../../platform/adapters/log-kafka/place.ts'
import { applyTopics } from '../../platform/adapters/log-kafka/topics.ts'
import { type TopicName, topics } from '../../platform/events/topics.ts'
import { cpuMs, type Figures, median, quantile } from './figures.ts'

const ROUNDS = 3
/** Records that are produced with one call, and calls that are under way together. */
const AT_ONCE = 50
const CALLS = 4
const CAMERAS = 20
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

/** One way to move records: produced here, consumed and committed here, by the same process. */
interface Way {
  produce(values: readonly Buffer[]): Promise<unknown>
  /** Resolves when the records are coming in. */
  consume(onValue: (value: Buffer) => void): Promise<void>
  close(): Promise<void>
}

interface Round {
  readonly seconds: number
  readonly cpuSeconds: number
  readonly latencies: readonly number[]
}

/** Our port on a real broker, in turns with a bare producer and consumer of kafkajs that do the same. */
export async function benchKafka(url: string, say: (text: string) => void): Promise<Figures> {
  const figures: Record<string, number> = {}
  for (const size of SIZES) {
    const rounds: Record<'port' | 'bare', Round[]> = { port: [], bare: [] }
    for (let round = 1; round <= ROUNDS; round++) {
      for (const [name, open] of [
        ['port', openPort],
        ['bare', openBare],
      ] as const) {
        rounds[name].push(await inOwnSpace(url, size, open))
        say(`${size.name} ${name} ${round} of ${ROUNDS}`)
      }
    }
    Object.assign(figures, figuresOf(size, rounds.port, rounds.bare))
  }
  return figures
}

function figuresOf({ name, bytes, records }: Size, port: readonly Round[], bare: readonly Round[]): Figures {
  const seconds = (rounds: readonly Round[]): number => median(rounds.map((round) => round.seconds))
  const cpu = (rounds: readonly Round[]): number => median(rounds.map((round) => round.cpuSeconds))
  const latency = (rounds: readonly Round[], share: number): number =>
    median(rounds.map(({ latencies }) => quantile(latencies, share)))
  const figures = {
    recordsPerSecond: records / seconds(port),
    megabytesPerSecond: (records * bytes) / seconds(port) / 1e6,
    p50Ms: latency(port, 0.5),
    p99Ms: latency(port, 0.99),
    cpuSecondsPer10k: (cpu(port) / records) * 10_000,
    bareRecordsPerSecond: records / seconds(bare),
    bareP50Ms: latency(bare, 0.5),
    bareP99Ms: latency(bare, 0.99),
    bareCpuSecondsPer10k: (cpu(bare) / records) * 10_000,
    timeOverBare: seconds(port) / seconds(bare),
    cpuOverBare: cpu(port) / cpu(bare),
  }
  return Object.fromEntries(Object.entries(figures).map(([figure, value]) => [`${name}.${figure}`, value]))
}

/** Topics of a round's own, gone after it. */
async function inOwnSpace(
  url: string,
  size: Size,
  open: (url: string, topic: TopicName) => Promise<Way>,
): Promise<Round> {
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
    const admin = new Kafka({ ...place.config, logLevel: logLevel.NOTHING }).admin()
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

async function oneRound(way: Way, { bytes, records }: Size): Promise<Round> {
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

const keyOf = (index: number): string => `camera-${index % CAMERAS}`

async function openPort(url: string, topic: TopicName): Promise<Way> {
  const log = new KafkaLog(url)
  const stop = new AbortController()
  let consuming: Promise<void> | undefined
  return {
    produce: (values) =>
      log.produce(
        topic,
        values.map((value, i) => ({ key: keyOf(i), value, headers: { ce_id: `${i}` } })),
      ),
    consume: async (onValue) => {
      const member = await log.join({ group: 'bench', topics: [topic] })
      consuming = (async () => {
        while (!stop.signal.aborted) {
          const records = await member.fetch(500, stop.signal)
          for (const { value } of records) onValue(value as Buffer)
          const after = new Map(records.map((record) => [record.partition, record.offset + 1]))
          if (after.size > 0)
            await member.commit([...after].map(([partition, offset]) => ({ topic, partition, offset })))
        }
        await member.leave()
      })()
    },
    close: async () => {
      stop.abort()
      await consuming
      await log.close()
    },
  }
}

async function openBare(url: string, topic: TopicName): Promise<Way> {
  const { config, prefix } = readPlace(url)
  const kafka = new Kafka({ ...config, logLevel: logLevel.NOTHING })
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  })
  await producer.connect()
  const consumer = kafka.consumer({ groupId: `${prefix}bare`, maxWaitTimeInMs: 250 })
  const compression = topics[topic].compression === 'zstd' ? CompressionTypes.ZSTD : CompressionTypes.None
  return {
    produce: (values) =>
      producer.send({
        topic: prefix + topic,
        acks: -1,
        compression,
        messages: values.map((value, i) => ({ key: keyOf(i), value, headers: { ce_id: `${i}` } })),
      }),
    consume: async (onValue) => {
      const joined = new Promise<void>((resolve) => consumer.on(consumer.events.GROUP_JOIN, () => resolve()))
      await consumer.connect()
      await consumer.subscribe({ topics: [prefix + topic], fromBeginning: true })
      await consumer.run({
        eachBatch: async ({ batch }) => {
          for (const { value } of batch.messages) onValue(value!)
        },
      })
      await joined
    },
    close: async () => {
      await consumer.disconnect()
      await producer.disconnect()
    },
  }
}
