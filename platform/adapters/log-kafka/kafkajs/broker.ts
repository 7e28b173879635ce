import { promisify } from 'node:util'
import { zstdCompress, zstdDecompress } from 'node:zlib'
import KafkajsBrokerClass from 'kafkajs/src/broker/index.js'
import { createLogger } from 'kafkajs/src/loggers/index.js'
import ConnectionPool from 'kafkajs/src/network/connectionPool.js'
import socketFactory from 'kafkajs/src/network/socketFactory.js'
import compressions from 'kafkajs/src/protocol/message/compression/index.js'
import { NO_ANSWER } from '../failure.ts'
import { type At, type Broker, byTopic, type Connect, type Fetched, type TopicPartition } from '../wire.ts'
import { failureOf } from './failure.ts'
import type { KafkajsBroker } from './protocol.ts'

const CONNECT_WITHIN_MS = 5000
const LOG_IN_WITHIN_MS = 10_000
const ANSWER_WITHIN_MS = 30_000
const READ_COMMITTED = 1
const ALL_REPLICAS = -1
const GROUP = 0
const TOPIC = 2
/** Set on the topic itself, as Kafka numbers the sources of a configuration. */
const OWN = 1
const BOUNDS = { low: -2, end: -1 }

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)
const { Types, Codecs } = compressions

/** Node's own zstd where kafkajs has none. */
Codecs[Types.ZSTD] = () => ({
  compress: ({ buffer }: { readonly buffer: Buffer }) => compress(buffer),
  decompress: (buffer: Buffer) => decompress(buffer),
})

const logger = createLogger({ level: 0, logCreator: () => () => {} })

/** By kafkajs 2.2.4: of its inside, one broker's connections and requests. */
export const connect: Connect = async (address, { clientId, tls, sasl }) => {
  const connectionPool = new ConnectionPool({
    ...address,
    clientId,
    ssl: tls,
    sasl,
    socketFactory: socketFactory(),
    connectionTimeout: CONNECT_WITHIN_MS,
    requestTimeout: ANSWER_WITHIN_MS,
    enforceRequestTimeout: true,
    reauthenticationThreshold: LOG_IN_WITHIN_MS,
    logger,
  })
  const broker = new KafkajsBrokerClass({
    connectionPool,
    logger,
    authenticationTimeout: LOG_IN_WITHIN_MS,
    allowAutoTopicCreation: false,
  })
  const connected = new Connected(broker)
  await connected.asked(() => broker.connect())
  return connected
}

class Connected implements Broker {
  readonly #broker: KafkajsBroker

  constructor(broker: KafkajsBroker) {
    this.#broker = broker
  }

  get isOpen(): boolean {
    return this.#broker.isConnected()
  }

