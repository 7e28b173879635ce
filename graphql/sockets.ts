import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { useServer as serveSubscriptions } from 'graphql-ws/use/ws'
import { type WebSocket, WebSocketServer } from 'ws'
import type { LivePictures } from '../platform/live/live-pictures.ts'
import type { Access } from './access.ts'
import { AnswerSocket } from './answer-socket.ts'
import { type ApiServer, webSocketOptions } from './yoga.ts'

/** Of one message: a catalogue to import may come over a WebSocket too. */
const MAX_SUBSCRIPTION_BYTES = 32 * 1024 * 1024
const MAX_LIVE_BYTES = 64 * 1024

/** What a client has to answer the closing of its socket. */
const CLOSE_WITHIN_MS = 1000

export interface SocketRoutes {
  readonly access: Access
  readonly api: ApiServer
  readonly live: LivePictures
  readonly onError: (error: Error) => void
}

/**
 * Serves `/graphql` (graphql-transport-ws) and `/live` to whoever may ask, and refuses every other upgrade.
 *
 * @returns closes every socket; the ones that do not answer are cut off.
 */
export function serveSockets(server: Server, { access, api, live, onError }: SocketRoutes): () => Promise<void> {
  const subscriptions = new WebSocketServer({
    noServer: true,
    WebSocket: AnswerSocket,
    maxPayload: MAX_SUBSCRIPTION_BYTES,
  })
  const pictures = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MAX_LIVE_BYTES })
  const { dispose } = serveSubscriptions(
    {
      ...webSocketOptions(api, onError),
      onNext: ({ extra }, _id, _payload, _args, answer) => (extra.socket as AnswerSocket).standInFor(answer),
      // Otherwise the reason of a closed socket tells the inside of an unexpected error.
      isProd: true,
      onConnect: ({ connectionParams, extra }) => maySubscribe(access, connectionParams, extra.request),
    },
    subscriptions,
  )
  pictures.on('connection', (socket: WebSocket) => live.connect(socket))
  server.on('upgrade', (request, socket, head) => {
    // Whoever hangs up before the answer is nobody's problem.
    socket.on('error', () => socket.destroy())
    const route = routeOf(request, access, { subscriptions, pictures })
    if (typeof route === 'string') return refuse(socket, route)
    route.handleUpgrade(request, socket, head, (each) => route.emit('connection', each, request))
  })
  return async () => {
    const cut = setTimeout(() => {
      for (const { clients } of [subscriptions, pictures]) for (const socket of clients) socket.terminate()
    }, CLOSE_WITHIN_MS)
    live.close()
    await Promise.all([dispose(), new Promise<void>((resolve) => pictures.close(() => resolve()))])
    clearTimeout(cut)
  }
}

/** The server that takes the socket, or the status that refuses it. */
function routeOf(
  request: IncomingMessage,
  access: Access,
  { subscriptions, pictures }: Readonly<Record<'subscriptions' | 'pictures', WebSocketServer>>,
): WebSocketServer | string {
  if (!access.isKnownHost(request) || !access.isSameOrigin(request)) return '403 Forbidden'
  const path = request.url?.split('?')[0]
  // Its clients may bring the token in their first message.
  if (path === '/graphql') return subscriptions
  if (path !== '/live') return '404 Not Found'
  return access.holdsToken(request) ? pictures : '401 Unauthorized'
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
