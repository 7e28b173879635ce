import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Who may come in: whoever holds the token, from a page of this very server. */
export class Access {
  readonly #token: Buffer
  readonly #hosts: ReadonlySet<string>

  /** @param hosts names under which the server may be addressed; others are DNS tricks of foreign pages. */
  constructor(token: string, hosts: readonly string[]) {
    this.#token = digest(token)
    this.#hosts = new Set(hosts.map((host) => host.toLowerCase()))
  }

  isToken(given: string | null | undefined): boolean {
    return given != null && timingSafeEqual(digest(given), this.#token)
  }

  holdsToken(request: IncomingMessage): boolean {
    const { headers } = request
    const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1]
    return this.isToken(bearer) || this.isToken(cookieIn(request))
  }

  isKnownHost({ headers }: IncomingMessage): boolean {
    return this.#hosts.has('*') || this.#hosts.has(nameOf(headers.host ?? ''))
  }

  /** A browser names the page that asks; scripts of other programs name none. */
  isSameOrigin({ headers }: IncomingMessage): boolean {
    if (headers.origin === undefined) return true
    return URL.parse(headers.origin)?.host === headers.host
  }
}

/** Sent back by the browser to this server and to no page of another site. */
export function cookieFor(token: string, request: IncomingMessage): string {
  return `${cookieName(request)}=${encodeURIComponent(token)}; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000`
}

/** Browsers keep cookies by host without its port, and several servers may run on one machine. */
function cookieName({ socket }: IncomingMessage): string {
  return `sentinel_token_${socket.localPort}`
}

function cookieIn(request: IncomingMessage): string | undefined {
  for (const part of request.headers.cookie?.split(';') ?? []) {
    const [name, value] = part.trim().split('=')
    if (name === cookieName(request) && value) return decoded(value)
  }
  return undefined
}

/** Anybody may send anything as a cookie. */
function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value)
  } catch {
    return undefined
  }
}

/** Without the port. */
function nameOf(host: string): string {
  return host.replace(/:\d+$/, '').toLowerCase()
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
