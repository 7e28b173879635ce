import { SentinelError } from '../../errors.ts'
import type { TopicName } from '../../events/topics.ts'
import type { LogRecord } from '../../ports/log.ts'
import type { Bounds, Cluster } from './cluster.ts'
import { kindOf, logFailure } from './failure.ts'
import { toRecord } from './records.ts'
import type { Broker, FetchedRecord } from './wire.ts'

const ATTEMPTS = 3
const RETRY_MS = 250
const MAX_BYTES = 1024 * 1024
/** A broker answers with one batch at least, however large: enough where one record is wanted. */
const ONE_BATCH_BYTES = 1

interface Found {
  readonly records: readonly FetchedRecord[]
  /** Offset behind what was found. */
  readonly next: number
  /** Of the partition. */
  readonly end: number
}

/** Reads by offset, outside any group: mostly with one request each. */
export class Lookups {
  readonly #cluster: Cluster
  readonly #prefix: string

  constructor(cluster: Cluster, prefix: string) {
    this.#cluster = cluster
    this.#prefix = prefix
  }

  /** The next records from an offset on. @throws SentinelError `LOG_UNAVAILABLE`, `NOT_FOUND` */
  async read(topic: TopicName, partition: number, offset: number, max: number): Promise<LogRecord[]> {
    const out: LogRecord[] = []
    for (let next = offset, end = Number.POSITIVE_INFINITY; out.length < max && next < end; ) {
      const found = await this.#find(topic, partition, next, max - out.length)
      if (found.next <= next) break
      const fresh = found.records.filter((record) => record.offset >= next)
      out.push(...fresh.slice(0, max - out.length).map((record) => toRecord(topic, partition, record)))
      end = found.end
      next = found.next
    }
    return out
  }

  async #find(topic: TopicName, partition: number, offset: number, max: number): Promise<Found> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#findOnce(topic, partition, offset, max)
      } catch (error) {
        if (attempt === ATTEMPTS || error instanceof SentinelError) throw logFailure(error)
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
        await this.#cluster.refresh().catch(() => {})
      }
    }
  }

  async #findOnce(topic: TopicName, partition: number, offset: number, max: number): Promise<Found> {
    const name = this.#prefix + topic
    await this.#cluster.know([name])
    const place = this.#cluster.partitionsOf(name).find((each) => each.partition === partition)
    if (!place) throw new SentinelError('NOT_FOUND', `Topic ${topic} has no partition ${partition}`)
    const broker = await this.#cluster.leader(place.leader)
    const bytes = max === 1 ? ONE_BATCH_BYTES : MAX_BYTES
    try {
      return await fetchFrom(broker, name, partition, offset, bytes)
    } catch (error) {
      if (kindOf(error) !== 'OFFSET_OUT_OF_RANGE') throw error
      const [{ low }] = (await this.#cluster.bounds([{ topic: name, partition }])) as [Bounds]
      // Retention took what was asked for; or it is not there yet.
      return offset < low ? fetchFrom(broker, name, partition, low, bytes) : { records: [], next: offset, end: offset }
    }
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
  const partitions = [{ topic, partition, offset, maxBytes }]
  const [found] = await broker.fetch({ maxWaitMs: 0, minBytes: 0, maxBytes, partitions })
  return { records: found?.records ?? [], next: found?.next ?? offset, end: found?.end ?? 0 }
}
