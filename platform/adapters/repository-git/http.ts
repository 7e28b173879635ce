import type { GitHttpRequest, GitHttpResponse, HttpClient } from 'isomorphic-git'
import { SentinelError } from '../../errors.ts'

/** HTTP for Git that gives up on a server which says nothing for so long. @param limitMs milliseconds. */
export function impatientHttp(limitMs: number): HttpClient {
  return { request: (wanted) => request(wanted, limitMs) }
}

async function request({ url, method = 'GET', headers = {}, body }: GitHttpRequest, limitMs: number) {
  const silence = new Silence(limitMs)
  try {
    const sent = body && { body: await whole(body) }
    const response = await fetch(url, { method, headers, ...sent, signal: silence.signal })
    const { status: statusCode, statusText: statusMessage } = response
    const answer = { url: response.url, method, statusCode, statusMessage }
    const parts = heard(response.body ?? [], silence)
    return { ...answer, headers: Object.fromEntries(response.headers), body: parts } satisfies GitHttpResponse
  } catch (error) {
    silence.end()
    throw error
  }
}

/** Commits are small: what is sent is sent in one piece. */
async function whole(body: AsyncIterable<Uint8Array>): Promise<Buffer<ArrayBuffer>> {
  const parts: Uint8Array[] = []
  for await (const part of body) parts.push(part)
  return Buffer.concat(parts)
}

async function* heard(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  silence: Silence,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const part of body) {
      silence.interrupt()
      yield part
    }
  } finally {
    silence.end()
  }
}

/** Aborts once nothing has been heard for its limit. */
class Silence {
  readonly #abort = new AbortController()
  readonly #timer: NodeJS.Timeout

  constructor(limitMs: number) {
    const late = new SentinelError('SERVER_UNAVAILABLE', `it has said nothing for ${limitMs / 1000} s`)
    this.#timer = setTimeout(() => this.#abort.abort(late), limitMs)
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  interrupt(): void {
    this.#timer.refresh()
  }

  end(): void {
    clearTimeout(this.#timer)
  }
}
