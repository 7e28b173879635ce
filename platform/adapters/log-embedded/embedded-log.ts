import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { messageOf, SentinelError } from '../../errors.ts'
import type { WireRecord } from '../../events/codec.ts'
import { type TopicName, topicNames, topics } from '../../events/topics.ts'
import type { Clock } from '../../ports/clock.ts'
import type { JoinOptions, Log, LogRecord, Membership, PartitionLag, Position } from '../../ports/log.ts'
import { CommittedOffsets } from './committed-offsets.ts'
import { DurablePartition } from './durable-partition.ts'
import { Group, type PartitionName } from './groups.ts'
import { EmbeddedMembership } from './membership.ts'
import { MemoryPartition } from './memory-partition.ts'
import type { Partition } from './partition.ts'
import { Waiter } from './waiter.ts'

/** Keys run in parallel inside a partition, so one process needs only a few. */
const PARTITIONS = 4
const SYNC_EVERY_MS = 1000
const RETAIN_EVERY_MS = 5000

export interface EmbeddedLogOptions {
  /** Where durable topics lie. */
  readonly directory: string
  readonly clock: Clock
  /** Bytes that `frames` may hold. */
  readonly framesBytes?: number
  /** Hears what goes wrong in the background, such as a full disk; the work is tried again at its next turn. */
  readonly onError?: (error: Error) => void
}

/** The log inside one process. Durable topics survive `kill -9`; volatile ones are bounded in memory. */
export class EmbeddedLog implements Log {
  readonly #clock: Clock
  readonly #framesBytes: number
  readonly #partitions: Map<TopicName, Partition[]>
  readonly #offsets: CommittedOffsets
  readonly #groups = new Map<string, Group>()
  readonly #wakers = new Map<TopicName, Set<() => void>>()
  readonly #timers: NodeJS.Timeout[] = []
  readonly #onError: (error: Error) => void
  #memberships = 0
  /** Of the last thing that was written, until something is written again. */
  #failure: Error | undefined
  #closed = false

  private constructor(options: EmbeddedLogOptions, partitions: Map<TopicName, Partition[]>, offsets: CommittedOffsets) {
    this.#clock = options.clock
    this.#framesBytes = options.framesBytes ?? topics.frames.retentionBytes
    this.#partitions = partitions
    this.#offsets = offsets
    this.#onError = options.onError ?? (() => {})
    this.#every(SYNC_EVERY_MS, () => this.sync())
    this.#every(RETAIN_EVERY_MS, () => this.retain())
  }

  static async open(options: EmbeddedLogOptions): Promise<EmbeddedLog> {
    await mkdir(options.directory, { recursive: true })
    const offsets = await CommittedOffsets.open(
      join(options.directory, 'committed-offsets'),
      (topic) => topics[topic as TopicName]?.durable ?? false,
    )
    const partitions = new Map<TopicName, Partition[]>()
    for (const topic of topicNames) partitions.set(topic, await openTopic(options.directory, topic))
    return new EmbeddedLog(options, partitions, offsets)
  }

  async produce(topic: TopicName, records: readonly WireRecord[]): Promise<Position[]> {
    if (this.#closed) throw new SentinelError('LOG_UNAVAILABLE', 'The log is closed')
    const timestamp = this.#clock.now()
    const partitions = this.#partitions.get(topic)!
    const groups = Map.groupBy(
      records.map((record, i) => ({ record, i })),
      ({ record }) => partitionOf(record.key, partitions.length),
    )
    const positions: Position[] = []
    const appending = [...groups].map(async ([partition, members]) => {
      const offsets = await partitions[partition]!.append(
        members.map(({ record }) => record),
        timestamp,
      )
      for (const [n, { i }] of members.entries()) positions[i] = { topic, partition, offset: offsets[n]! }
    })
    const appended = Promise.all(appending)
    await (topics[topic].durable ? this.#noticing(appended) : appended)
    if (!topics[topic].durable) this.#bound(topic)
    for (const wake of this.#wakers.get(topic) ?? []) wake()
    return positions
  }

  async join(options: JoinOptions): Promise<Membership> {
    const group = this.#group(options.group)
    const membership = new EmbeddedMembership(this.#memberships++, options, {
      read: (position, max) => this.read(position.topic, position.partition, position.offset, max),
      commit: (positions) => this.#offsets.commit(options.group, positions),
      onAppend: (wake) => this.#onAppend(options.topics, wake),
      leave: (member) => group.leave(member),
    })
    await group.join(membership)
    return membership
  }

  async tail(names: readonly TopicName[], onRecord: (record: LogRecord) => void): Promise<() => Promise<void>> {
    const stop = new AbortController()
    const positions = names.flatMap((topic) =>
      this.#partitions.get(topic)!.map(({ end }, partition) => ({ topic, partition, offset: end })),
    )
    const tailing = this.#tail(names, positions, onRecord, stop.signal)
    return async () => {
      stop.abort()
      await tailing
    }
  }

  async #tail(
    names: readonly TopicName[],
    positions: Position[],
    onRecord: (record: LogRecord) => void,
    signal: AbortSignal,
  ): Promise<void> {
    using waiter = new Waiter(signal)
    const forget = this.#onAppend(names, waiter.wake)
    while (!signal.aborted) {
      let any = false
      for (const [i, { topic, partition, offset }] of positions.entries()) {
        const records = await this.read(topic, partition, offset, 100)
        for (const record of records) onRecord(record)
        if (records.length === 0) continue
        any = true
        positions[i] = { topic, partition, offset: records.at(-1)!.offset + 1 }
      }
      if (!any) await waiter.wait()
    }
    forget()
  }

  async read(topic: TopicName, partition: number, offset: number, max: number): Promise<LogRecord[]> {
    const source = this.#partitions.get(topic)?.[partition]
    if (!source) throw new SentinelError('NOT_FOUND', `Topic ${topic} has no partition ${partition}`)
    if (offset >= source.end) return []
    return (await source.read(offset, max)).map((record) => ({ ...record, topic, partition }))
  }

  async partitions(topic: TopicName): Promise<number> {
    return this.#partitions.get(topic)!.length
  }

  async lag(group: string): Promise<PartitionLag[]> {
    const members = this.#groups.get(group)?.members ?? []
    const subscribed = members.flatMap(({ options }) => options.topics)
    const committed = this.#offsets.partitionsOf(group).map((name) => name.slice(0, name.lastIndexOf('/')) as TopicName)
    return [...new Set([...subscribed, ...committed])].flatMap((topic) =>
      (this.#partitions.get(topic) ?? []).map(({ low, end }, partition) => {
        const at = this.#offsets.get(group, { topic, partition })
        return { topic, partition, committed: at, low, end, lag: end - Math.max(at, low) }
      }),
    )
  }

