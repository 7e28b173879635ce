import { SentinelError } from '../../errors.ts'
import type { WireRecord } from '../../events/codec.ts'
import type { TopicName } from '../../events/topics.ts'
import type { JoinOptions, Log, LogRecord, Membership, PartitionLag, Position } from '../../ports/log.ts'
import { connectorFor } from './clients.ts'
import { type Bounds, Cluster } from './cluster.ts'
import { classified, logFailure } from './failure.ts'
import { decodeSubscription } from './group-format.ts'
import { Lookups } from './lookups.ts'
import { KafkaMembership } from './membership.ts'
import { type KafkaPlace, readPlace } from './place.ts'
import { Reader } from './reader.ts'
import { Sender } from './sender.ts'
import { type Broker, type Connect, placeOf, type TopicPartition } from './wire.ts'

/** The log on Kafka or whatever speaks its protocol. Connects when it is first used. */
export class KafkaLog implements Log {
  readonly #place: KafkaPlace
  readonly #connect: Connect
  readonly #sender: Sender
  /** For questions and look-ups, which do not wait. */
  readonly #asking: Cluster
  readonly #lookups: Lookups
  readonly #open = new Set<() => Promise<void>>()
  #closed = false

  /** @throws Error that says what is wrong with the URL. */
  constructor(url: string) {
    this.#place = readPlace(url)
    this.#connect = connectorFor(this.#place)
    this.#sender = new Sender(this.#cluster(), this.#place.prefix)
    this.#asking = this.#cluster()
    this.#lookups = new Lookups(this.#asking, this.#place.prefix)
  }

  async produce(topic: TopicName, records: readonly WireRecord[]): Promise<Position[]> {
    this.#mustBeOpen()
    return this.#sender.send(topic, records)
  }

  async join(options: JoinOptions): Promise<Membership> {
    this.#mustBeOpen()
    const cluster = this.#cluster()
    const membership = await KafkaMembership.join(cluster, this.#place.prefix, options).catch(async (error) => {
      await cluster.close()
      throw logFailure(error)
    })
    const leave = (): Promise<void> => membership.leave()
    this.#open.add(leave)
    return {
      fetch: (max, signal, roomOf) => membership.fetch(max, signal, roomOf),
      commit: (positions) => membership.commit(positions),
      leave: () => this.#end(leave),
    }
  }

  async tail(topics: readonly TopicName[], onRecord: (record: LogRecord) => void): Promise<() => Promise<void>> {
    this.#mustBeOpen()
    const cluster = this.#cluster()
    const reader = new Reader(cluster, this.#place.prefix)
    try {
      await cluster.know(topics.map((topic) => this.#place.prefix + topic))
      for (const end of await this.#ends(cluster, topics)) reader.start(end)
    } catch (error) {
      reader.close()
      await cluster.close()
      throw logFailure(error)
    }
    const stop = new AbortController()
    const tailing = tail(reader, onRecord, stop.signal)
    const end = async (): Promise<void> => {
      stop.abort()
      reader.close()
      await tailing
      await cluster.close()
    }
    this.#open.add(end)
    return () => this.#end(end)
  }

  async read(topic: TopicName, partition: number, offset: number, max: number): Promise<LogRecord[]> {
    this.#mustBeOpen()
    return this.#lookups.read(topic, partition, offset, max)
  }

  async partitions(topic: TopicName): Promise<number> {
    this.#mustBeOpen()
    return classified(async () => (await this.#partitionsOf([this.#place.prefix + topic])).length)
  }

  async lag(group: string): Promise<PartitionLag[]> {
    this.#mustBeOpen()
    return classified(async () => {
      const name = this.#place.prefix + group
      const coordinator = await this.#asking.coordinator(name)
      const partitions = await this.#partitionsOf(await topicsOf(coordinator, name))
      if (partitions.length === 0) return []
      const committed = new Map((await coordinator.committed(name, partitions)).map((at) => [placeOf(at), at.offset]))
      const bounds = await this.#asking.bounds(partitions)
      return bounds.map((each) => lagOf(this.#ownName(each.topic), committed.get(placeOf(each)) ?? -1, each))
    })
  }

  async check(): Promise<void> {
    this.#mustBeOpen()
    await classified(() => this.#asking.ask([]))
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await Promise.all([...this.#open].map((end) => this.#end(end)))
    await this.#sender.close()
    await this.#asking.close()
  }

  #cluster(): Cluster {
    return new Cluster(this.#connect, this.#place)
  }

  async #partitionsOf(topics: readonly string[]): Promise<TopicPartition[]> {
    if (topics.length === 0) return []
    const found = await this.#asking.ask(topics)
    return topics.flatMap((topic) => (found.topics.get(topic) ?? []).map(({ partition }) => ({ topic, partition })))
  }

  async #ends(cluster: Cluster, topics: readonly TopicName[]): Promise<Position[]> {
    const partitions = topics.flatMap((name) => {
      const topic = this.#place.prefix + name
      return cluster.partitionsOf(topic).map(({ partition }) => ({ topic, partition }))
    })
    const bounds = await cluster.bounds(partitions)
    return bounds.map(({ topic, partition, end }) => ({ topic: this.#ownName(topic), partition, offset: end }))
  }

  #ownName(topic: string): TopicName {
    return topic.slice(this.#place.prefix.length) as TopicName
  }

  async #end(end: () => Promise<void>): Promise<void> {
    this.#open.delete(end)
    await end()
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new SentinelError('LOG_UNAVAILABLE', 'The log is closed')
  }
}

async function tail(reader: Reader, onRecord: (record: LogRecord) => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // The reader waits and goes on by itself after a failure; the health check tells of an outage.
    const records = await reader.fetch(500, signal).catch(() => [])
    for (const record of records) if (!signal.aborted) onRecord(record)
  }
}

/** Those that the group's members read and those that it has committed to. */
async function topicsOf(coordinator: Broker, group: string): Promise<string[]> {
  const committed = await coordinator.committed(group)
  const members = await coordinator.members(group)
  const subscribed = members.filter(({ length }) => length > 0).flatMap((member) => decodeSubscription(member).topics)
  return [...new Set([...committed.map(({ topic }) => topic), ...subscribed])]
}

function lagOf(topic: TopicName, committed: number, { partition, low, end }: Bounds): PartitionLag {
  return { topic, partition, committed, low, end, lag: Math.max(0, end - Math.max(committed, low)) }
}
