import { StreamFailure } from '../failure.ts'

/** A request or an answer of RTSP 1.0 (RFC 2326). */
export interface RtspMessage {
  /** Its first line. */
  readonly start: string
  /** In their order, names as they were sent. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
}

const HEAD_END = '\r\n\r\n'
const MAX_BYTES = 256 * 1024
const DOLLAR = 0x24
const FRAME_HEAD_BYTES = 4

export function headerOf({ headers }: RtspMessage, name: string): string | undefined {
  const values = headers.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value)
  return values.length > 0 ? values.join(', ') : undefined
}

/** The message with these headers in place of those of the same names; undefined takes one away. */
export function withHeaders(message: RtspMessage, changes: Readonly<Record<string, string | undefined>>): RtspMessage {
  const names = new Set(Object.keys(changes).map((name) => name.toLowerCase()))
  const kept = message.headers.filter(([name]) => !names.has(name.toLowerCase()))
  const added = Object.entries(changes).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  return { ...message, headers: [...kept, ...added] }
}

export function encodeMessage({ start, headers, body }: RtspMessage): Buffer {
  const head = [start, ...headers.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n')
  return Buffer.concat([Buffer.from(head, 'latin1'), body])
}

/** Cuts one direction of a connection into its messages and what lies between them: media, interleaved as `$` frames. */
export class RtspSplitter {
  readonly #onMessage: (message: RtspMessage) => void
  readonly #onMedia: (bytes: Buffer) => void
  #held: Buffer = Buffer.alloc(0)
  /** Bytes of the frame at hand that are still to come. */
  #frameLeft = 0

  constructor(onMessage: (message: RtspMessage) => void, onMedia: (bytes: Buffer) => void) {
    this.#onMessage = onMessage
    this.#onMedia = onMedia
  }

  /** @throws StreamFailure for what is no RTSP. */
  push(chunk: Buffer): void {
    const data = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    let at = 0
    for (let next = this.#step(data, at); next !== undefined; next = this.#step(data, at)) at = next
    this.#held = data.subarray(at)
    if (this.#held.length > MAX_BYTES) throw new StreamFailure('not-video', 'The server sends endless headers')
  }

  /** @returns where the next step begins; undefined when it needs more bytes. */
  #step(data: Buffer, at: number): number | undefined {
    if (at === data.length) return undefined
    if (this.#frameLeft > 0 || data[at] === DOLLAR) return this.#media(data, at)
    // Some servers end a message with more line ends than they must.
    if (data[at] === 0x0d || data[at] === 0x0a) return at + 1
    return this.#message(data, at)
  }

  /** Hands on all the frames that lie in a row at once. */
  #media(data: Buffer, from: number): number | undefined {
    let at = from
    while (at < data.length && (this.#frameLeft > 0 || data[at] === DOLLAR)) {
      if (this.#frameLeft === 0) {
        if (data.length - at < FRAME_HEAD_BYTES) break
        this.#frameLeft = FRAME_HEAD_BYTES + data.readUInt16BE(at + 2)
      }
      const take = Math.min(this.#frameLeft, data.length - at)
      this.#frameLeft -= take
      at += take
    }
    if (at === from) return undefined
    this.#onMedia(data.subarray(from, at))
    return at
  }

  #message(data: Buffer, at: number): number | undefined {
    const end = data.indexOf(HEAD_END, at, 'latin1')
    if (end < 0) return undefined
    const message = parseHead(data.toString('latin1', at, end))
    const bodyAt = end + HEAD_END.length
    const length = Number(headerOf(message, 'content-length') ?? 0)
    if (!Number.isInteger(length) || length < 0 || length > MAX_BYTES)
      throw new StreamFailure('not-video', 'The server sends a message of no sensible length')
    if (data.length < bodyAt + length) return undefined
    this.#onMessage({ ...message, body: Buffer.from(data.subarray(bodyAt, bodyAt + length)) })
    return bodyAt + length
  }
}

function parseHead(text: string): RtspMessage {
  const [start = '', ...lines] = text.split('\r\n')
  if (!/^RTSP\/\d\.\d \d{3}|^[A-Z_]+ \S+ RTSP\/\d\.\d$/.test(start))
    throw new StreamFailure('not-video', 'The server does not speak RTSP')
  const headers = lines.flatMap((line) => {
    const colon = line.indexOf(':')
    return colon > 0 ? [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const] : []
  })
  return { start, headers, body: Buffer.alloc(0) }
}
