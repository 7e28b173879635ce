/** The decoder is behind when more wait in it: it goes on at the next key frame. */
const MAX_DECODING = 6
/** Four seconds of sixty pictures each. */
const MAX_WAITING = 250
/** Packets whose capture times are remembered, to tell whether boxes belong to one of them. */
const REMEMBERED = 250

interface Packet {
  /** µs since the epoch. */
  readonly capturedAt: number
  readonly isKey: boolean
}

/** Packets that wait for their time, in the order in which they came. A decoder can only begin with a key frame. */
export class PacketQueue<Data> {
  readonly #waiting: (Packet & { readonly data: Data })[] = []
  readonly #came: Packet[] = []
  #needsKey = true

  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }

  /**
   * @param decoding packets that the decoder has and is not done with.
   * @returns whether the packet is kept; without it nothing is until the next key frame.
   */
  take(packet: Packet, data: Data, decoding: number): boolean {
    this.#came.push(packet)
    if (this.#came.length > REMEMBERED) this.#came.shift()
    if (this.#waiting.length > MAX_WAITING || decoding > MAX_DECODING) this.#needsKey = true
    if (this.#needsKey && !packet.isKey) return false
    this.#needsKey = false
    this.#waiting.push({ ...packet, data })
    return true
  }

  /** Takes out what is due, oldest first. @param isDue of a capture time, µs. */
  due(isDue: (capturedAt: number) => boolean): Data[] {
    const first = this.#waiting.findIndex(({ capturedAt }) => !isDue(capturedAt))
    return this.#waiting.splice(0, first < 0 ? this.#waiting.length : first).map(({ data }) => data)
  }

  /**
   * Whether boxes of this capture time, µs, belong to none of the packets though those before and after it came. Packets
   * that were left out lie before a key frame: boxes of that time belong to a picture that never came.
   */
  isStray(capturedAt: number): boolean {
    const next = this.#came.findIndex((packet) => packet.capturedAt >= capturedAt)
    const packet = this.#came[next]
    return next > 0 && packet !== undefined && packet.capturedAt !== capturedAt && !packet.isKey
  }

  clear(): void {
    this.#waiting.length = 0
    this.#came.length = 0
    this.#needsKey = true
  }
}
