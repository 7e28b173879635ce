import type { WireRecord } from '../../events/codec.ts'
import { type TopicName, topics } from '../../events/topics.ts'
import type { Position } from '../../ports/log.ts'
import type { Cluster } from './cluster.ts'
import { KafkaFailure, logFailure, patiently } from './failure.ts'
import { partitionOf } from './partitioner.ts'
import { messageBytes, toMessage } from './records.ts'
import type { Message } from './wire.ts'

/** What waits to be sent, all topics together; who produces more waits for room. */
const MAX_QUEUED_BYTES = 64 * 1024 * 1024
/** A request stays well below the brokers' limit of 1 MiB a batch of one partition, but for a larger record. */
const MAX_REQUEST_BYTES = 768 * 1024
const MAX_REQUEST_RECORDS = 500

interface Work {
  readonly messages: readonly Message[]
  readonly bytes: number
  readonly done: (positions: Position[]) => void
  readonly failed: (error: Error) => void
}

interface Placed {
  readonly message: Message
  readonly partition: number
}

/**
 * Sends what many produce at once in few requests. Each topic has one request under way, so that records of a key stay in
 * order through every retry; what comes meanwhile goes together into the next.
 */
export class Sender {
  readonly #cluster: Cluster
  readonly #prefix: string
  readonly #queues = new Map<TopicName, Work[]>()
  readonly #sending = new Map<TopicName, Promise<void>>()
  readonly #waitingForRoom: (() => void)[] = []
  #queuedBytes = 0
  /** Records without a key go to the partitions in turn. */
  #turn = 0

  constructor(cluster: Cluster, prefix: string) {
    this.#cluster = cluster
    this.#prefix = prefix
  }

  /** @throws SentinelError `LOG_UNAVAILABLE`, `RECORD_REFUSED` */
  async send(topic: TopicName, records: readonly WireRecord[]): Promise<Position[]> {
    if (records.length === 0) return []
    const messages = await Promise.all(records.map(toMessage))
    const bytes = messages.reduce((sum, message) => sum + messageBytes(message), 0)
    while (this.#queuedBytes > 0 && this.#queuedBytes + bytes > MAX_QUEUED_BYTES) {
      await new Promise<void>((resolve) => this.#waitingForRoom.push(resolve))
    }
    this.#queuedBytes += bytes
    try {
      return await new Promise<Position[]>((done, failed) => this.#enqueue(topic, { messages, bytes, done, failed }))
    } finally {
      this.#queuedBytes -= bytes
      for (const wake of this.#waitingForRoom.splice(0)) wake()
    }
  }

  /** Sends what waits, then disconnects. */
  async close(): Promise<void> {
    await Promise.all(this.#sending.values())
    await this.#cluster.close()
  }

  #enqueue(topic: TopicName, work: Work): void {
    const queue = this.#queues.get(topic) ?? []
    queue.push(work)
    this.#queues.set(topic, queue)
    if (this.#sending.has(topic)) return
    const sending = this.#drain(topic, queue).finally(() => this.#sending.delete(topic))
    this.#sending.set(topic, sending)
  }

  async #drain(topic: TopicName, queue: Work[]): Promise<void> {
    // What is produced in this turn of the event loop goes together.
    await new Promise((resolve) => setImmediate(resolve))
    while (queue.length > 0) {
      const works = nextRequest(queue)
      try {
        await this.#request(topic, works)
      } catch (error) {
        for (const { failed } of works) failed(logFailure(error))
      }
    }
  }

  /** The partitions are chosen once: a retry may not send a key elsewhere. */
  async #request(topic: TopicName, works: readonly Work[]): Promise<void> {
    const name = this.#prefix + topic
    await this.#cluster.know([name])
    const count = this.#cluster.partitionsOf(name).length
    const placed = works.flatMap(({ messages }) =>
      messages.map((message) => ({ message, partition: this.#choose(message.key, count) })),
    )
    const left = Map.groupBy(placed, ({ partition }) => partition)
    const offsets = new Map<number, number>()
    await patiently(() => this.#sendLeft(topic, left, offsets))
    const positions = placed.map(({ partition }) => {
      const offset = offsets.get(partition)!
      offsets.set(partition, offset + 1)
      return { topic, partition, offset }
    })
    for (const { messages, done } of works) done(positions.splice(0, messages.length))
  }

  /**
   * Sends each leader its partitions, and takes those that it has stored out of what is left.
   *
   * @param offsets of the first message of each partition, as they become known.
   */
  async #sendLeft(topic: TopicName, left: Map<number, Placed[]>, offsets: Map<number, number>): Promise<void> {
    const name = this.#prefix + topic
    const leaders = new Map(this.#cluster.partitionsOf(name).map(({ partition, leader }) => [partition, leader]))
    const compression = topics[topic].compression === 'zstd' ? 'zstd' : 'none'
    const requests = [...Map.groupBy(left, ([partition]) => leaders.get(partition) ?? -1)].map(
      async ([leader, batches]) => {
        const broker = await this.#cluster.leader(leader)
        const sent = batches.map(([partition, members]) => ({
          topic: name,
          partition,
          messages: members.map(({ message }) => message),
        }))
        for (const { partition, offset } of await broker.produce(sent, compression)) {
          offsets.set(partition, offset)
          left.delete(partition)
        }
      },
    )
    const failed = (await Promise.allSettled(requests)).find(({ status }) => status === 'rejected')
    if (failed?.status !== 'rejected') return
    if (failed.reason instanceof KafkaFailure) await this.#cluster.refresh().catch(() => {})
    throw failed.reason
  }

  #choose(key: string | null, count: number): number {
    return key === null ? this.#turn++ % count : partitionOf(key, count)
  }
}

function nextRequest(queue: Work[]): Work[] {
  let bytes = 0
  let records = 0
  const full = queue.findIndex((work) => {
    bytes += work.bytes
    records += work.messages.length
    return bytes > MAX_REQUEST_BYTES || records > MAX_REQUEST_RECORDS
  })
  return queue.splice(0, full < 0 ? queue.length : Math.max(full, 1))
}
