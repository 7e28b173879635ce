import { StreamFailure } from './failure.ts'

const HEADER_END = Buffer.from('\r\n\r\n')
const MAX_HEADER_BYTES = 16 * 1024

/**
 * Cuts a `multipart/x-mixed-replace` stream into its parts. A part ends at the next boundary: what `Content-Length` says is not
 * relied on, because cameras lie about it.
 */
export class MultipartReader {
  readonly #boundary: Buffer
  readonly #maxBytes: number
  #held: Buffer = Buffer.alloc(0)
  #searched = 0
  #inBody = false

  constructor(contentType: string, maxBytes: number) {
    const name = /boundary="?([^";]+)"?/i.exec(contentType)?.[1]
    if (!name) throw new StreamFailure('not-video', 'The server names no boundary between its pictures')
    this.#boundary = Buffer.from(`--${name.replace(/^--/, '')}`)
    this.#maxBytes = maxBytes
  }

  /** The parts that this chunk completes. */
  push(chunk: Buffer): Buffer[] {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    const parts: Buffer[] = []
    for (;;) {
      const part = this.#inBody ? this.#cutBody() : this.#cutHeader()
      if (part === undefined) break
      if (part !== null && part.length > 0) parts.push(part)
    }
    if (this.#held.length > (this.#inBody ? this.#maxBytes : MAX_HEADER_BYTES + this.#boundary.length)) {
      throw new StreamFailure(
        'not-video',
        this.#inBody ? 'One of its pictures has no end' : 'The server sends endless headers',
      )
    }
    return parts
  }

  /** Null once the header is behind, undefined while more bytes are needed. */
  #cutHeader(): null | undefined {
    const boundary = this.#held.indexOf(this.#boundary)
    if (boundary < 0) return undefined
    const end = this.#held.indexOf(HEADER_END, boundary)
    if (end < 0) return undefined
    this.#drop(end + HEADER_END.length)
    this.#inBody = true
    return null
  }

  #cutBody(): Buffer | undefined {
    const end = this.#held.indexOf(this.#boundary, this.#searched)
    if (end < 0) {
      this.#searched = Math.max(0, this.#held.length - this.#boundary.length)
      return undefined
    }
    const part = this.#held.subarray(0, end)
    this.#drop(end)
    this.#inBody = false
    return withoutLineEnd(part)
  }

  #drop(bytes: number): void {
    this.#held = this.#held.subarray(bytes)
    this.#searched = 0
  }
}

function withoutLineEnd(part: Buffer): Buffer {
  return part.subarray(-2).toString('latin1') === '\r\n' ? part.subarray(0, -2) : part
}
