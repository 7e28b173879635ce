import { z } from 'zod'
import { messageOf, SentinelError } from '../errors.ts'
import type { HlsFile, MediaServer } from '../ports/media.ts'

const TIMEOUT_MS = 10_000
const PAGE = 500
/** Before the camera in the names of its paths: others are somebody else's. */
const PREFIX = 'camera-'
/** What a path's name may consist of. */
const NAME = /^[0-9a-zA-Z_\-/.]+$/
/** How long a stream that nobody reads any more is kept. */
const CLOSE_AFTER = '30s'

const Query = z.strictObject({
  ssl: z.enum(['true', 'false'], 'ssl is true or false').default('true'),
  rtsp: z
    .string()
    .regex(/^rtsps?:\/\/[^/?@]+$/, 'rtsp has the form rtsp://host:8554')
    .optional(),
  hls: z
    .string()
    .regex(/^(off|https?:\/\/[^/?@]+)$/, 'hls has the form http://host:8888, or is off')
    .optional(),
  token: z.string().min(1).max(4000, 'a token longer than 4,000 characters fits into no RTSP address').optional(),
})

const List = z.object({
  pageCount: z.number().int(),
  items: z.array(z.object({ name: z.string(), source: z.string().default('') })),
})
const Failure = z.object({ error: z.string() })

/** MediaMTX by its control API, version 3. It keeps no path over a restart: whoever wants them looks again and again. */
export class MediaMtx implements MediaServer {
  readonly #api: string
  readonly #rtsp: URL
  /** Undefined where browsers play nothing from it. */
  readonly #hls: string | undefined
  readonly #authorization: string | undefined

  /**
   * @param place `mediamtx://[USER:PASSWORD@]host:9997/?ssl=…&rtsp=rtsp://host:8554&hls=http://host:8888&token=JWT`, user and
   *   password percent-encoded.
   * @throws Error that says what is wrong with it, without the credentials.
   */
  constructor(place: string) {
    const url = URL.parse(place)
    if (!url?.hostname) throw new Error('it has the form mediamtx://USER:PASSWORD@host:9997/?ssl=true')
    const { data, error } = Query.safeParse(Object.fromEntries(url.searchParams))
    if (!data) throw new Error(error.issues.map(({ message }) => message).join('; '))
    if (data.token && url.username) throw new Error('it names a user and a token; give one of them')
    this.#api = `${data.ssl === 'true' ? 'https' : 'http'}://${url.hostname}:${url.port || 9997}/v3/config/paths/`
    this.#rtsp = new URL(data.rtsp ?? `rtsp://${url.hostname}:8554`)
    if (data.hls !== 'off') this.#hls = data.hls ?? `http://${url.hostname}:8888`
    Object.assign(this.#rtsp, { username: url.username, password: url.password })
    if (data.token) this.#rtsp.searchParams.set('token', data.token)
    const plain = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
    if (data.token) this.#authorization = `Bearer ${data.token}`
    else if (url.username) this.#authorization = `Basic ${Buffer.from(plain).toString('base64')}`
  }

  /** RTSP and HLS; stills and motion JPEG are read from the camera itself. */
  takes(source: string): boolean {
    const url = URL.parse(source)
    return (
      /^rtsps?:$/.test(url?.protocol ?? '') ||
      (/^https?:$/.test(url?.protocol ?? '') && url!.pathname.endsWith('.m3u8'))
    )
  }

  async paths(): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>()
    for (let page = 0, pages = 1; page < pages; page++) {
      const list = List.parse(await this.#call('GET', `list?page=${page}&itemsPerPage=${PAGE}`))
      for (const { name, source } of list.items) {
        if (name.startsWith(PREFIX)) found.set(name.slice(PREFIX.length), source)
      }
      pages = list.pageCount
    }
    return found
  }

  async put(camera: string, source: string): Promise<void> {
    const settings = {
      source,
      // Nobody watches: nothing is read.
      ...{ sourceOnDemand: true, sourceOnDemandCloseAfter: CLOSE_AFTER },
      // The camera's own time of day goes on to the readers.
      useAbsoluteTimestamp: true,
      rtspTransport: 'tcp',
    }
    const isThere = await this.#call('POST', `replace/${nameOf(camera)}`, settings)
    if (!isThere) await this.#call('POST', `add/${nameOf(camera)}`, settings)
  }

  async remove(camera: string): Promise<void> {
    await this.#call('DELETE', `delete/${nameOf(camera)}`)
  }

  streamOf(camera: string): string {
    return Object.assign(new URL(this.#rtsp), { pathname: `/${nameOf(camera)}` }).href
  }

  get offersHls(): boolean {
    return this.#hls !== undefined
  }

  async hls(camera: string, file: string, query: string, signal: AbortSignal): Promise<HlsFile> {
    const path = `/${nameOf(camera)}/${file}`
    const url = new URL(`${this.#hls}${path}?${query}`)
    // A name with dots would lead to a stream of somebody else.
    if (!this.#hls || url.pathname !== path) throw noStream(camera)
    const headers = { ...(this.#authorization && { authorization: this.#authorization }) }
    // It sends whoever takes no cookies to another address of its own, where the session is in each address.
    const response = await reached(url.origin, () => fetch(url, { headers, signal, redirect: 'follow' }))
    const { ok, status, body } = response
    if (ok && body) return { type: response.headers.get('content-type') ?? 'application/octet-stream', body }
    await body?.cancel()
    throw status === 404 ? noStream(camera) : failure(status, response.statusText)
  }

  /** Undefined where there is no such path. */
  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await this.#fetch(method, path, body)
    const answer: unknown = await response.json().catch(() => ({}))
    if (response.ok) return answer
    if (response.status === 404 && method !== 'GET') return undefined
    throw failure(response.status, Failure.safeParse(answer).data?.error ?? response.statusText)
  }

  async #fetch(method: string, path: string, body: unknown): Promise<Response> {
    const headers = {
      ...(this.#authorization && { authorization: this.#authorization }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    }
    const init = { method, headers, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) } as const
    const sent = { ...init, ...(body !== undefined && { body: JSON.stringify(body) }) }
    return reached(this.#api, () => fetch(this.#api + path, sent))
  }
}

async function reached(place: string, ask: () => Promise<Response>): Promise<Response> {
  try {
    return await ask()
  } catch (cause) {
    const reason = messageOf((cause as Error).cause ?? cause)
    throw new SentinelError('SERVER_UNAVAILABLE', `MediaMTX does not answer at ${place}: ${reason}`, { cause })
  }
}

function noStream(camera: string): SentinelError {
  const message = `The media server has no stream of ${camera} now: its camera may be offline, or the stream has begun anew.`
  return new SentinelError('NOT_FOUND', message)
}

function nameOf(camera: string): string {
  const name = `${PREFIX}${camera}`
  if (NAME.test(name)) return name
  throw new SentinelError('INPUT_INVALID', `MediaMTX has no paths of the name ${name}`)
}

function failure(status: number, reason: string): SentinelError {
  if (status === 401 || status === 403) {
    const message =
      'MediaMTX refuses SENTINEL_MEDIA’s user or token: give it the permissions "api" and "read" (authInternalUsers, or mediamtx_permissions in the token).'
    return new SentinelError('CONFIGURATION_INVALID', message)
  }
  const code = status >= 500 ? 'SERVER_UNAVAILABLE' : 'CONFIGURATION_INVALID'
  return new SentinelError(code, `MediaMTX answers ${status}: ${reason}`)
}
