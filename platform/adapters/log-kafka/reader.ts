import type { TopicName } from '../../events/topics.ts'
import type { LogRecord, Position, RoomOf } from '../../ports/log.ts'
import { Bell } from './bell.ts'
import type { Cluster } from './cluster.ts'
import { kindOf, logFailure } from './failure.ts'
import { toRecord } from './records.ts'
import type { Fetched } from './wire.ts'

/** How long a broker holds a request while there is nothing. */
const MAX_WAIT_MS = 250
/** … while some of its partitions have no room: the latest that one with room again is asked for. */
const SOON_MS = 20
/** A broker that gathers answers as soon as it has so much. */
const GATHERED_BYTES = 64 * 1024
const RETRY_MS = 250
const MAX_BYTES = 8 * 1024 * 1024
const MAX_PARTITION_BYTES = 1024 * 1024
/** A partition with so much waiting is not asked for until its reader has taken some: memory stays bounded. */
const ENOUGH_WAITING_BYTES = 512 * 1024

export type PartitionName = Omit<Position, 'offset'>

interface Reading extends PartitionName {
  /** Offset to ask the broker for. */
  next: number
  /** Offset behind the last record that was handed out. */
  taken: number
  readonly waiting: LogRecord[]
  waitingBytes: number
}

export const nameOf = ({ topic, partition }: PartitionName): string => `${topic}/${partition}`

/** Reads partitions from where it is told, ahead of its user by a bounded number of bytes each. */
export class Reader {
  readonly #cluster: Cluster
  readonly #prefix: string
  readonly #gatherMs: number
  /** Leaders whose last answer had records in it. */
  readonly #giving = new Set<number>()
  readonly #readings = new Map<string, Reading>()
  /** Leaders that have a request. */
  readonly #busy = new Set<number>()
  readonly #arrived = new Bell()
  #failure: Error | undefined
  /** The partition that was taken from last goes to the end of the row, so that none starves. */
  #turn = 0
  #closed = false

  /** @param gather see `JoinOptions` */
  constructor(cluster: Cluster, prefix: string, gather = 0) {
    this.#cluster = cluster
    this.#prefix = prefix
    this.#gatherMs = gather
  }

