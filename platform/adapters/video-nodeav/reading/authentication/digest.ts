import { createHash } from 'node:crypto'
import type { Challenge } from './challenge.ts'

/** Best first. Those that end in `-sess` hash the nonces into the password's hash. */
const ALGORITHMS: Readonly<Record<string, string>> = {
  'SHA-512-256': 'sha512-256',
  'SHA-256': 'sha256',
  MD5: 'md5',
}
const PREFERENCE = Object.keys(ALGORITHMS)

export interface Account {
  readonly username: string
  readonly password: string
}

export interface DigestRequest {
  readonly method: string
  /** As it stands in the request line. */
  readonly uri: string
  /** How often this nonce was answered, this time counted. */
  readonly count: number
  /** Random text of this client. */
  readonly cnonce: string
}

/** How good a digest challenge is, 0 the best; undefined for one that cannot be answered. */
export function digestRank({ scheme, parameters }: Challenge): number | undefined {
  if (scheme !== 'digest' || !parameters.nonce) return undefined
  const rank = PREFERENCE.indexOf(baseOf(parameters.algorithm))
  const { qop } = parameters
  return rank < 0 || (qop !== undefined && !offersAuth(qop)) ? undefined : rank
}

/**
 * The value of `Authorization` that answers a digest challenge (RFC 7616, and RFC 2069 for servers that name no `qop`).
 * Bodies are not hashed (`auth-int`): requests for pictures have none.
 */
export function digestAnswer({ parameters }: Challenge, account: Account, request: DigestRequest): string {
  const { realm = '', nonce = '', opaque, algorithm, qop, userhash } = parameters
  const hash = hasher(ALGORITHMS[baseOf(algorithm)]!)
  const { method, uri, cnonce } = request
  const nc = request.count.toString(16).padStart(8, '0')
  const secret = hash(`${account.username}:${realm}:${account.password}`)
  const first = /-sess$/i.test(algorithm ?? '') ? hash(`${secret}:${nonce}:${cnonce}`) : secret
  const second = hash(`${method}:${uri}`)
  const response = hash(qop ? `${first}:${nonce}:${nc}:${cnonce}:auth:${second}` : `${first}:${nonce}:${second}`)
  const isHashed = userhash?.toLowerCase() === 'true'
  return `Digest ${[
    isHashed ? quoted('username', hash(`${account.username}:${realm}`)) : usernameOf(account.username),
    quoted('realm', realm),
    quoted('nonce', nonce),
    quoted('uri', uri),
    ...(algorithm ? [`algorithm=${algorithm}`] : []),
    ...(qop ? ['qop=auth', `nc=${nc}`, quoted('cnonce', cnonce)] : []),
    quoted('response', response),
    ...(opaque === undefined ? [] : [quoted('opaque', opaque)]),
    ...(isHashed ? ['userhash=true'] : []),
  ].join(', ')}`
}

function baseOf(algorithm = 'MD5'): string {
  return algorithm.toUpperCase().replace(/-SESS$/, '')
}

function offersAuth(qop: string): boolean {
  return qop.split(',').some((each) => each.trim().toLowerCase() === 'auth')
}

function hasher(name: string): (text: string) => string {
  return (text) => createHash(name).update(text, 'utf8').digest('hex')
}

/** What no quoted text can hold goes in the form of RFC 5987. */
function usernameOf(username: string): string {
  if (/^[\x20-\x7e]*$/.test(username)) return quoted('username', username)
  const encoded = encodeURIComponent(username).replace(/['()*]/g, (each) => `%${each.charCodeAt(0).toString(16)}`)
  return `username*=UTF-8''${encoded}`
}

function quoted(name: string, value: string): string {
  return `${name}="${value.replace(/["\\]/g, '\\$&')}"`
}
