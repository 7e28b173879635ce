import { KafkaFailure, patiently } from './failure.ts'
import type { KafkaPlace } from './place.ts'
import {
  type Address,
  type Broker,
  type Connect,
  type Metadata,
  type PartitionLeader,
  placeOf,
  type TopicPartition,
} from './wire.ts'

const METADATA_MAX_AGE_MS = 60_000

export interface Bounds extends TopicPartition {
  /** Offset of the oldest record. */
  readonly low: number
  /** Offset behind the newest. */
  readonly end: number
}

interface Line {
  readonly opening: Promise<Broker>
  /** Undefined until it is open. */
  broker: Broker | undefined
}

/**
 * The brokers of a cluster, which of them leads what, and one connection to each. Requests of one cluster object that wait,
 * wait for each other: whoever fetches or belongs to a group has its own.
 */
export class Cluster {
  readonly #connect: Connect
  readonly #place: KafkaPlace
  readonly #topics = new Set<string>()
  /** By the address. */
  readonly #lines = new Map<string, Line>()
  #metadata: Metadata = { brokers: new Map(), controller: -1, topics: new Map() }
  #refreshedAt = Number.NEGATIVE_INFINITY
  #refreshing: Promise<void> | undefined
  #turn = 0
  #isClosed = false

  constructor(connect: Connect, place: KafkaPlace) {
    this.#connect = connect
    this.#place = place
  }

  /** Knows the leaders of these topics from now on. @throws KafkaFailure */
  async know(topics: readonly string[]): Promise<void> {
    const fresh = topics.filter((topic) => !this.#topics.has(topic))
    if (fresh.length === 0) return this.refreshIfOld()
    const known = await this.ask(fresh)
    for (const topic of fresh) this.#topics.add(topic)
    this.#metadata = { ...known, topics: new Map([...this.#metadata.topics, ...known.topics]) }
    if (fresh.length === this.#topics.size) this.#refreshedAt = performance.now()
  }

  /** Once, and for all who want it meanwhile: whoever does tries again anyway. @throws KafkaFailure */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined
    })
    return this.#refreshing
  }

  async refreshIfOld(): Promise<void> {
    if (performance.now() - this.#refreshedAt > METADATA_MAX_AGE_MS) await patiently(() => this.refresh())
  }

  /** Empty for a topic that it does not know. */
  partitionsOf(topic: string): readonly PartitionLeader[] {
    return this.#metadata.topics.get(topic) ?? []
  }

  /** What a broker says now, of all topics without a choice. @throws KafkaFailure */
  ask(topics?: readonly string[]): Promise<Metadata> {
    return patiently(() => this.#askOnce(topics))
  }

  /** @throws KafkaFailure */
  async leader(id: number): Promise<Broker> {
    const address = this.#metadata.brokers.get(id)
    if (!address) throw new KafkaFailure('LEADER_NOT_AVAILABLE', new Error(`There is no broker ${id}`))
    return this.#brokerAt(address)
  }

  async controller(): Promise<Broker> {
    return this.leader((await this.ask([])).controller)
  }

  coordinator(group: string): Promise<Broker> {
    return patiently(async () => this.#brokerAt(await (await this.any()).coordinator(group)))
  }

  /** One that can be reached, each in turn: of those that are known, then of those that were named. @throws KafkaFailure of the last. */
  async any(): Promise<Broker> {
    let failure: unknown
    for (const address of [...turned([...this.#metadata.brokers.values()], this.#turn++), ...this.#place.brokers]) {
      try {
        return await this.#brokerAt(address)
      } catch (error) {
        failure = error
      }
    }
    throw failure
  }

  /** @throws KafkaFailure */
  bounds(partitions: readonly TopicPartition[]): Promise<Bounds[]> {
    return patiently(async () => {
      const { topics } = await this.#askOnce([...new Set(partitions.map(({ topic }) => topic))])
      const byLeader = Map.groupBy(partitions, ({ topic, partition }) => leaderOf(topics.get(topic) ?? [], partition))
      const found = [...byLeader].map(async ([leader, led]) => boundsOn(await this.leader(leader), led))
      return (await Promise.all(found)).flat()
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all([...this.#lines.values()].map(({ broker }) => broker?.close()))
  }

  async #refresh(): Promise<void> {
    const fresh = await this.#askOnce([...this.#topics])
    // What others have come to know meanwhile stays.
    this.#metadata = { ...fresh, topics: new Map([...this.#metadata.topics, ...fresh.topics]) }
    this.#refreshedAt = performance.now()
  }

  async #askOnce(topics?: readonly string[]): Promise<Metadata> {
    const metadata = await (await this.any()).metadata(topics)
    this.#metadata = { ...metadata, topics: this.#metadata.topics }
    return metadata
  }

  #brokerAt(address: Address): Promise<Broker> {
    if (this.#isClosed) return Promise.reject(new KafkaFailure('CLOSED', new Error('The log is closed')))
    const name = nameOf(address)
    const there = this.#lines.get(name)
    if (there && there.broker?.isOpen !== false) return there.opening
    void there?.broker?.close()
    const line: Line = { opening: this.#connect(address, this.#place.security), broker: undefined }
    this.#lines.set(name, line)
    line.opening.then(
      (broker) => {
        line.broker = broker
        if (this.#isClosed) void broker.close()
      },
      () => this.#lines.delete(name),
    )
    return line.opening
  }
}

/** The same, beginning with another. */
const turned = <T>(values: readonly T[], turn: number): T[] => {
  const start = turn % (values.length || 1)
  return [...values.slice(start), ...values.slice(0, start)]
}

const nameOf = ({ host, port }: Address): string => `${host}:${port}`

function leaderOf(leaders: readonly PartitionLeader[], partition: number): number {
  return leaders.find((each) => each.partition === partition)?.leader ?? -1
}

async function boundsOn(broker: Broker, partitions: readonly TopicPartition[]): Promise<Bounds[]> {
  const [lows, ends] = await Promise.all([broker.offsets(partitions, 'low'), broker.offsets(partitions, 'end')])
  const endOf = new Map(ends.map((at) => [placeOf(at), at.offset]))
  return lows.map((at) => ({ topic: at.topic, partition: at.partition, low: at.offset, end: endOf.get(placeOf(at))! }))
}
