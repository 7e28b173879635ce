import { CompressionTypes, type Kafka, type Message, Partitioners, type Producer, type RecordMetadata } from 'kafkajs'
import type { WireRecord } from '../../events/codec.ts'
import { type TopicName, topics } from '../../events/topics.ts'
import type { Position } from '../../ports/log.ts'
import { logFailure } from './failure.ts'
import { messageBytes, toMessage } from './records.ts'

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

/**
 * Sends what many produce at once in few requests. Each topic has one request under way, so that records of a key stay in
 * order through every retry; what comes meanwhile goes together into the next.
 */
export class Sender {
  readonly #producer: Producer
  readonly #prefix: string
  readonly #queues = new Map<TopicName, Work[]>()
  readonly #sending = new Map<TopicName, Promise<void>>()
  /** The partition that was chosen for each message. */
  readonly #chosen = new WeakMap<Message, number>()
  readonly #waitingForRoom: (() => void)[] = []
  #queuedBytes = 0
  #connecting: Promise<void> | undefined

  constructor(kafka: Kafka, prefix: string) {
    this.#prefix = prefix
    this.#producer = kafka.producer({ allowAutoTopicCreation: false, createPartitioner: () => this.#partitioner() })
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
    await this.#producer.disconnect()
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
        await this.#connect()
        const metadata = await this.#request(topic, works)
        const offsets = new Map(metadata.map(({ partition, baseOffset }) => [partition, Number(baseOffset)]))
        for (const { messages, done } of works) done(this.#positionsOf(topic, messages, offsets))
      } catch (error) {
        for (const { failed } of works) failed(logFailure(error))
      }
    }
  }

  #request(topic: TopicName, works: readonly Work[]): Promise<RecordMetadata[]> {
    return this.#producer.send({
      topic: this.#prefix + topic,
      messages: works.flatMap(({ messages }) => messages),
      acks: -1,
      compression: topics[topic].compression === 'zstd' ? CompressionTypes.ZSTD : CompressionTypes.None,
    })
  }

  /** @param offsets of the next message of each partition, in the order in which they were sent. */
  #positionsOf(topic: TopicName, messages: readonly Message[], offsets: Map<number, number>): Position[] {
    return messages.map((message) => {
      const partition = this.#chosen.get(message)!
      const offset = offsets.get(partition)!
      offsets.set(partition, offset + 1)
      return { topic, partition, offset }
    })
  }

  #connect(): Promise<void> {
    this.#connecting ??= this.#producer.connect().catch((error: unknown) => {
      this.#connecting = undefined
      throw error
    })
    return this.#connecting
  }

  #partitioner(): ReturnType<typeof Partitioners.DefaultPartitioner> {
    const choose = Partitioners.DefaultPartitioner()
    return (args) => {
      const partition = choose(args)
      this.#chosen.set(args.message, partition)
      return partition
    }
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
