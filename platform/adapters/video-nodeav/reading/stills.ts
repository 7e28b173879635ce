import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { JpegDecoder } from '../../pictures/codec.ts'
import { asFailure, StreamFailure } from './failure.ts'
import { bodyOf, fetchHttp, type HttpAnswer } from './http.ts'
import { MultipartReader } from './multipart.ts'
import { nowMicros, type ReadRequest, type Sink } from './sink.ts'

const MAX_STILL_BYTES = 16 * 1024 * 1024
/** A still that does not change is asked for this often at most, milliseconds. */
const UNCHANGED_EVERY_MS = 5000
const FAILURES_IN_A_ROW = 3

/** Shows decoded JPEGs, and tells when their size changes. */
class Stills {
  readonly #decoder = new JpegDecoder()
  readonly #request: ReadRequest
  readonly #sink: Sink
  readonly #codec: string
  #size = ''

  constructor(request: ReadRequest, sink: Sink, codec: string) {
    this.#request = request
    this.#sink = sink
    this.#codec = codec
  }

  show(jpeg: Uint8Array): void {
    const arrived = nowMicros()
    const pixels = this.#decoder.decode(jpeg, this.#request.maxWidth)
    const size = `${pixels.width}x${pixels.height}`
    if (size !== this.#size) {
      this.#size = size
      this.#sink.opened({ width: pixels.width, height: pixels.height, fps: null, codec: this.#codec })
    }
    this.#sink.frame(pixels, arrived, 'arrival')
  }
}

/** JPEGs one after another in one answer (`multipart/x-mixed-replace`), as many IP cameras send them. */
export async function readMjpeg(request: ReadRequest, sink: Sink, answer: HttpAnswer): Promise<void> {
  const stills = new Stills(request, sink, 'mjpeg')
  const parts = new MultipartReader(answer.type, MAX_STILL_BYTES)
  let due = Number.NEGATIVE_INFINITY
  let failures = 0
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    for (const jpeg of parts.push(chunk)) {
      const now = performance.now()
      if (now < due || !sink.isReady) continue
      due = Math.max(due + 1000 / request.fps, now + 500 / request.fps)
      try {
        stills.show(jpeg)
        failures = 0
      } catch (error) {
        if (++failures >= FAILURES_IN_A_ROW) throw error
      }
    }
  }
  throw new StreamFailure('unreachable', 'The server ended the stream')
}

/** One JPEG that the server replaces now and then. The same picture again is not a new frame. */
export async function readSnapshots(
  request: ReadRequest,
  sink: Sink,
  signal: AbortSignal,
  first: HttpAnswer,
): Promise<void> {
  const stills = new Stills(request, sink, 'jpeg')
  let answer: HttpAnswer | undefined = first
  let shown = ''
  let validators = {}
  let failures = 0
  for (let wait = 1000 / request.fps; !signal.aborted; ) {
    const started = performance.now()
    try {
      answer ??= await fetchHttp(request.url, { networks: request.networks, signal, headers: validators })
      const jpeg: Buffer | undefined = answer.status === 304 ? undefined : await bodyOf(answer, MAX_STILL_BYTES)
      if (jpeg) validators = validatorsOf(answer)
      else answer.body.resume()
      const digest = jpeg ? createHash('sha1').update(jpeg).digest('base64') : shown
      if (jpeg && digest !== shown) stills.show(jpeg)
      wait = digest === shown ? Math.min(UNCHANGED_EVERY_MS, wait * 1.5) : 1000 / request.fps
      shown = digest
      failures = 0
    } catch (error) {
      // A half-written picture now and then is ordinary; a source that gives nothing else is not.
      if (++failures >= FAILURES_IN_A_ROW || shown === '') throw asFailure(error)
    }
    answer = undefined
    await delay(Math.max(0, wait - (performance.now() - started)), undefined, { signal }).catch(() => {})
  }
  throw new StreamFailure('released', 'No longer wanted')
}

function validatorsOf({ headers }: HttpAnswer): Record<string, string> {
  return {
    ...(headers.etag && { 'if-none-match': headers.etag }),
    ...(headers['last-modified'] && { 'if-modified-since': headers['last-modified'] }),
  }
}
