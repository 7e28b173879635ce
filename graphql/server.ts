import { createServer, type Server } from 'node:http'
import type { Registry } from 'prom-client'
import { codeOf, SentinelError } from '../platform/errors.ts'
import { LivePictures, type LiveSources } from '../platform/live/live-pictures.ts'
import { Access } from './access.ts'
import type { ApiPorts, ServedPorts } from './context.ts'
import { figuresOf } from './figures.ts'
import { RequestHandler } from './requests.ts'
import { serveSockets } from './sockets.ts'
import { createApi } from './yoga.ts'

export interface ServerSettings {
  readonly host: string
  readonly port: number
  readonly token: string
  /** Folder of the built dashboard. */
  readonly dashboard: string
  readonly ports: ApiPorts & LiveSources
  readonly metrics: Registry
  /** Further names under which the server may be addressed. */
  readonly hostNames?: readonly string[]
  /** URL of the style of the map, the only other server that the dashboard may ask. */
  readonly mapStyle?: string | undefined
  readonly onError: (error: Error) => void
}

export interface RunningServer {
  /** Without the token. */
  readonly url: string
  readonly live: LivePictures
  close(): Promise<void>
}

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]']
const ANY = ['0.0.0.0', '::']

/**
 * Serves the dashboard, the API and the live pictures on one port.
 *
 * @throws SentinelError `PORT_IN_USE`, `CONFIGURATION_INVALID`
 */
export async function startServer(settings: ServerSettings): Promise<RunningServer> {
  const { host, port, token, ports, hostNames = [] } = settings
  const name = host.includes(':') ? `[${host}]` : host
  const access = new Access(token, ANY.includes(host) ? ['*'] : [name, ...LOOPBACK, ...hostNames])
  const api = createApi(servedPorts(settings), settings.onError)
  const live = new LivePictures(ports, ports.feed, settings.onError)
  const handler = new RequestHandler(settings, access, api)
  const server = createServer((request, response) => void handler.handle(request, response))
  const closeSockets = serveSockets(server, { access, api, live, onError: settings.onError })
  await listen(server, host, port).catch(async (error: unknown) => {
    await closeSockets()
    throw error
  })
  server.on('error', settings.onError)
  const { port: bound } = server.address() as { port: number }
  let closed: Promise<void> | undefined
  return {
    url: `http://${name}:${bound}`,
    live,
    close: () => {
      closed ??= closeSockets().then(() => closeServer(server))
      return closed
    },
  }
}

function servedPorts({ ports, metrics, mapStyle }: ServerSettings): ServedPorts {
  return { ...ports, history: ports.history ?? ports.database, figures: () => figuresOf(metrics), mapStyle }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (cause: Error): void => reject(listenFailure(cause, host, port))
    server.once('error', onError)
    server.listen(port, host, () => {
      server.off('error', onError)
      resolve()
    })
  })
}

function listenFailure(cause: Error, host: string, port: number): SentinelError {
  if (codeOf(cause) === 'EADDRINUSE') {
    const message = `Port ${port} of ${host} is in use. Choose another with --port (or SENTINEL_PORT), or stop what listens there.`
    return new SentinelError('PORT_IN_USE', message, { cause })
  }
  const message = `Cannot listen on port ${port} of ${host} (${cause.message}). Choose others with --port and --host.`
  return new SentinelError('CONFIGURATION_INVALID', message, { cause })
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
