import { randomBytes } from 'node:crypto'
import { Kafka, logLevel } from 'kafkajs'
import { onceThere } from '../../platform/adapters/log-kafka/failure.ts'
import { failureOf } from '../../platform/adapters/log-kafka/kafkajs/failure.ts'
import type { ClientName } from '../../platform/adapters/log-kafka/place.ts'

/** The broker that `npm run test:production` has started. */
export function kafkaBroker(): string {
  const broker = process.env.SENTINEL_TEST_KAFKA
  if (!broker)
    throw new Error('There is no SENTINEL_TEST_KAFKA=host:port. Run these tests with npm run test:production.')
  return broker
}

/** The same place, spoken to by one client and no other. */
export const by = (client: ClientName, url: string): string => `${url}&client=${client}`

export interface KafkaSpace {
  /** For SENTINEL_LOG: its topics and groups are this test's alone. */
  readonly url: string
  readonly prefix: string
  remove(): Promise<void>
}

/** A part of a real broker with these topics. */
export async function kafkaSpace(
  topics: readonly string[],
  partitions = 4,
  broker = kafkaBroker(),
): Promise<KafkaSpace> {
  const prefix = `t${randomBytes(4).toString('hex')}.`
  const admin = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  if (topics.length > 0) {
    const made = topics.map((topic) => ({ topic: prefix + topic, numPartitions: partitions }))
    await admin.createTopics({ topics: made, waitForLeaders: false })
    const ask = (): Promise<unknown> => Promise.all(made.map(({ topic }) => admin.fetchTopicOffsets(topic)))
    await onceThere(() =>
      ask().catch((error: unknown) => {
        throw failureOf(error)
      }),
    )
  }
  return {
    url: `kafka://${broker}/?prefix=${prefix}`,
    prefix,
    remove: async () => {
      const made = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix))
      if (made.length > 0) await admin.deleteTopics({ topics: made })
      await admin.disconnect()
    },
  }
}
