import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Registry } from 'prom-client'
import type { HealthPart } from '../../../graphql/context.ts'

export interface Probed {
  readonly host: string
  readonly port: number
  readonly metrics: Registry
  readonly health: () => HealthPart[] | Promise<HealthPart[]>
  /** Answers what is no probe; without it that is not found. */
  readonly onRequest?: RequestListener
}

export interface Probes {
  readonly url: string
  close(): Promise<void>
}

/** Serves `/livez`, `/readyz` and `/metrics`: the function's own answers, for those who run and watch it. */
export async function serveProbes(probed: Probed): Promise<Probes> {
  const server = createServer((request, response) => {
    answer(probed, request, response).catch((error: Error) => {
      if (!response.headersSent) send(response, 500, error.message)
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(probed.port, probed.host, resolve)
  })
  const { port, address, family } = server.address() as AddressInfo
  const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeIdleConnections()
    await closed
  }
  return { url, close }
}

async function answer({ metrics, health, onRequest }: Probed, request: IncomingMessage, response: ServerResponse) {
  const { pathname } = new URL(request.url ?? '/', 'http://host')
  if (pathname === '/livez') return send(response, 200, 'alive')
  if (pathname === '/metrics') return send(response, 200, await metrics.metrics(), metrics.contentType)
  if (pathname === '/readyz') {
    const parts = await health()
    const ready = parts.every(({ state }) => state === 'ready')
    return send(response, ready ? 200 : 503, JSON.stringify({ ready, parts }), 'application/json')
  }
  if (onRequest) return onRequest(request, response)
  send(response, 404, 'There are /livez, /readyz and /metrics.')
}

function send(response: ServerResponse, status: number, body: string, type = 'text/plain'): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body)
}
