import { type Admin, AssignerProtocol, Kafka, logLevel } from 'kafkajs'
import { SentinelError } from '../../errors.ts'
import type { WireRecord } from '../../events/codec.ts'
import type { TopicName } from '../../events/topics.ts'
import type { JoinOptions, Log, LogRecord, Membership, PartitionLag, Position } from '../../ports/log.ts'
import { classified, logFailure } from './failure.ts'
import { Lookups } from './lookups.ts'
import { KafkaMembership } from './membership.ts'
import { type KafkaPlace, readPlace } from './place.ts'
import { type Cluster, openCluster } from './protocol.ts'
import { Reader } from './reader.ts'
import { Sender } from './sender.ts'
import './zstd.ts'

/** The log on Kafka or whatever speaks its protocol. Connects when it is first used. */
export class KafkaLog implements Log {
  readonly #place: KafkaPlace
  readonly #kafka: Kafka
  readonly #sender: Sender
  readonly #lookups: Lookups
  readonly #open = new Set<() => Promise<void>>()
  #admin: Promise<Admin> | undefined
  #closed = false

  /** @throws Error that says what is wrong with the URL. */
  constructor(url: string) {
    this.#place = readPlace(url)
    this.#kafka = new Kafka({ ...this.#place.config, logLevel: logLevel.NOTHING })
    this.#sender = new Sender(this.#kafka, this.#place.prefix)
    this.#lookups = new Lookups(() => openCluster(this.#place.config), this.#place.prefix)
  }

  async produce(topic: TopicName, records: readonly WireRecord[]): Promise<Position[]> {
    this.#mustBeOpen()
    return this.#sender.send(topic, records)
  }

  async join(options: JoinOptions): Promise<Membership> {
    this.#mustBeOpen()
    const cluster = openCluster(this.#place.config)
    const membership = await KafkaMembership.join(cluster, this.#place.prefix, options).catch(async (error) => {
      await cluster.disconnect()
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
    const cluster = openCluster(this.#place.config)
    const reader = new Reader(cluster, this.#place.prefix)
    try {
      await cluster.connect()
      await cluster.addMultipleTargetTopics(topics.map((topic) => this.#place.prefix + topic))
      for (const end of await this.#ends(cluster, topics)) reader.start(end)
    } catch (error) {
      reader.close()
      await cluster.disconnect()
      throw logFailure(error)
    }
    const stop = new AbortController()
    const tailing = tail(reader, onRecord, stop.signal)
    const end = async (): Promise<void> => {
      stop.abort()
      reader.close()
      await tailing
      await cluster.disconnect()
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
    return classified(async () => {
      const admin = await this.#connected()
      const { topics } = await admin.fetchTopicMetadata({ topics: [this.#place.prefix + topic] })
      return topics[0]!.partitions.length
    })
  }

  async lag(group: string): Promise<PartitionLag[]> {
    this.#mustBeOpen()
    return classified(async () => {
      const admin = await this.#connected()
      const groupId = this.#place.prefix + group
      const topics = await this.#topicsOf(admin, groupId)
      const committed = topics.length > 0 ? await admin.fetchOffsets({ groupId, topics }) : []
      const lags = committed.map(async ({ topic, partitions }) => {
        const ends = new Map((await admin.fetchTopicOffsets(topic)).map((each) => [each.partition, each]))
        const name = topic.slice(this.#place.prefix.length) as TopicName
        return partitions.map(({ partition, offset }) => lagOf(name, partition, Number(offset), ends.get(partition)!))
      })
      return (await Promise.all(lags)).flat()
    })
  }

  async check(): Promise<void> {
    this.#mustBeOpen()
    await classified(async () => (await this.#connected()).describeCluster())
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await Promise.all([...this.#open].map((end) => this.#end(end)))
    await this.#sender.close()
    await this.#lookups.close()
    await (await this.#admin?.catch(() => undefined))?.disconnect()
  }

  /** Those that the group's members read and those that it has committed to. */
  async #topicsOf(admin: Admin, groupId: string): Promise<string[]> {
    const committed = await admin.fetchOffsets({ groupId })
    const { groups } = await admin.describeGroups([groupId])
    const members = groups.flatMap((group) => group.members)
    const subscribed = members
      .filter(({ memberMetadata }) => memberMetadata.length > 0)
      .flatMap(({ memberMetadata }) => AssignerProtocol.MemberMetadata.decode(memberMetadata)?.topics ?? [])
    return [...new Set([...committed.map(({ topic }) => topic), ...subscribed])]
  }

  async #ends(cluster: Cluster, topics: readonly TopicName[]): Promise<Position[]> {
    const asked = topics.map((name) => {
      const topic = this.#place.prefix + name
      const partitions = cluster
        .findTopicPartitionMetadata(topic)
        .map(({ partitionId }) => ({ partition: partitionId }))
      return { topic, partitions, fromBeginning: false }
    })
    return (await cluster.fetchTopicsOffset(asked)).flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, offset }) => ({
        topic: topic.slice(this.#place.prefix.length) as TopicName,
        partition,
        offset: Number(offset),
      })),
    )
  }

  #connected(): Promise<Admin> {
    this.#admin ??= this.#connectAdmin().catch((error: unknown) => {
      this.#admin = undefined
      throw error
    })
    return this.#admin
  }

  async #connectAdmin(): Promise<Admin> {
    const admin = this.#kafka.admin()
    await admin.connect()
    return admin
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

function lagOf(
  topic: TopicName,
  partition: number,
  committed: number,
  { low, high }: { low: string; high: string },
): PartitionLag {
  const end = Number(high)
  return {
    topic,
    partition,
    committed,
    low: Number(low),
    end,
    lag: Math.max(0, end - Math.max(committed, Number(low))),
  }
}
