import { writeSync } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { decodeRecord, recordLength, type StoredRecord } from './frame.ts'

/** One index entry for every so many bytes: a read scans at most this far to its offset. */
const INDEX_EVERY_BYTES = 64 * 1024
const READ_CHUNK_BYTES = 256 * 1024

/** An append-only file of records with rising offsets. Only the newest segment of a partition is ever written. */
export class Segment {
  readonly path: string
  readonly base: number
  size = 0
  /** Timestamp of the newest record; retention by time drops a segment only when this is too old. */
  newest = 0
  readonly #file: FileHandle
  readonly #index: { offset: number; at: number }[] = []
  #indexedTo = 0
  #indexing: Promise<number> | undefined
  #readers = 0
  #retired = false

  private constructor(path: string, base: number, file: FileHandle) {
    this.path = path
    this.base = base
    this.#file = file
  }

  static async open(path: string, base: number): Promise<Segment> {
    const segment = new Segment(path, base, await open(path, 'a+'))
    const { size, mtimeMs } = await segment.#file.stat()
    segment.size = size
    segment.newest = size > 0 ? mtimeMs : 0
    // What is appended from now on is noted as it comes; reading it through would race with that.
    if (size === 0) segment.#indexing = Promise.resolve(base)
    return segment
  }

  /** Reads the file through, cuts off what a crash left half written, and returns the offset after the last record. */
  async recover(): Promise<number> {
    const next = await this.#indexOnce()
    await this.#file.truncate(this.size)
    return next
  }

  /** A sealed segment is read through only when somebody reads from it. */
  #indexOnce(): Promise<number> {
    this.#indexing ??= this.#indexAll()
    return this.#indexing
  }

  async #indexAll(): Promise<number> {
    let next = this.base
    let end = 0
    for await (const { record, at, length } of this.#scan(0, this.size)) {
      this.#note(record, at)
      end = at + length
      next = record.offset + 1
    }
    this.size = end
    return next
  }

  /** All of it or nothing: after a failed write the file ends where it did before. */
  async append(records: readonly StoredRecord[], encoded: readonly Buffer[]): Promise<void> {
    const before = this.size
    try {
      const bytes = encoded.length === 1 ? encoded[0]! : Buffer.concat(encoded)
      writeAll(this.#file, bytes)
    } catch (error) {
      await this.#file.truncate(before)
      throw error
    }
    for (const [i, record] of records.entries()) {
      this.#note(record, this.size)
      this.size += encoded[i]!.length
    }
  }

  /** At most `max` records from `offset` on, and at most about one chunk of bytes, but always one where there is one. */
  async read(offset: number, max: number): Promise<StoredRecord[]> {
    this.#readers++
    try {
      await this.#indexOnce()
      return await this.#collect(offset, max)
    } finally {
      this.#readers--
      if (this.#retired && this.#readers === 0) await this.close()
    }
  }

  async #collect(offset: number, max: number): Promise<StoredRecord[]> {
    const out: StoredRecord[] = []
    let bytes = 0
    for await (const { record, length } of this.#scan(this.#positionBefore(offset), this.size)) {
      if (record.offset < offset) continue
      out.push(record)
      bytes += length
      if (out.length >= max || bytes >= READ_CHUNK_BYTES) break
    }
    return out
  }

  /** Deletes the file; a reader in the middle of it finishes first. */
  async remove(): Promise<void> {
    this.#retired = true
    await rm(this.path)
    if (this.#readers === 0) await this.close()
  }

  sync(): Promise<void> {
    return this.#file.datasync()
  }

  close(): Promise<void> {
    return this.#file.close()
  }

  #note(record: StoredRecord, at: number): void {
    if (this.#index.length === 0 || at - this.#indexedTo >= INDEX_EVERY_BYTES) {
      this.#index.push({ offset: record.offset, at })
      this.#indexedTo = at
    }
    this.newest = Math.max(this.newest, record.timestamp)
  }

  #positionBefore(offset: number): number {
    let low = 0
    let high = this.#index.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#index[middle]!.offset <= offset) low = middle + 1
      else high = middle
    }
    return this.#index[low - 1]?.at ?? 0
  }

  async *#scan(from: number, to: number): AsyncGenerator<{ record: StoredRecord; at: number; length: number }> {
    let chunk: Buffer = Buffer.alloc(0)
    let chunkAt = from
    let at = from
    while (at < to) {
      const decoded = decodeRecord(chunk, at - chunkAt)
      if (decoded) {
        yield { ...decoded, at }
        at += decoded.length
        continue
      }
      const wanted = Math.min(Math.max(READ_CHUNK_BYTES, recordLength(chunk, at - chunkAt) ?? 0), to - at)
      if (chunkAt === at && chunk.length >= wanted) return
      chunk = await this.#readAt(at, wanted)
      chunkAt = at
    }
  }

  async #readAt(at: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(length)
    const { bytesRead } = await this.#file.read(buffer, 0, length, at)
    return buffer.subarray(0, bytesRead)
  }
}

/** Into the page cache, at once: handing a few kilobytes to another thread and back costs five times as much. */
export function writeAll(file: FileHandle, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file.fd, bytes, done, bytes.length - done)
}
