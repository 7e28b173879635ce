import type { WireRecord } from '../../events/codec.ts'
import { isFrameImage } from '../../events/image.ts'
import type { Partition, PartitionRecord } from './partition.ts'

interface Held {
  readonly record: PartitionRecord
  readonly bytes: number
}

/** Keeps records by reference in memory. Nothing survives the process. */
export class MemoryPartition implements Partition {
  #held: Held[] = []
  #first = 0
  #bytes = 0
  end = 0

  get low(): number {
    return this.end - (this.#held.length - this.#first)
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Timestamp of the oldest record, Infinity when empty. */
  get oldest(): number {
    return this.#held[this.#first]?.record.timestamp ?? Number.POSITIVE_INFINITY
  }

  async append(records: readonly WireRecord[], timestamp: number): Promise<number[]> {
    return records.map((record) => {
      const bytes = record.value?.byteLength ?? 0
      this.#held.push({ record: { ...record, offset: this.end, timestamp }, bytes })
      this.#bytes += bytes
      return this.end++
    })
  }

  async read(offset: number, max: number): Promise<PartitionRecord[]> {
    const from = this.#first + Math.max(0, offset - this.low)
    return this.#held.slice(from, from + max).map(({ record }) => record)
  }

  async retain(before: number, maxBytes: number): Promise<void> {
    while (this.oldest < before || this.#bytes > maxBytes) this.dropOldest()
  }

  dropOldest(): void {
    const dropped = this.#held[this.#first]
    if (!dropped) return
    this.#bytes -= dropped.bytes
    if (isFrameImage(dropped.record.value)) dropped.record.value.release()
    this.#held[this.#first++] = undefined as never
    if (this.#first > 64 && this.#first * 2 > this.#held.length) {
      this.#held = this.#held.slice(this.#first)
      this.#first = 0
    }
  }

  async sync(): Promise<void> {}

  async close(): Promise<void> {}
}
