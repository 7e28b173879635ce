import { once } from 'node:events'
import { get as httpGet, type IncomingMessage } from 'node:http'
import { get as httpsGet } from 'node:https'
import { assertAllowed, checkedLookup, hostOf } from './addresses.ts'
import { type Credentials, credentialsFor } from './authentication/credentials.ts'
import { StreamFailure, statusFailure } from './failure.ts'

const MAX_REDIRECTS = 5
/** To answer a challenge, and once more with a fresh nonce. */
const MAX_ATTEMPTS = 3
const ANSWER_WITHIN_MS = 10_000
const SILENCE_MS = 15_000
const WHOLE_WITHIN_MS = 30_000

export interface HttpAnswer {
  /** After redirects. */
  readonly url: string
  readonly status: number
  readonly type: string
  readonly headers: IncomingMessage['headers']
  readonly body: IncomingMessage
}

export interface HttpOptions {
  readonly networks: readonly string[]
  readonly signal: AbortSignal
  readonly headers?: Record<string, string>
}

/**
 * GET that checks the address it really connects to, after DNS and at each redirect, and that a server which falls silent
 * ends in time. Credentials in the URL answer what the server asks for (digest, else basic), and never go to another host.
 */
export async function fetchHttp(url: string, options: HttpOptions): Promise<HttpAnswer> {
  const origin = new URL(url)
  let next = origin
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const body = await authorized(next, options, next.host === origin.host ? credentialsFor(origin) : undefined)
    const status = body.statusCode ?? 0
    const { location } = body.headers
    if (status >= 300 && status < 400 && location && status !== 304) {
      body.destroy()
      next = redirected(next, location)
      continue
    }
    const type = (body.headers['content-type'] ?? '').toLowerCase()
    return { url: next.href, status, type, headers: body.headers, body }
  }
  throw new StreamFailure('unreachable', `It redirects more than ${MAX_REDIRECTS} times`)
}

function redirected(from: URL, location: string): URL {
  const url = URL.parse(location, from.href)
  if (!url || !/^https?:$/.test(url.protocol))
    throw new StreamFailure('refused', 'It redirects to something that is no HTTP address')
  if (url.host === from.host) {
    url.username = from.username
    url.password = from.password
  }
  return url
}

/** Asked for an account, it is told; asked again because what it was told has grown old, once more. */
async function authorized(
  url: URL,
  options: HttpOptions,
  credentials: Credentials | undefined,
): Promise<IncomingMessage> {
  for (let attempt = 1; ; attempt++) {
    const authorization = credentials?.answer('GET', url.pathname + url.search)
    const body = await request(url, options, authorization)
    const asked = body.headers['www-authenticate']
    const isRefused = body.statusCode === 401 && credentials !== undefined
    if (!isRefused || !credentials.challenged(asked, authorization !== undefined) || attempt === MAX_ATTEMPTS)
      return body
    body.destroy()
  }
}

function request(
  url: URL,
  { networks, signal, headers }: HttpOptions,
  authorization: string | undefined,
): Promise<IncomingMessage> {
  assertAllowed(hostOf(url), networks)
  return new Promise((resolve, reject) => {
    const get = url.protocol === 'https:' ? httpsGet : httpGet
    const sent = get(
      url,
      {
        // Without this Node sends what the URL holds, readable.
        auth: '',
        headers: { 'user-agent': 'sentinel', ...headers, ...(authorization && { authorization }) },
        signal,
        timeout: SILENCE_MS,
        lookup: checkedLookup(networks),
      },
      (body) => {
        clearTimeout(timer)
        sent.on('timeout', () => body.destroy(silent()))
        resolve(body)
      },
    )
    const timer = setTimeout(
      () => sent.destroy(new StreamFailure('timeout', 'The server does not answer')),
      ANSWER_WITHIN_MS,
    )
    sent.on('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
  })
}

function silent(): StreamFailure {
  return new StreamFailure('timeout', `Nothing came for ${SILENCE_MS / 1000} s`)
}

/** The whole body, up to `most` bytes. @throws StreamFailure for another status than 200, and for more. */
export async function bodyOf({ status, body }: HttpAnswer, most: number): Promise<Buffer> {
  if (status !== 200 && status !== 206) {
    body.destroy()
    throw statusFailure(status)
  }
  // A server that gives a byte now and then is never silent.
  const deadline = setTimeout(
    () => body.destroy(new StreamFailure('timeout', `It takes more than ${WHOLE_WITHIN_MS / 1000} s to come`)),
    WHOLE_WITHIN_MS,
  )
  const chunks: Buffer[] = []
  let total = 0
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      total += chunk.length
      if (total > most) throw new StreamFailure('not-video', `It is larger than ${most >> 20} MiB`)
      chunks.push(chunk)
    }
  } finally {
    clearTimeout(deadline)
  }
  return Buffer.concat(chunks)
}

/** The first bytes, which stay in the body for whoever reads it. */
export async function peek({ body }: HttpAnswer, signal: AbortSignal): Promise<Buffer> {
  await once(body, 'readable', { signal })
  const first: Buffer | null = body.read()
  if (!first) return Buffer.alloc(0)
  body.unshift(first)
  return first
}
