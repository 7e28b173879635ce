import type { KafkaConfig } from 'kafkajs'
import ClusterClass from 'kafkajs/src/cluster/index.js'
import { createLogger } from 'kafkajs/src/loggers/index.js'
import socketFactory from 'kafkajs/src/network/socketFactory.js'

export interface PartitionsOf<Partition> {
  readonly topic: string
  readonly partitions: readonly Partition[]
}

export interface FetchedMessage {
  readonly offset: string
  readonly timestamp: string
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>>
  readonly isControlRecord?: boolean
}

export interface FetchedPartition {
  readonly partition: number
  readonly highWatermark: string
  readonly messages: readonly FetchedMessage[]
}

export interface JoinedGroup {
  readonly generationId: number
  readonly leaderId: string
  readonly memberId: string
  /** Every member, for the leader only. */
  readonly members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[]
}

interface InGroup {
  readonly groupId: string
  readonly memberId: string
}

/** One broker, each method one request of Kafka's protocol. */
export interface Broker {
  fetch(request: {
    maxWaitTime: number
    minBytes: number
    maxBytes: number
    topics: readonly PartitionsOf<{ partition: number; fetchOffset: string; maxBytes: number }>[]
  }): Promise<{ responses: readonly { topicName: string; partitions: readonly FetchedPartition[] }[] }>
  joinGroup(
    request: InGroup & {
      sessionTimeout: number
      rebalanceTimeout: number
      groupProtocols: readonly { name: string; metadata: Buffer }[]
    },
  ): Promise<JoinedGroup>
  syncGroup(
    request: InGroup & {
      generationId: number
      groupAssignment: readonly { memberId: string; memberAssignment: Buffer }[]
    },
  ): Promise<{ memberAssignment: Buffer }>
  heartbeat(request: InGroup & { groupGenerationId: number }): Promise<unknown>
  leaveGroup(request: InGroup): Promise<unknown>
  offsetCommit(
    request: InGroup & {
      groupGenerationId: number
      topics: readonly PartitionsOf<{ partition: number; offset: string }>[]
    },
  ): Promise<unknown>
  offsetFetch(request: {
    groupId: string
    topics: readonly PartitionsOf<{ partition: number }>[]
  }): Promise<{ responses: readonly PartitionsOf<{ partition: number; offset: string }>[] }>
}

/** The connections to a Kafka cluster, as kafkajs's own consumer uses them. */
export interface Cluster {
  connect(): Promise<void>
  disconnect(): Promise<void>
  isConnected(): boolean
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>
  refreshMetadata(): Promise<void>
  refreshMetadataIfNecessary(): Promise<void>
  removeBroker(address: { host: string; port: number }): void
  findBroker(node: { nodeId: string }): Promise<Broker>
  findGroupCoordinator(group: { groupId: string }): Promise<Broker>
  findTopicPartitionMetadata(topic: string): readonly { readonly partitionId: number; readonly leader: number }[]
  fetchTopicsOffset(
    topics: readonly (PartitionsOf<{ partition: number }> & { readonly fromBeginning: boolean })[],
  ): Promise<PartitionsOf<{ partition: number; offset: string }>[]>
}

const READ_COMMITTED = 1
const METADATA_MAX_AGE_MS = 60_000

/**
 * Requests of one cluster object that wait, wait in one connection to each broker: whoever fetches or belongs to a group
 * has its own.
 */
export function openCluster(config: KafkaConfig): Cluster {
  return new ClusterClass({
    ...config,
    logger: createLogger({ level: 0, logCreator: () => () => {} }),
    socketFactory: socketFactory(),
    enforceRequestTimeout: true,
    metadataMaxAge: METADATA_MAX_AGE_MS,
    allowAutoTopicCreation: false,
    isolationLevel: READ_COMMITTED,
    offsets: new Map(),
  })
}