  /** @throws KafkaFailure in place of what kafkajs throws. */
  async asked<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      const failure = failureOf(error)
      // A connection on which an answer is missing is never used again.
      if (failure.kind === NO_ANSWER) await this.close()
      throw failure
    }
  }

  async metadata(topics: readonly string[] = []) {
    const { brokers, controllerId, topicMetadata } = await this.asked(() => this.#broker.metadata(topics))
    return {
      brokers: new Map(brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }])),
      controller: controllerId,
      topics: new Map(
        topicMetadata.map(({ topic, partitionMetadata }) => [
          topic,
          partitionMetadata.map(({ partitionId, leader }) => ({ partition: partitionId, leader })),
        ]),
      ),
    }
  }

  async produce(...[messages, compression]: Parameters<Broker['produce']>): Promise<At[]> {
    const { topics } = await this.asked(() =>
      this.#broker.produce({
        topicData: byTopic(messages, ({ partition, messages: batch }) => ({
          partition,
          firstSequence: 0,
          messages: batch,
        })),
        acks: ALL_REPLICAS,
        compression: compression === 'zstd' ? Types.ZSTD : Types.None,
      }),
    )
    return topics.flatMap(({ topicName, partitions }) =>
      partitions.map(({ partition, baseOffset }) => ({ topic: topicName, partition, offset: Number(baseOffset) })),
    )
  }

  async fetch({ maxWaitMs, minBytes, maxBytes, partitions }: Parameters<Broker['fetch']>[0]): Promise<Fetched[]> {
    const topics = byTopic(partitions, (each) => ({
      partition: each.partition,
      fetchOffset: String(each.offset),
      maxBytes: each.maxBytes,
    }))
    const { responses } = await this.asked(() =>
      this.#broker.fetch({ isolationLevel: READ_COMMITTED, maxWaitTime: maxWaitMs, minBytes, maxBytes, topics }),
    )
    return responses.flatMap(({ topicName: topic, partitions: found }) =>
      found.map(({ partition, highWatermark, messages }) => {
        const last = messages.at(-1)
        const records = messages
          .filter(({ isControlRecord }) => !isControlRecord)
          .map((each) => ({ ...each, offset: Number(each.offset), timestamp: Number(each.timestamp) }))
        return { topic, partition, end: Number(highWatermark), next: last && Number(last.offset) + 1, records }
      }),
    )
  }

  async offsets(partitions: readonly TopicPartition[], which: 'low' | 'end'): Promise<At[]> {
    const timestamp = BOUNDS[which]
    const topics = byTopic(partitions, ({ partition }) => ({ partition, timestamp }))
    const { responses } = await this.asked(() => this.#broker.listOffsets({ isolationLevel: READ_COMMITTED, topics }))
    return flattened(responses)
  }

  async coordinator(groupId: string) {
    const { coordinator } = await this.asked(() =>
      this.#broker.findGroupCoordinator({ groupId, coordinatorType: GROUP }),
    )
    return { id: coordinator.nodeId, host: coordinator.host, port: coordinator.port }
  }

  async join(request: Parameters<Broker['join']>[0]) {
    const { generationId, leaderId, memberId, members } = await this.asked(() =>
      this.#broker.joinGroup({
        groupId: request.group,
        memberId: request.memberId,
        sessionTimeout: request.sessionMs,
        rebalanceTimeout: request.rebalanceMs,
        groupProtocols: [{ name: request.protocol, metadata: request.metadata }],
      }),
    )
    return {
      generation: generationId,
      leader: leaderId,
      memberId,
      members: members.map((member) => ({ memberId: member.memberId, metadata: member.memberMetadata })),
    }
  }

  async sync({ group, memberId, generation, assignments }: Parameters<Broker['sync']>[0]): Promise<Buffer> {
    const groupAssignment = assignments.map((each) => ({ memberId: each.memberId, memberAssignment: each.assignment }))
    const { memberAssignment } = await this.asked(() =>
      this.#broker.syncGroup({ groupId: group, memberId, generationId: generation, groupAssignment }),
    )
    return memberAssignment
  }

  async heartbeat({ group, memberId, generation }: Parameters<Broker['heartbeat']>[0]): Promise<void> {
    await this.asked(() => this.#broker.heartbeat({ groupId: group, memberId, groupGenerationId: generation }))
  }

  async leave({ group, memberId }: Parameters<Broker['leave']>[0]): Promise<void> {
    await this.asked(() => this.#broker.leaveGroup({ groupId: group, memberId }))
  }

  async commit({ group, memberId, generation, positions }: Parameters<Broker['commit']>[0]): Promise<void> {
    const topics = byTopic(positions, ({ partition, offset }) => ({ partition, offset: String(offset) }))
    await this.asked(() =>
      this.#broker.offsetCommit({ groupId: group, memberId, groupGenerationId: generation, topics }),
    )
  }

  async committed(groupId: string, partitions: readonly TopicPartition[] = []): Promise<At[]> {
    const topics = byTopic(partitions, ({ partition }) => ({ partition }))
    const { responses } = await this.asked(() => this.#broker.offsetFetch({ groupId, topics }))
    return flattened(responses)
  }

  async members(group: string): Promise<Buffer[]> {
    const { groups } = await this.asked(() => this.#broker.describeGroups({ groupIds: [group] }))
    return groups.flatMap(({ members }) => members.map(({ memberMetadata }) => memberMetadata))
  }

  async createTopics(topics: Parameters<Broker['createTopics']>[0]): Promise<void> {
    const wanted = topics.map(({ topic, partitions, configs }) => ({
      topic,
      numPartitions: partitions,
      replicationFactor: -1,
      configEntries: entriesOf(configs),
    }))
    await this.asked(() => this.#broker.createTopics({ topics: wanted, timeout: ANSWER_WITHIN_MS }))
  }

  async growTopics(counts: ReadonlyMap<string, number>): Promise<void> {
    const topicPartitions = [...counts].map(([topic, count]) => ({ topic, count }))
    await this.asked(() => this.#broker.createPartitions({ topicPartitions, timeout: ANSWER_WITHIN_MS }))
  }

  async configs(topics: readonly string[]): Promise<Map<string, Record<string, string>>> {
    const asked = topics.map((name) => ({ type: TOPIC, name }))
    const { resources } = await this.asked(() => this.#broker.describeConfigs({ resources: asked }))
    return new Map(
      resources.map(({ resourceName, configEntries }) => {
        const own = configEntries.filter(({ configSource }) => configSource === OWN)
        return [resourceName, Object.fromEntries(own.map(({ configName, configValue }) => [configName, configValue]))]
      }),
    )
  }

  /** The only request for it that kafkajs has replaces all that is set on a topic: what others have set is sent along. */
  async setConfigs(configs: Parameters<Broker['setConfigs']>[0]): Promise<void> {
    const own = await this.configs([...configs.keys()])
    const resources = [...configs].map(([name, wanted]) => ({
      type: TOPIC,
      name,
      configEntries: entriesOf({ ...own.get(name), ...wanted }),
    }))
    await this.asked(() => this.#broker.alterConfigs({ resources }))
  }

  close(): Promise<void> {
    return this.#broker.disconnect()
  }
}

function flattened(
  topics: readonly {
    readonly topic: string
    readonly partitions: readonly { readonly partition: number; readonly offset: string }[]
  }[],
): At[] {
  return topics.flatMap(({ topic, partitions }) =>
    partitions.map(({ partition, offset }) => ({ topic, partition, offset: Number(offset) })),
  )
}

function entriesOf(configs: Readonly<Record<string, string>>): { name: string; value: string }[] {
  return Object.entries(configs).map(([name, value]) => ({ name, value }))
}
