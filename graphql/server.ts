import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { useServer as serveSubscriptions } from 'graphql-ws/use/ws'
import type { Registry } from 'prom-client'
import { type WebSocket, WebSocketServer } from 'ws'
import { codeOf, messageOf, SentinelError } from '../platform/errors.ts'
import { LivePictures } from '../platform/live/live-pictures.ts'
import type { Log } from '../platform/ports/log.ts'
import type { ObjectStore } from '../platform/ports/objects.ts'
import { Access, cookieFor } from './access.ts'
import type { ApiPorts } from './context.ts'
import { serveStatic } from './static-files.ts'
import { type ApiServer, createApi, webSocketOptions } from './yoga.ts'

export interface ServerSettings {
  readonly host: string
  readonly port: number
  readonly token: string
  /** Folder of the built dashboard. */
  readonly dashboard: string
  readonly ports: ApiPorts & { readonly log: Log; readonly objects: ObjectStore }
  readonly metrics: Registry
  /** Further names under which the server may be addressed. */
  readonly hostNames?: readonly string[]
  readonly onError: (error: Error) => void
}

export interface RunningServer {
  /** Without the token. */
  readonly url: string
  readonly live: LivePictures
  close(): Promise<void>
}

const MAX_BODY_BYTES = 32 * 1024 * 1024
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]']
const HEADERS = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; connect-src 'self' ws: wss:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}

/**
 * Serves the dashboard, the API and the live pictures on one port.
 *
 * @throws SentinelError `PORT_IN_USE`
 */
export async function startServer(settings: ServerSettings): Promise<RunningServer> {
  const { host, port, token, ports, hostNames = [] } = settings
  const access = new Access(token, host === '0.0.0.0' || host === '::' ? ['*'] : [host, ...LOOPBACK, ...hostNames])
  const api = createApi(ports, settings.onError)
  const live = new LivePictures(ports.log, ports.feed)
  const handler = new RequestHandler(settings, access, api)
  const server = createServer((request, response) => void handler.handle(request, response))
  const subscriptions = new WebSocketServer({
    noServer: true,
    handleProtocols: () => 'graphql-transport-ws',
    maxPayload: MAX_BODY_BYTES,
  })
  const pictures = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 64 * 1024 })
  const closeSubscriptions = serveSubscriptions(
    {
      ...webSocketOptions(api),
      onConnect: ({ connectionParams, extra }) => maySubscribe(access, connectionParams, extra.request),
    },
    subscriptions,
  )
  pictures.on('connection', (socket: WebSocket) => live.connect(socket))
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const path = request.url?.split('?')[0]
    if (!access.isKnownHost(request) || !access.isSameOrigin(request)) return refuse(socket, '403 Forbidden')
    if (path === '/graphql')
      return subscriptions.handleUpgrade(request, socket, head, (each) =>
        subscriptions.emit('connection', each, request),
      )
    if (path !== '/live') return refuse(socket, '404 Not Found')
    if (!access.holdsToken(request)) return refuse(socket, '401 Unauthorized')
    pictures.handleUpgrade(request, socket, head, (each) => pictures.emit('connection', each, request))
  })
  await listen(server, host, port)
  const { port: bound } = server.address() as { port: number }
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    live,
    close: async () => {
      live.close()
      await closeSubscriptions.dispose()
      await closeServer(server)
    },
  }
}

/** A browser sends its cookie; other clients may say `{ token }` or `{ Authorization: "Bearer …" }` when they connect. */
function maySubscribe(access: Access, params: Record<string, unknown> | undefined, request: IncomingMessage): boolean {
  if (access.holdsToken(request)) return true
  const bearer = /^Bearer (.+)$/i.exec(String(params?.Authorization ?? params?.authorization ?? ''))?.[1]
  return access.isToken(bearer) || (typeof params?.token === 'string' && access.isToken(params.token))
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      if (codeOf(cause) !== 'EADDRINUSE') return reject(cause)
      const message = `Port ${port} of ${host} is in use. Choose another with --port (or SENTINEL_PORT), or stop what listens there.`
      reject(new SentinelError('PORT_IN_USE', message, { cause }))
    })
    server.listen(port, host, resolve)
  })
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

