/** A broker as kafkajs 2.2.4 has it inside, its requests and answers by Kafka's names; offsets are text. */

interface PartitionsOf<Partition> {
  readonly topic: string
  readonly partitions: readonly Partition[]
}

interface AnswerOf<Partition> {
  readonly responses: readonly PartitionsOf<Partition>[]
}

interface Message {
  readonly offset: string
  readonly timestamp: string
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>>
  readonly isControlRecord?: boolean
}

interface InGroup {
  readonly groupId: string
  readonly memberId: string
}

interface NamedValue {
  readonly name: string
  readonly value: string
}

export interface KafkajsBroker {
  isConnected(): boolean
  connect(): Promise<void>
  disconnect(): Promise<void>
  metadata(topics: readonly string[]): Promise<{
    readonly brokers: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[]
    readonly controllerId: number
    readonly topicMetadata: readonly {
      readonly topic: string
      readonly partitionMetadata: readonly { readonly partitionId: number; readonly leader: number }[]
    }[]
  }>
  produce(request: {
    topicData: readonly PartitionsOf<{ partition: number; firstSequence: number; messages: readonly unknown[] }>[]
    acks: number
    compression: number
  }): Promise<{
    readonly topics: readonly {
      readonly topicName: string
      readonly partitions: readonly { readonly partition: number; readonly baseOffset: string }[]
    }[]
  }>
  fetch(request: {
    isolationLevel: number
    maxWaitTime: number
    minBytes: number
    maxBytes: number
    topics: readonly PartitionsOf<{ partition: number; fetchOffset: string; maxBytes: number }>[]
  }): Promise<{
    readonly responses: readonly {
      readonly topicName: string
      readonly partitions: readonly {
        readonly partition: number
        readonly highWatermark: string
        readonly messages: readonly Message[]
      }[]
    }[]
  }>
  listOffsets(request: {
    isolationLevel: number
    topics: readonly PartitionsOf<{ partition: number; timestamp: number }>[]
  }): Promise<AnswerOf<{ readonly partition: number; readonly offset: string }>>
  findGroupCoordinator(request: { groupId: string; coordinatorType: number }): Promise<{
    readonly coordinator: { readonly nodeId: number; readonly host: string; readonly port: number }
  }>
  joinGroup(
    request: InGroup & {
      sessionTimeout: number
      rebalanceTimeout: number
      groupProtocols: readonly { name: string; metadata: Buffer }[]
    },
  ): Promise<{
    readonly generationId: number
    readonly leaderId: string
    readonly memberId: string
    readonly members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[]
  }>
  syncGroup(
    request: InGroup & {
      generationId: number
      groupAssignment: readonly { memberId: string; memberAssignment: Buffer }[]
    },
  ): Promise<{ readonly memberAssignment: Buffer }>
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
  }): Promise<AnswerOf<{ readonly partition: number; readonly offset: string }>>
  describeGroups(request: { groupIds: readonly string[] }): Promise<{
    readonly groups: readonly { readonly members: readonly { readonly memberMetadata: Buffer }[] }[]
  }>
  createTopics(request: {
    topics: readonly {
      topic: string
      numPartitions: number
      replicationFactor: number
      configEntries: readonly NamedValue[]
    }[]
    timeout: number
  }): Promise<unknown>
  createPartitions(request: {
    topicPartitions: readonly { topic: string; count: number }[]
    timeout: number
  }): Promise<unknown>
  describeConfigs(request: { resources: readonly { type: number; name: string }[] }): Promise<{
    readonly resources: readonly {
      readonly resourceName: string
      readonly configEntries: readonly {
        readonly configName: string
        readonly configValue: string
        readonly configSource: number
      }[]
    }[]
  }>
  alterConfigs(request: {
    resources: readonly { type: number; name: string; configEntries: readonly NamedValue[] }[]
  }): Promise<unknown>
}
