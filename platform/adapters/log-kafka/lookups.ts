import { SentinelError } from '../../errors.ts'
import type { TopicName } from '../../events/topics.ts'
import type { LogRecord } from '../../ports/log.ts'
import { kindOf, logFailure } from './failure.ts'
import type { Broker, Cluster, FetchedMessage } from './protocol.ts'
import { toRecord } from './records.ts'

const ATTEMPTS = 3
const RETRY_MS = 250
const MAX_BYTES = 1024 * 1024
/** A broker answers with one batch at least, however large: enough where one record is wanted. */
const ONE_BATCH_BYTES = 1

interface Found {
  readonly messages: readonly FetchedMessage[]
  /** Of the partition. */
  readonly end: number
}

/** Reads by offset, outside any group: one set of connections for all of them, and mostly one request each. */
export class Lookups {
  readonly #open: () => Cluster
  readonly #prefix: string
  #opening: Promise<Cluster> | undefined

  constructor(open: () => Cluster, prefix: string) {
    this.#open = open
    this.#prefix = prefix
  }

  /** The next records from an offset on. @throws SentinelError `LOG_UNAVAILABLE`, `NOT_FOUND` */
  async read(topic: TopicName, partition: number, offset: number, max: number): Promise<LogRecord[]> {
    const out: LogRecord[] = []
    for (let next = offset, end = Number.POSITIVE_INFINITY; out.length < max && next < end; ) {
      const found = await this.#find(topic, partition, next, max - out.length)
      // A broker answers with whole batches: the first may begin before the offset that was asked for.
      const fresh = found.messages.filter((message) => Number(message.offset) >= next)
      if (fresh.length === 0) break
      end = found.end
      next = Number(fresh.at(-1)!.offset) + 1
      const records = fresh.filter(({ isControlRecord }) => !isControlRecord)
      out.push(...records.slice(0, max - out.length).map((message) => toRecord(topic, partition, message)))
    }
    return out
  }

  async close(): Promise<void> {
    await (await this.#opening?.catch(() => undefined))?.disconnect()
  }

  async #find(topic: TopicName, partition: number, offset: number, max: number): Promise<Found> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#findOnce(topic, partition, offset, max)
      } catch (error) {
        if (attempt === ATTEMPTS || error instanceof SentinelError) throw logFailure(error)
        await this.#recover(error)
      }
    }
  }

  async #findOnce(topic: TopicName, partition: number, offset: number, max: number): Promise<Found> {
    const cluster = await this.#cluster()
    const name = this.#prefix + topic
    await cluster.addMultipleTargetTopics([name])
    await cluster.refreshMetadataIfNecessary()
    const place = cluster.findTopicPartitionMetadata(name).find(({ partitionId }) => partitionId === partition)
    if (!place) throw new SentinelError('NOT_FOUND', `Topic ${topic} has no partition ${partition}`)
    const broker = await cluster.findBroker({ nodeId: String(place.leader) })
    const bytes = max === 1 ? ONE_BATCH_BYTES : MAX_BYTES
    try {
      return await fetchFrom(broker, name, partition, offset, bytes)
    } catch (error) {
      if (kindOf(error) !== 'OFFSET_OUT_OF_RANGE') throw error
      const low = await lowOf(cluster, name, partition)
      // Retention took what was asked for; or it is not there yet.
      return offset < low ? fetchFrom(broker, name, partition, low, bytes) : { messages: [], end: offset }
    }
  }

  #cluster(): Promise<Cluster> {
    this.#opening ??= this.#connect().catch((error: unknown) => {
      this.#opening = undefined
      throw error
    })
    return this.#opening
  }

  async #connect(): Promise<Cluster> {
    const cluster = this.#open()
    await cluster.connect()
    return cluster
  }

  async #recover(error: unknown): Promise<void> {
    const { host, port, name } = error as { host?: string; port?: number; name?: string }
    const cluster = await this.#opening?.catch(() => undefined)
    if (name === 'KafkaJSConnectionClosedError' && host && port) cluster?.removeBroker({ host, port })
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    await cluster?.refreshMetadata().catch(() => {})
  }
}

/** What is there now, without waiting for more. */
async function fetchFrom(
  broker: Broker,
  topic: string,
  partition: number,
  offset: number,
  maxBytes: number,
): Promise<Found> {
  const partitions = [{ partition, fetchOffset: String(offset), maxBytes }]
  const { responses } = await broker.fetch({ maxWaitTime: 0, minBytes: 0, maxBytes, topics: [{ topic, partitions }] })
  const found = responses.flatMap((response) => response.partitions).find((each) => each.partition === partition)
  return { messages: found?.messages ?? [], end: Number(found?.highWatermark ?? 0) }
}

async function lowOf(cluster: Cluster, topic: string, partition: number): Promise<number> {
  const [found] = await cluster.fetchTopicsOffset([{ topic, partitions: [{ partition }], fromBeginning: true }])
  return Number(found!.partitions[0]!.offset)
}