type Route = (request: IncomingMessage, response: ServerResponse, path: string) => void | Promise<void>

/** One request: is it for us, may it, and who answers it. */
class RequestHandler {
  readonly #settings: ServerSettings
  readonly #access: Access
  readonly #api: ApiServer

  constructor(settings: ServerSettings, access: Access, api: ApiServer) {
    this.#settings = settings
    this.#access = access
    this.#api = api
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value)
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
    if (url.searchParams.has('token')) return this.#signIn(url, response)
    const { route, isOpen } = this.#routeOf(path)
    if (!isOpen && !this.#access.holdsToken(request)) return this.#unauthorized(response, path)
    if (request.method === 'POST' && !this.#access.isSameOrigin(request))
      return text(response, 403, 'Another page may not ask this.')
    await route(request, response, path)
  }

  #routeOf(path: string): { route: Route; isOpen: boolean } {
    if (path === '/graphql') return { route: (request, response) => this.#graphql(request, response), isOpen: false }
    if (path === '/metrics') return { route: (_, response) => this.#metrics(response), isOpen: false }
    if (path.startsWith('/media/'))
      return { route: (_, response) => this.#media(path.slice('/media/'.length), response), isOpen: false }
    const isAsset = path.startsWith('/assets/') || path === '/favicon.svg'
    return { route: (_, response) => serveStatic(this.#settings.dashboard, path, response), isOpen: isAsset }
  }

  /** The token leaves the address at once: addresses end up in histories and logs. */
  #signIn(url: URL, response: ServerResponse): void {
    const token = url.searchParams.get('token')
    if (!this.#access.isToken(token)) {
      this.#unauthorized(response, url.pathname)
      return
    }
    url.searchParams.delete('token')
    response
      .writeHead(303, {
        location: url.pathname + url.search,
        'set-cookie': cookieFor(token!),
        'cache-control': 'no-store',
      })
      .end()
  }

  #unauthorized(response: ServerResponse, path: string): void {
    const advice =
      'Open the address with the token that Sentinel printed when it started; the file admin-token in its data directory holds it too.'
    response.setHeader('www-authenticate', 'Bearer')
    if (path === '/graphql') {
      response.writeHead(401, { 'content-type': 'application/json' })
      response.end(
        JSON.stringify({ errors: [{ message: `Not signed in. ${advice}`, extensions: { code: 'UNAUTHENTICATED' } }] }),
      )
      return
    }
    text(response, 401, `Not signed in.\n\n${advice}`)
  }

  async #graphql(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const length = request.headers['content-length']
    if (request.method === 'POST' && length === undefined)
      return text(response, 411, 'Say how long the request is (Content-Length).')
    if (Number(length ?? 0) > MAX_BODY_BYTES)
      return text(response, 413, `A request has at most ${MAX_BODY_BYTES >> 20} MiB.`)
    await this.#api(request, response)
  }

  async #ready(response: ServerResponse): Promise<void> {
    const parts = await this.#settings.ports.health()
    const isReady = parts.every(({ state }) => state === 'ready' || state === 'missing')
    response.writeHead(isReady ? 200 : 503, { 'content-type': 'application/json' })
    response.end(`${JSON.stringify({ ready: isReady, parts })}\n`)
  }

  async #metrics(response: ServerResponse): Promise<void> {
    const { metrics } = this.#settings
    response.writeHead(200, { 'content-type': metrics.contentType }).end(await metrics.metrics())
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
    try {
      return await this.#settings.ports.objects.get('sentinel-clips', decodeURIComponent(encoded))
    } catch (error) {
      if (codeOf(error) === 'NOT_FOUND' || error instanceof URIError) return undefined
      throw new Error(`Cannot read ${encoded}: ${messageOf(error)}`, { cause: error })
    }
  }
}

function text(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${message}\n`)
}
