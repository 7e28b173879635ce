import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf, SentinelError } from '../../errors.ts'
import { valueBytes, type WireRecord } from '../../events/codec.ts'
import { encodeRecord, type StoredRecord } from './frame.ts'
import type { Partition } from './partition.ts'
import { Segment } from './segment.ts'

const SEGMENT_BYTES = 16 * 1024 * 1024
/** The newest records, kept in memory for consumers that keep up. */
const CACHE_BYTES = 2 * 1024 * 1024
const SEGMENT_NAME = /^(\d{16})\.segment$/

interface Pending {
  readonly records: readonly StoredRecord[]
  readonly encoded: readonly Buffer[]
  readonly resolve: (offsets: number[]) => void
  readonly reject: (error: Error) => void
}

/**
 * Records in segment files. An append is acknowledged once the operating system has the bytes, so it survives the death
 * of the process; a power cut can take what was written since the last `sync`.
 */
export class DurablePartition implements Partition {
  readonly #directory: string
  #segments: Segment[]
  /** Offset after the last record that is written, and after the last that was asked for. */
  #end: number
  #assigned: number
  #pending: Pending[] = []
  #writing: Promise<void> | undefined
  #cache: { record: StoredRecord; bytes: number }[] = []
  #cacheBytes = 0
  #dirty = false

  private constructor(directory: string, segments: Segment[], end: number) {
    this.#directory = directory
    this.#segments = segments
    this.#end = end
    this.#assigned = end
  }

  static async open(directory: string): Promise<DurablePartition> {
    await mkdir(directory, { recursive: true })
    const bases = (await readdir(directory)).flatMap((name) => SEGMENT_NAME.exec(name)?.[1] ?? []).map(Number)
    const segments: Segment[] = []
    for (const base of bases.sort((a, b) => a - b)) {
      segments.push(await Segment.open(segmentPath(directory, base), base))
    }
    const end = (await segments.at(-1)?.recover()) ?? 0
    return new DurablePartition(directory, segments, end)
  }

  get low(): number {
    return this.#segments[0]?.base ?? this.#end
  }

  get end(): number {
    return this.#end
  }

  get bytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.size, 0)
  }

  async append(records: readonly WireRecord[], timestamp: number): Promise<number[]> {
    const values = records.some(({ value }) => value !== null && !(value instanceof Uint8Array))
      ? await Promise.all(records.map(({ value }) => valueBytes(value)))
      : records.map(({ value }) => value as Uint8Array | null)
    const stored = records.map(({ key, headers }, i) => ({
      key,
      headers,
      value: values[i]!,
      timestamp,
      offset: this.#assigned++,
    }))
    return new Promise((resolve, reject) => {
      this.#pending.push({ records: stored, encoded: stored.map(encodeRecord), resolve, reject })
      this.#writing ??= this.#writePending()
    })
  }

  /** One write at a time; whatever arrives meanwhile goes into the next one together. */
  async #writePending(): Promise<void> {
    await Promise.resolve()
    while (this.#pending.length > 0) {
      const batch = this.#pending
      this.#pending = []
      try {
        await this.#write(batch)
      } catch (error) {
        this.#refuse(batch, error)
      }
    }
    this.#writing = undefined
  }

  async #write(batch: readonly Pending[]): Promise<void> {
    const records = batch.flatMap((each) => each.records)
    const encoded = batch.flatMap((each) => each.encoded)
    const segment = await this.#writable()
    await segment.append(records, encoded)
    this.#dirty = true
    this.#end = records.at(-1)!.offset + 1
    for (const [i, record] of records.entries()) this.#remember(record, encoded[i]!.length)
    for (const { records, resolve } of batch) resolve(records.map(({ offset }) => offset))
  }

  /** Offsets handed out after a failed write would leave a hole, so everything waiting fails with it. */
  #refuse(batch: readonly Pending[], cause: unknown): void {
    const error = new SentinelError(
      'LOG_UNAVAILABLE',
      `The log cannot write to ${this.#directory}: ${messageOf(cause)}. Free disk space or check its permissions.`,
      { cause },
    )
    const refused = [...batch, ...this.#pending]
    this.#pending = []
    this.#assigned = this.#end
    for (const { reject } of refused) reject(error)
  }

  async #writable(): Promise<Segment> {
    const last = this.#segments.at(-1)
    if (last && last.size < SEGMENT_BYTES) return last
    if (last) await last.sync()
    const segment = await Segment.open(segmentPath(this.#directory, this.#end), this.#end)
    this.#segments.push(segment)
    return segment
  }

  #remember(record: StoredRecord, bytes: number): void {
    this.#cache.push({ record, bytes })
    this.#cacheBytes += bytes
    if (this.#cacheBytes <= 2 * CACHE_BYTES) return
    let dropped = 0
    while (this.#cacheBytes > CACHE_BYTES) this.#cacheBytes -= this.#cache[dropped++]!.bytes
    this.#cache = this.#cache.slice(dropped)
  }

  async read(offset: number, max: number): Promise<StoredRecord[]> {
    const from = Math.max(offset, this.low)
    if (from >= this.#end) return []
    const cachedFrom = this.#cache[0]?.record.offset ?? Number.POSITIVE_INFINITY
    if (from >= cachedFrom) {
      return this.#cache.slice(from - cachedFrom, from - cachedFrom + max).map(({ record }) => record)
    }
    const segment = this.#segments.findLast(({ base }) => base <= from)!
    return (await segment.read(from, max)).filter(({ offset }) => offset < this.#end)
  }

  async retain(before: number, maxBytes: number): Promise<void> {
    while (this.#segments.length > 0) {
      const oldest = this.#segments[0]!
      const expired = oldest.newest < before && oldest.size > 0 && this.#writing === undefined
      const overfull = this.bytes > maxBytes && this.#segments.length > 1
      if (!expired && !overfull) return
      if (this.#segments.length === 1) await this.#rotate()
      this.#segments = this.#segments.slice(1)
      await oldest.remove()
    }
  }

  /**
   * Begins an empty segment, which keeps the end offset when everything before it expires. Called while nothing is being
   * written, and takes its turn as a write does.
   */
  async #rotate(): Promise<void> {
    const opened = Segment.open(segmentPath(this.#directory, this.#end), this.#end)
    this.#writing = opened
      .then(
        (segment) => void this.#segments.push(segment),
        () => {},
      )
      .then(() => this.#writePending())
    await opened
    await this.#writing
  }

  async sync(): Promise<void> {
    if (!this.#dirty) return
    this.#dirty = false
    await this.#segments.at(-1)?.sync()
  }

  async close(): Promise<void> {
    while (this.#writing) await this.#writing
    await this.sync()
    for (const segment of this.#segments) await segment.close()
  }
}

function segmentPath(directory: string, base: number): string {
  return join(directory, `${String(base).padStart(16, '0')}.segment`)
}
