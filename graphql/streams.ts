import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { codeOf, messageOf } from '../platform/errors.ts'
import type { MediaServer } from '../platform/ports/media.ts'

const PREFIX = '/stream/'
/** A stream that nobody watched is opened first, and a part that is asked for may have to come about. */
const WITHIN_MS = 30_000
const FILE = /^[\w-]{1,200}\.(m3u8|mp4|mp|m4s|ts)$/

/** Why there is no stream: the status and what to do. */
type Refusal = readonly [status: number, message: string]

export function hlsPath(camera: string): string {
  return `${PREFIX}${encodeURIComponent(camera)}/index.m3u8`
}

/**
 * Hands on the cameras' streams from the media server, to whoever may see the pictures. The media server is asked with Sentinel's
 * own credentials and never learns who watches; nothing of the request but the file and its query reaches it.
 */
export class Streams {
  readonly #media: MediaServer | undefined

  constructor(media: MediaServer | undefined) {
    this.#media = media
  }

  /** @returns why it was not sent; undefined once it was, or its reader has gone. */
  async send({ pathname, search }: URL, response: ServerResponse): Promise<Refusal | undefined> {
    const { camera, file } = partsOf(pathname)
    if (!this.#media?.offersHls)
      return [404, 'Streams are played from Sentinel itself: no media server is set (SENTINEL_MEDIA).']
    if (!camera || !file) return [404, 'There is no such file of a stream.']
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const signal = AbortSignal.any([gone.signal, AbortSignal.timeout(WITHIN_MS)])
    try {
      const { type, body } = await this.#media.hls(camera, file, search.slice(1), signal)
      response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' })
      await pipeline(Readable.fromWeb(body as ReadableStream), response, { signal })
    } catch (error) {
      if (response.headersSent) response.destroy()
      else if (!gone.signal.aborted) return refusalOf(error)
    }
    return undefined
  }
}

function partsOf(pathname: string): { readonly camera?: string; readonly file?: string } {
  const [camera = '', file = '', ...more] = pathname.slice(PREFIX.length).split('/')
  if (more.length > 0 || !FILE.test(file)) return {}
  try {
    return { camera: decodeURIComponent(camera), file }
  } catch {
    return {}
  }
}

function refusalOf(error: unknown): Refusal {
  const code = codeOf(error)
  if (code === 'NOT_FOUND' || code === 'INPUT_INVALID') return [404, messageOf(error)]
  if (code === 'SERVER_UNAVAILABLE' || code === 'CONFIGURATION_INVALID') return [502, messageOf(error)]
  throw error
}