  get partitions(): PartitionName[] {
    return [...this.#readings.values()].map(({ topic, partition }) => ({ topic, partition }))
  }

  has(partition: PartitionName): boolean {
    return this.#readings.has(nameOf(partition))
  }

  start({ topic, partition, offset }: Position): void {
    const reading = { topic, partition, next: offset, taken: offset, waiting: [], waitingBytes: 0 }
    this.#readings.set(nameOf({ topic, partition }), reading)
    this.#pump()
  }

  stop(partition: PartitionName): void {
    this.#readings.delete(nameOf(partition))
  }

  /** The next records, each partition in order; empty when `signal` aborts. @throws what keeps it from reading. */
  async fetch(max: number, signal: AbortSignal, roomOf: RoomOf = () => max): Promise<LogRecord[]> {
    while (!signal.aborted && !this.#closed) {
      const records = this.#take(max, roomOf)
      if (records.length > 0) return records
      if (this.#failure) throw this.#forget(this.#failure)
      await this.#arrived.next(signal)
    }
    return []
  }

  /** The next `fetch` throws it, once what has been read is handed out. */
  fail(error: unknown): void {
    this.#failure = logFailure(error)
    this.#arrived.ring()
  }

  close(): void {
    this.#closed = true
    this.#readings.clear()
    this.#arrived.ring()
  }

  #forget(failure: Error): Error {
    this.#failure = undefined
    return failure
  }

  #take(max: number, roomOf: RoomOf): LogRecord[] {
    const out: LogRecord[] = []
    const readings = [...this.#readings.values()]
    for (let i = 0; i < readings.length && out.length < max; i++) {
      const reading = readings[(this.#turn + i) % readings.length]!
      const records = reading.waiting.splice(0, Math.min(max - out.length, Math.max(0, roomOf(reading))))
      if (records.length === 0) continue
      out.push(...records)
      reading.taken = records.at(-1)!.offset + 1
      reading.waitingBytes = reading.waiting.length === 0 ? 0 : reading.waitingBytes - bytesOf(records)
    }
    this.#turn++
    if (out.length > 0) this.#pump()
    return out
  }

  /** One request to each broker at a time, for all of its partitions that have room. */
  #pump(): void {
    if (this.#closed) return
    for (const [leader, readings] of Map.groupBy(this.#readings.values(), (reading) => this.#leaderOf(reading))) {
      const hungry = readings.filter(({ waitingBytes }) => waitingBytes < ENOUGH_WAITING_BYTES)
      if (this.#busy.has(leader) || hungry.length === 0) continue
      this.#busy.add(leader)
      void this.#fetchFrom(leader, hungry, hungry.length === readings.length)
    }
  }

  #leaderOf({ topic, partition }: PartitionName): number {
    const partitions = this.#cluster.partitionsOf(this.#prefix + topic)
    return partitions.find((each) => each.partition === partition)?.leader ?? -1
  }

  /** @param areAll that the broker leads: none lacks room. */
  async #fetchFrom(leader: number, readings: readonly Reading[], areAll: boolean): Promise<void> {
    try {
      await this.#cluster.refreshIfOld()
      const broker = await this.#cluster.leader(leader)
      const partitions = readings.map(({ topic, partition, next }) => ({
        topic: this.#prefix + topic,
        partition,
        offset: next,
        maxBytes: MAX_PARTITION_BYTES,
      }))
      const answer = await broker.fetch({ ...this.#patienceWith(leader, areAll), maxBytes: MAX_BYTES, partitions })
      for (const fetched of answer) this.#accept(fetched, readings)
      if (answer.some(({ records }) => records.length > 0)) this.#giving.add(leader)
      else this.#giving.delete(leader)
      this.#failure = undefined
    } catch (error) {
      if (!this.#closed) await this.#recover(error, readings)
    }
    this.#busy.delete(leader)
    this.#pump()
  }

  #patienceWith(leader: number, areAll: boolean): { readonly maxWaitMs: number; readonly minBytes: number } {
    if (!areAll) return { maxWaitMs: SOON_MS, minBytes: 1 }
    const gathers = this.#gatherMs > 0 && this.#giving.has(leader)
    return gathers ? { maxWaitMs: this.#gatherMs, minBytes: GATHERED_BYTES } : { maxWaitMs: MAX_WAIT_MS, minBytes: 1 }
  }

  #accept({ topic: name, partition, next, records: fetched }: Fetched, readings: readonly Reading[]): void {
    const topic = name.slice(this.#prefix.length) as TopicName
    const reading = readings.find((each) => each.topic === topic && each.partition === partition)
    if (!reading || this.#readings.get(nameOf(reading)) !== reading) return
    const fresh = fetched.filter(({ offset }) => offset >= reading.next)
    reading.next = Math.max(reading.next, next ?? 0)
    if (fresh.length === 0) return
    const records = fresh.map((record) => toRecord(topic, partition, record))
    reading.waiting.push(...records)
    reading.waitingBytes += bytesOf(records)
    this.#arrived.ring()
  }

  async #recover(error: unknown, readings: readonly Reading[]): Promise<void> {
    try {
      await this.#cluster.refresh()
      if (kindOf(error) === 'OFFSET_OUT_OF_RANGE') await this.#backIntoRange(readings)
      else this.fail(error)
    } catch (failure) {
      this.fail(failure)
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
  }

  /** Retention took what was to be read next, or the topic was made anew: on with the oldest record that there is. */
  async #backIntoRange(readings: readonly Reading[]): Promise<void> {
    const asked = readings.map(({ topic, partition }) => ({ topic: this.#prefix + topic, partition }))
    const bounds = await this.#cluster.bounds(asked)
    for (const reading of readings) {
      const name = this.#prefix + reading.topic
      const { low, end } = bounds.find(({ topic, partition }) => topic === name && partition === reading.partition)!
      if (reading.next < low || reading.next > end) reading.next = low
    }
  }
}

function bytesOf(records: readonly LogRecord[]): number {
  return records.reduce((sum, { value }) => sum + 100 + ((value as Uint8Array | null)?.byteLength ?? 0), 0)
}
