import type { RecordValue, WireRecord } from '../events/codec.ts'
import type { TopicName } from '../events/topics.ts'

export interface LogRecord extends WireRecord {
  readonly topic: TopicName
  readonly partition: number
  readonly offset: number
  /** Milliseconds since the epoch at which the log took the record. */
  readonly timestamp: number
  readonly value: RecordValue
}

export interface Position {
  readonly topic: TopicName
  readonly partition: number
  /** Of the record; a committed position is the offset of the next record to read. */
  readonly offset: number
}

export interface PartitionLag {
  readonly topic: TopicName
  readonly partition: number
  /** -1 while the group has never committed here. */
  readonly committed: number
  readonly low: number
  readonly end: number
  /** end − committed, counted from `low` while nothing is committed: the figure KEDA scales on. */
  readonly lag: number
}

export interface JoinOptions {
  readonly group: string
  readonly topics: readonly TopicName[]
  /**
   * Where records come one after another, each may wait so long for others to be fetched with it, milliseconds: fewer requests.
   * The first after a pause never waits.
   */
  readonly gather?: number
  /**
   * These partitions go to another member; no more of their records are handed out. Their work must be finished or abandoned, and what is done committed, before
   * the promise resolves: only then does the new owner start.
   */
  readonly onRevoked?: (partitions: readonly Omit<Position, 'offset'>[]) => Promise<void>
}

export type RoomOf = (partition: Omit<Position, 'offset'>) => number

/** One consumer of a group. A group that has never committed reads from the beginning. */
export interface Membership {
  /**
   * The next records of the assigned partitions, each partition in order; empty when `signal` aborts.
   *
   * @param roomOf how many a partition may hand out now; those without room wait, and hold up no other.
   */
  fetch(max: number, signal: AbortSignal, roomOf?: RoomOf): Promise<LogRecord[]>
  /** Durable once resolved. @throws SentinelError `MEMBERSHIP_LOST` for a partition that is no longer this member's. */
  commit(positions: readonly Position[]): Promise<void>
  leave(): Promise<void>
}

/** The log: topics of ordered partitions, consumer groups, committed offsets. Kafka's semantics, whoever provides it. */
export interface Log {
  /** Resolves once every record is acknowledged; records of one key keep their order. */
  produce(topic: TopicName, records: readonly WireRecord[]): Promise<Position[]>
  join(options: JoinOptions): Promise<Membership>
  /** Records as they arrive, outside any group: for live views. A slow `onRecord` sees them later, never blocks others. */
  tail(topics: readonly TopicName[], onRecord: (record: LogRecord) => void): Promise<() => Promise<void>>
  /** Records from an offset on, for replay and inspection; those below the low watermark are gone. */
  read(topic: TopicName, partition: number, offset: number, max: number): Promise<LogRecord[]>
  /** How many partitions a topic has: 0, 1, … */
  partitions(topic: TopicName): Promise<number>
  lag(group: string): Promise<PartitionLag[]>
  /** Whether it works now. @throws SentinelError `LOG_UNAVAILABLE` */
  check(): Promise<void>
  close(): Promise<void>
}
