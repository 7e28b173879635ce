import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Registry } from 'prom-client'
import { imageKey } from '../platform/datasets/keys.ts'
import { codeOf, messageOf } from '../platform/errors.ts'
import type { Database } from '../platform/ports/database.ts'
import type { MediaServer } from '../platform/ports/media.ts'
import type { ObjectStore } from '../platform/ports/objects.ts'
import { type Access, cookieFor } from './access.ts'
import type { HealthPart } from './context.ts'
import { EventExports } from './exports.ts'
import { serveStatic } from './static-files.ts'
import { Streams } from './streams.ts'
import type { ApiServer } from './yoga.ts'

const MAX_BODY_BYTES = 32 * 1024 * 1024
/** Parts without which everything else is still answered: it helps nobody when all replicas leave the service with one of them. */
const DISPENSABLE: ReadonlySet<string> = new Set(['media', 'replica'])

/** @param mapStyle the URL of a style: its server, and no other, may be asked for tiles, fonts and signs. */
function headersOf(mapStyle: string | undefined): ReadonlyMap<string, string> {
  const map = mapStyle === undefined ? '' : ` ${new URL(mapStyle).origin}`
  return new Map([
    [
      'content-security-policy',
      `default-src 'self'; img-src 'self' blob: data:${map}; media-src 'self' blob:; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; connect-src 'self'${map}; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'`,
    ],
    ['cross-origin-resource-policy', 'same-origin'],
    ['x-content-type-options', 'nosniff'],
    ['referrer-policy', 'no-referrer'],
  ])
}

export interface RequestSettings {
  /** Folder of the built dashboard. */
  readonly dashboard: string
  readonly metrics: Registry
  readonly mapStyle?: string | undefined
  readonly ports: {
    readonly database: Database
    readonly history?: Database | undefined
    readonly objects: ObjectStore
    readonly media?: MediaServer | undefined
    health(): Promise<readonly HealthPart[]>
  }
  readonly onError: (error: Error) => void
}

/** To a visitor without the token, in the languages that the dashboard has. */
const SIGN_IN = {
  en: 'Not signed in.\n\nOpen the address with the token that Sentinel printed when it started; the file admin-token in its data directory holds it too.',
  de: 'Nicht angemeldet.\n\nÖffnen Sie die Adresse mit dem Token, die Sentinel beim Start ausgegeben hat; es steht auch in der Datei admin-token in seinem Datenverzeichnis.',
} as const

type Route = (request: IncomingMessage, response: ServerResponse, url: URL) => void | Promise<void>

/** One request: is it for us, may it, and who answers it. */
export class RequestHandler {
  readonly #settings: RequestSettings
  readonly #access: Access
  readonly #api: ApiServer
  readonly #exports: EventExports
  readonly #streams: Streams
  readonly #headers: ReadonlyMap<string, string>