  /** Drops what the topics' retention says, as the timer does. */
  async retain(): Promise<void> {
    const now = this.#clock.now()
    for (const [topic, partitions] of this.#partitions) {
      const { retentionMs, retentionBytes, durable } = topics[topic]
      const bytes = durable ? retentionBytes / partitions.length : Number.POSITIVE_INFINITY
      for (const partition of partitions) await partition.retain(now - retentionMs, bytes)
    }
  }

  /** Brings everything written to the disk itself. */
  async sync(): Promise<void> {
    for (const partition of [...this.#partitions.values()].flat()) await partition.sync()
    await this.#offsets.sync()
  }

  async check(): Promise<void> {
    if (this.#closed) throw new SentinelError('LOG_UNAVAILABLE', 'The log is closed')
    if (this.#failure) throw this.#failure
    await this.sync().catch((cause: unknown) => {
      throw new SentinelError('LOG_UNAVAILABLE', `The log cannot write: ${messageOf(cause)}`, { cause })
    })
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    for (const timer of this.#timers) clearTimeout(timer)
    for (const partition of [...this.#partitions.values()].flat()) await partition.close()
    await this.#offsets.close()
  }

  async #noticing<T>(work: Promise<T>): Promise<T> {
    try {
      const result = await work
      this.#failure = undefined
      return result
    } catch (error) {
      this.#failure = error as Error
      throw error
    }
  }

  #group(name: string): Group {
    const existing = this.#groups.get(name)
    if (existing) return existing
    const group = new Group(
      (topic) => this.#partitions.get(topic)!.length,
      (partition) => this.#startOf(name, partition),
    )
    this.#groups.set(name, group)
    return group
  }

  #startOf(group: string, partition: PartitionName): number {
    const { low } = this.#partitions.get(partition.topic)![partition.partition]!
    return Math.max(this.#offsets.get(group, partition), low)
  }

  /** The oldest record of the whole topic goes first, whichever partition holds it. */
  #bound(topic: TopicName): void {
    const partitions = this.#partitions.get(topic) as MemoryPartition[]
    const total = () => partitions.reduce((sum, { bytes }) => sum + bytes, 0)
    while (total() > this.#framesBytes) {
      partitions.reduce((a, b) => (b.oldest < a.oldest ? b : a)).dropOldest()
    }
  }

  #onAppend(names: readonly TopicName[], wake: () => void): () => void {
    for (const name of names) {
      const wakers = this.#wakers.get(name) ?? new Set()
      wakers.add(wake)
      this.#wakers.set(name, wakers)
    }
    return () => {
      for (const name of names) this.#wakers.get(name)?.delete(wake)
    }
  }

  #every(ms: number, work: () => Promise<void>): void {
    const at = this.#timers.length
    const run = async (): Promise<void> => {
      await work().catch(this.#onError)
      if (!this.#closed) this.#timers[at] = setTimeout(run, ms).unref()
    }
    this.#timers.push(setTimeout(run, ms).unref())
  }
}

async function openTopic(directory: string, topic: TopicName): Promise<Partition[]> {
  const indexes = Array.from({ length: PARTITIONS }, (_, partition) => partition)
  if (!topics[topic].durable) return indexes.map(() => new MemoryPartition())
  return Promise.all(indexes.map((partition) => DurablePartition.open(join(directory, topic, String(partition)))))
}

function partitionOf(key: string | null, partitions: number): number {
  return key === null ? 0 : crc32(key) % partitions
}
