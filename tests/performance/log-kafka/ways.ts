import { Consumer, ProduceAcks, Producer, type SASLMechanismValue } from '@platformatic/kafka'
import kafkajs, { CompressionTypes, Kafka, type KafkaConfig, logLevel } from 'kafkajs'
import { KafkaLog } from '../../../platform/adapters/log-kafka/kafka-log.ts'
import { type ClientName, type KafkaPlace, readPlace } from '../../../platform/adapters/log-kafka/place.ts'
import { type TopicName, topics } from '../../../platform/events/topics.ts'

const CAMERAS = 20
const MAX_WAIT_MS = 250

/** One way to move records: produced here, consumed and committed here, by the same process. */
export interface Way {
  produce(values: readonly Buffer[]): Promise<unknown>
  /** Resolves when the records are coming in. */
  consume(onValue: (value: Buffer) => void): Promise<void>
  close(): Promise<void>
}

/** @param url with a prefix of its own. */
export type Open = (url: string, topic: TopicName) => Promise<Way>

/** Producer and consumer of a client as its documentation has them, with no log around them. */
export const bare: Readonly<Record<ClientName, Open>> = { kafkajs: openKafkajs, platformatic: openPlatformatic }

const keyOf = (index: number): string => `camera-${index % CAMERAS}`

/** For kafkajs's own classes. */
export function configOf({ brokers, security: { clientId, tls, sasl } }: KafkaPlace): KafkaConfig {
  return {
    brokers: brokers.map(({ host, port }) => `${host}:${port}`),
    clientId,
    logLevel: logLevel.NOTHING,
    ...(tls && { ssl: tls }),
    ...(sasl && { sasl: sasl as NonNullable<KafkaConfig['sasl']> }),
  }
}

export async function openPort(url: string, topic: TopicName): Promise<Way> {
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

async function openKafkajs(url: string, topic: TopicName): Promise<Way> {
  const place = readPlace(url)
  const kafka = new Kafka(configOf(place))
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  })
  await producer.connect()
  const consumer = kafka.consumer({ groupId: `${place.prefix}bare`, maxWaitTimeInMs: MAX_WAIT_MS })
  const compression = topics[topic].compression === 'zstd' ? CompressionTypes.ZSTD : CompressionTypes.None
  return {
    produce: (values) =>
      producer.send({
        topic: place.prefix + topic,
        acks: -1,
        compression,
        messages: values.map((value, i) => ({ key: keyOf(i), value, headers: { ce_id: `${i}` } })),
      }),
    consume: async (onValue) => {
      const joined = new Promise<void>((resolve) => consumer.on(consumer.events.GROUP_JOIN, () => resolve()))
      await consumer.connect()
      await consumer.subscribe({ topics: [place.prefix + topic], fromBeginning: true })
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

async function openPlatformatic(url: string, topic: TopicName): Promise<Way> {
  const { brokers, security, prefix } = readPlace(url)
  const { clientId, tls, sasl } = security
  const options = {
    clientId,
    bootstrapBrokers: [...brokers],
    ...(tls && { tls }),
    ...(sasl && { sasl: { ...sasl, mechanism: sasl.mechanism.toUpperCase() as SASLMechanismValue } }),
  }
  const producer = new Producer(options)
  const consumer = new Consumer({ ...options, groupId: `${prefix}bare`, maxWaitTime: MAX_WAIT_MS, minBytes: 1 })
  const compression = topics[topic].compression === 'zstd' ? 'zstd' : 'none'
  return {
    produce: (values) =>
      producer.send({
        acks: ProduceAcks.ALL,
        compression,
        messages: values.map((value, i) => ({
          topic: prefix + topic,
          key: Buffer.from(keyOf(i)),
          value,
          headers: new Map([[Buffer.from('ce_id'), Buffer.from(`${i}`)]]),
        })),
      }),
    consume: async (onValue) => {
      const stream = await consumer.consume({ topics: [prefix + topic], mode: 'earliest', autocommit: true })
      stream.on('data', ({ value }) => onValue(value))
    },
    close: async () => {
      await consumer.close(true)
      await producer.close()
    },
  }
}
