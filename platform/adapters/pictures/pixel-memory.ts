const MAX_FREE_BYTES = 96 * 1024 * 1024

/**
 * Memory for pixels that is used again. Every thread that was handed a shared buffer keeps it alive until it collects its own
 * garbage, which a thread that does nothing but infer hardly ever does: with new memory for each frame a process of ten
 * cameras grew by a gigabyte a minute.
 */
export class PixelMemory {
  readonly #free = new Map<number, SharedArrayBuffer[]>()
  #freeBytes = 0

  take(bytes: number): SharedArrayBuffer {
    const memory = this.#free.get(bytes)?.pop()
    if (!memory) return new SharedArrayBuffer(bytes)
    this.#freeBytes -= bytes
    return memory
  }

  /** Nobody may read or write it any more. Sizes that no camera has any longer make room for those that come. */
  giveBack(memory: SharedArrayBuffer): void {
    const { byteLength } = memory
    const free = this.#free.get(byteLength) ?? []
    this.#free.delete(byteLength)
    this.#free.set(byteLength, [...free, memory])
    this.#freeBytes += byteLength
    while (this.#freeBytes > MAX_FREE_BYTES) this.#dropOldest()
  }

  /** From the size that was given back the longest ago. */
  #dropOldest(): void {
    const [bytes, free] = this.#free.entries().next().value!
    free.pop()
    this.#freeBytes -= bytes
    if (free.length === 0) this.#free.delete(bytes)
  }
}
