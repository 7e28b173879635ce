import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { defer } from './defer.ts'
import recorded from './mediamtx-api.json' with { type: 'json' }

type Settings = Readonly<Record<string, unknown>>
type Answer = readonly [status: number, body: unknown]
type Call = 'list' | 'add' | 'replace' | 'delete'

/**
 * Stands in for MediaMTX, whose binary no package registry has. Keeps to its documented API (`mediamtx-api.json`: methods, what
 * a path that is there or is not answers, settings and their types) and refuses what that does not have.
 */
export class MediaMtxStand {
  readonly paths = new Map<string, Settings>()
  /** What was called, such as `POST add camera-1`. */
  readonly called: string[] = []
  /** The Authorization header that is asked for, if any. */
  authorization: string | undefined
  /** Every call is answered with this status, as by a server in trouble. */
  broken: number | undefined
  port = 0

  static async start(t: TestContext): Promise<MediaMtxStand> {
    const stand = new MediaMtxStand()
    const server = createServer((request, response) => {
      void stand.#answer(request).then(([status, body]) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    stand.port = (server.address() as AddressInfo).port
    defer(t, () => new Promise((resolve) => server.close(resolve)))
    return stand
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const { pathname, searchParams } = new URL(request.url!, 'http://mediamtx')
    const [, call, name = ''] = /^\/v3\/config\/paths\/(list|add|replace|delete)(?:\/(.+))?$/.exec(pathname) ?? []
    this.called.push(`${request.method} ${call} ${name}`.trim())
    if (this.broken) return refused(this.broken, 'out of order')
    if (request.headers.authorization !== this.authorization) return refused(401, 'authentication error')
    if (!call || recorded[call as Call].method !== request.method) return refused(404, 'not found')
    if (call === 'list') return [200, this.#page(searchParams)]
    const settings = call === 'delete' ? {} : ((await json(request)) as Settings)
    return this.#change(call as Call, name, settings)
  }

  #change(call: Call, name: string, settings: Settings): Answer {
    const types: Readonly<Record<string, string>> = recorded.settings
    const unknown = Object.entries(settings).find(([key, value]) => types[key] !== typeof value)
    if (unknown) return refused(400, `json: unknown field "${unknown[0]}"`)
    if (this.paths.has(name) === (call === 'add')) return refused(recorded[call].refused, 'path of that name')
    if (call === 'delete') this.paths.delete(name)
    else this.paths.set(name, settings)
    return [200, { status: 'ok' }]
  }

  #page(search: URLSearchParams): unknown {
    const all = [...this.paths].map(([name, settings]) => ({ name, ...settings }))
    const size = Number(search.get('itemsPerPage') ?? 100)
    const first = Number(search.get('page') ?? 0) * size
    const items = all.slice(first, first + size)
    return { itemCount: all.length, pageCount: Math.ceil(all.length / size), items }
  }
}

const refused = (status: number, error: string): Answer => [status, { status: 'error', error }]