  constructor(settings: RequestSettings, access: Access, api: ApiServer) {
    this.#settings = settings
    this.#access = access
    this.#api = api
    this.#exports = new EventExports(settings.ports.history ?? settings.ports.database)
    this.#streams = new Streams(settings.ports.media)
    this.#headers = headersOf(settings.mapStyle)
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeaders(this.#headers as Map<string, string>)
    try {
      await this.#route(request, response)
    } catch (error) {
      this.#settings.onError(error as Error)
      if (!response.headersSent) text(response, 500, 'Something went wrong; the log of the server says what.')
      else response.destroy()
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = URL.parse(request.url ?? '/', 'http://host')
    if (!url) return text(response, 400, 'The address cannot be read.')
    const path = url.pathname
    if (path === '/livez') return text(response, 200, 'alive')
    if (!this.#access.isKnownHost(request)) {
      return text(
        response,
        421,
        'This server does not answer to that name. Set SENTINEL_HOST_NAMES to the names it has.',
      )
    }
    if (path === '/readyz') return this.#ready(response)
    if (url.searchParams.has('token')) return this.#signIn(url, request, response)
    const { route, isOpen } = this.#routeOf(path)
    if (!isOpen && !this.#access.holdsToken(request)) return this.#unauthorized(request, response, path)
    if (request.method === 'POST' && !this.#access.isSameOrigin(request))
      return text(response, 403, 'Another page may not ask this.')
    await route(request, response, url)
  }

  #routeOf(path: string): { route: Route; isOpen: boolean } {
    if (path === '/graphql') return { route: (request, response) => this.#graphql(request, response), isOpen: false }
    if (path === '/metrics') return { route: (_, response) => this.#metrics(response), isOpen: false }
    if (path.startsWith('/media/'))
      return { route: (_, response) => this.#media(path.slice('/media/'.length), response), isOpen: false }
    if (path.startsWith('/export/')) return { route: (_, response, url) => this.#export(url, response), isOpen: false }
    if (path.startsWith('/stream/')) return { route: (_, response, url) => this.#stream(url, response), isOpen: false }
    const isAsset = path.startsWith('/assets/') || path === '/favicon.svg'
    return { route: (_, response) => serveStatic(this.#settings.dashboard, path, response), isOpen: isAsset }
  }

  /** The token leaves the address at once: addresses end up in histories and logs. */
  #signIn(url: URL, request: IncomingMessage, response: ServerResponse): void {
    const token = url.searchParams.get('token')
    if (!this.#access.isToken(token)) {
      this.#unauthorized(request, response, url.pathname)
      return
    }
    url.searchParams.delete('token')
    response
      .writeHead(303, {
        // Two slashes would name another server.
        location: url.pathname.replace(/^\/+/, '/') + url.search,
        'set-cookie': cookieFor(token!, request),
        'cache-control': 'no-store',
      })
      .end()
  }

  #unauthorized(request: IncomingMessage, response: ServerResponse, path: string): void {
    response.setHeader('www-authenticate', 'Bearer')
    if (path === '/graphql') {
      const message = SIGN_IN.en.replace(/\s+/g, ' ')
      response.writeHead(401, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ errors: [{ message, extensions: { code: 'UNAUTHENTICATED' } }] }))
      return
    }
    text(response, 401, SIGN_IN[languageOf(request)])
  }

  async #graphql(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refused = request.method === 'POST' && refusalOf(request)
    if (!refused) return this.#api(request, response)
    response.setHeader('connection', 'close')
    text(response, ...refused)
  }

  async #ready(response: ServerResponse): Promise<void> {
    const parts = await this.#settings.ports.health()
    const isReady = parts.every(({ name, state }) => state === 'ready' || state === 'missing' || DISPENSABLE.has(name))
    response.writeHead(isReady ? 200 : 503, { 'content-type': 'application/json' })
    response.end(`${JSON.stringify({ ready: isReady, parts })}\n`)
  }

  async #metrics(response: ServerResponse): Promise<void> {
    const { metrics } = this.#settings
    response.writeHead(200, { 'content-type': metrics.contentType }).end(await metrics.metrics())
  }

  async #export({ pathname, searchParams }: URL, response: ServerResponse): Promise<void> {
    const refusal = await this.#exports.send(pathname, searchParams, response)
    if (refusal) text(response, ...refusal)
  }

  async #stream(url: URL, response: ServerResponse): Promise<void> {
    const refusal = await this.#streams.send(url, response)
    if (refusal) text(response, ...refusal)
  }

  async #media(encoded: string, response: ServerResponse): Promise<void> {
    const body = await this.#object(encoded)
    if (!body) return text(response, 404, 'There is no such picture; it may have been removed.')
    response.writeHead(200, {
      'content-type': 'image/jpeg',
      'content-length': body.length,
      'cache-control': 'private, max-age=86400',
    })
    response.end(body)
  }

  async #object(encoded: string): Promise<Uint8Array | undefined> {
    const dataset = /^dataset\/([0-9a-f]{64})\.jpg$/.exec(encoded)?.[1]
    const { objects } = this.#settings.ports
    try {
      if (dataset) return await objects.get('sentinel-datasets', imageKey(dataset))
      return await objects.get('sentinel-clips', decodeURIComponent(encoded))
    } catch (error) {
      if (codeOf(error) === 'NOT_FOUND' || error instanceof URIError) return undefined
      throw new Error(`Cannot read ${encoded}: ${messageOf(error)}`, { cause: error })
    }
  }
}

/** A body says its length, so that it is refused before it is read; a form of another page cannot send JSON. */
function refusalOf({ headers }: IncomingMessage): [number, string] | undefined {
  const length = headers['content-length']
  if (length === undefined) return [411, 'Say how long the request is (Content-Length).']
  if (Number(length) > MAX_BODY_BYTES) return [413, `A request has at most ${MAX_BODY_BYTES >> 20} MiB.`]
  const isJson = /^application\/(graphql\+)?json\s*(;|$)/i.test(headers['content-type'] ?? '')
  return isJson ? undefined : [415, 'Send the request as application/json.']
}

/** Browsers name the languages of their reader with the best first. */
function languageOf({ headers }: IncomingMessage): keyof typeof SIGN_IN {
  const wanted = (headers['accept-language'] ?? '').split(',').map((each) => each.trim().slice(0, 2).toLowerCase())
  return wanted.find((each) => each in SIGN_IN) === 'de' ? 'de' : 'en'
}

function text(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${message}\n`)
}
