import { AVERROR_EIO, AVERROR_EOF, AVSEEK_SET, AVSEEK_SIZE } from 'node-av/constants'
import { IOContext } from 'node-av/lib'
import type { Feed } from './demuxed.ts'
import { fetchHttp, type HttpAnswer } from './http.ts'
import type { ReadRequest } from './sink.ts'

const READ_BYTES = 64 * 1024

/** A video file on a server as FFmpeg's input: fetched here, so that every address it leads to is checked. */
export class HttpBytes implements Feed {
  readonly url = ''
  readonly io = new IOContext()
  readonly #request: ReadRequest
  readonly #signal: AbortSignal
  readonly #size: number
  #answer: HttpAnswer
  #chunks: AsyncIterator<Buffer>
  #rest: Buffer = Buffer.alloc(0)
  #failure: unknown

  constructor(answer: HttpAnswer, request: ReadRequest, signal: AbortSignal) {
    this.#answer = answer
    this.#request = request
    this.#signal = signal
    this.#chunks = chunksOf(answer)
    this.#size = Number(answer.headers['content-length'] ?? -1)
    const canSeek = answer.headers['accept-ranges'] === 'bytes' && this.#size > 0
    this.io.allocContextWithCallbacks(
      READ_BYTES,
      0,
      (size) => this.#guard(() => this.#read(size)),
      null,
      canSeek ? (offset, whence) => this.#guard(() => this.#seek(offset, whence)) : null,
    )
  }

  get failure(): unknown {
    return this.#failure
  }

  interrupt(): void {
    this.#answer.body.destroy()
  }

  close(): void {
    this.interrupt()
    this.io.freeContext()
  }

  async #read(size: number): Promise<Buffer | number> {
    if (this.#rest.length === 0) {
      const next = await this.#chunks.next()
      if (next.done) return AVERROR_EOF
      this.#rest = next.value
    }
    const part = this.#rest.subarray(0, size)
    this.#rest = this.#rest.subarray(part.length)
    return part
  }

  async #seek(offset: bigint, whence: number): Promise<number> {
    if (whence & AVSEEK_SIZE) return this.#size
    if ((whence & 3) !== AVSEEK_SET) return AVERROR_EIO
    this.interrupt()
    const { networks } = this.#request
    const headers = { range: `bytes=${offset}-` }
    this.#answer = await fetchHttp(this.#request.url, { networks, signal: this.#signal, headers })
    if (this.#answer.status !== 206) return AVERROR_EIO
    this.#chunks = chunksOf(this.#answer)
    this.#rest = Buffer.alloc(0)
    return Number(offset)
  }

  async #guard<T>(action: () => Promise<T>): Promise<T | number> {
    try {
      return await action()
    } catch (error) {
      this.#failure = error
      return AVERROR_EIO
    }
  }
}

/** A video that is played at its pace is not read for a while now and then: whether it is silent is for its reader to say. */
function chunksOf({ body }: HttpAnswer): AsyncIterator<Buffer> {
  body.setTimeout(0)
  return body[Symbol.asyncIterator]()
}
