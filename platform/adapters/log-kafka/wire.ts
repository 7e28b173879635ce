/** What the log needs of a Kafka client: connections to brokers, and on each the requests of Kafka's protocol. */

export interface Address {
  readonly host: string
  readonly port: number
}

export interface Security {
  readonly clientId: string
  /** PEM, as `node:tls` takes them; nothing is encrypted without it. */
  readonly tls: { readonly ca?: string[]; readonly cert?: string; readonly key?: string } | undefined
  readonly sasl:
    | {
        readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
        readonly username: string
        readonly password: string
      }
    | undefined
}

/** Opens a connection and logs in. @throws KafkaFailure */
export type Connect = (address: Address, security: Security) => Promise<Broker>

export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

export interface At extends TopicPartition {
  readonly offset: number
}

export interface Message {
  readonly key: string | null
  readonly value: Buffer | null
  readonly headers: Readonly<Record<string, string | Uint8Array | (string | Uint8Array)[]>>
}

export interface FetchedRecord {
  readonly offset: number
  /** Milliseconds since the epoch. */
  readonly timestamp: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>>
}

export interface Fetched extends TopicPartition {
  /** Offset behind the partition's last record. */
  readonly end: number
  /** Offset behind the last one of this answer; undefined when it holds none. */
  readonly next: number | undefined
  /** A broker answers with whole batches: the first may begin before the offset that was asked for. */
  readonly records: readonly FetchedRecord[]
}

export interface Metadata {
  /** Addresses by the brokers' ids. */
  readonly brokers: ReadonlyMap<number, Address>
  readonly controller: number
  readonly topics: ReadonlyMap<string, readonly PartitionLeader[]>
}

export interface PartitionLeader {
  readonly partition: number
  /** Id of a broker; below zero while there is none. */
  readonly leader: number
}

export interface JoinedGroup {
  readonly generation: number
  readonly leader: string
  readonly memberId: string
  /** Every member, for the leader only. */
  readonly members: readonly { readonly memberId: string; readonly metadata: Buffer }[]
}

interface InGroup {
  readonly group: string
  readonly memberId: string
}

/** One broker, each method one request. @throws KafkaFailure */
export interface Broker {
  /** False once its connections are gone. */
  readonly isOpen: boolean
  /** @param topics all that there are without it. */
  metadata(topics?: readonly string[]): Promise<Metadata>
  /** Resolves once all replicas have them. @returns the offset of each partition's first one. */
  produce(
    messages: readonly (TopicPartition & { readonly messages: readonly Message[] })[],
    compression: 'none' | 'zstd',
  ): Promise<At[]>
  fetch(request: {
    readonly maxWaitMs: number
    readonly minBytes: number
    readonly maxBytes: number
    readonly partitions: readonly (At & { readonly maxBytes: number })[]
  }): Promise<Fetched[]>
  /** Of the oldest record, or behind the newest. */
  offsets(partitions: readonly TopicPartition[], which: 'low' | 'end'): Promise<At[]>
  coordinator(group: string): Promise<Address & { readonly id: number }>
  join(
    request: InGroup & {
      readonly sessionMs: number
      readonly rebalanceMs: number
      readonly protocol: string
      readonly metadata: Buffer
    },
  ): Promise<JoinedGroup>
  /** @returns what this member is to have. */
  sync(
    request: InGroup & {
      readonly generation: number
      readonly protocol: string
      readonly assignments: readonly { readonly memberId: string; readonly assignment: Buffer }[]
    },
  ): Promise<Buffer>
  heartbeat(request: InGroup & { readonly generation: number }): Promise<void>
  leave(request: InGroup): Promise<void>
  commit(request: InGroup & { readonly generation: number; readonly positions: readonly At[] }): Promise<void>
  /** @param partitions all that the group has committed to without it. @returns -1 where it has not. */
  committed(group: string, partitions?: readonly TopicPartition[]): Promise<At[]>
  /** What each member of a group said when it joined. */
  members(group: string): Promise<Buffer[]>
  createTopics(topics: readonly NewTopic[]): Promise<void>
  /** @param counts how many partitions each topic has then. */
  growTopics(counts: ReadonlyMap<string, number>): Promise<void>
  /** What is set on each topic itself. */
  configs(topics: readonly string[]): Promise<Map<string, Record<string, string>>>
  /** Sets these and leaves all others as they are. */
  setConfigs(configs: ReadonlyMap<string, Readonly<Record<string, string>>>): Promise<void>
  close(): Promise<void>
}

export interface NewTopic {
  readonly topic: string
  readonly partitions: number
  readonly configs: Readonly<Record<string, string>>
}

/** As Kafka's requests have them: each topic once. */
export function byTopic<P extends TopicPartition, Q>(partitions: readonly P[], of: (partition: P) => Q) {
  return [...Map.groupBy(partitions, ({ topic }) => topic)].map(([topic, members]) => ({
    topic,
    partitions: members.map(of),
  }))
}

/** A name of each partition, for maps. */
export const placeOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`
