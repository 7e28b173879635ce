import { randomBytes } from 'node:crypto'
import { type Challenge, parseChallenges } from './challenge.ts'
import { type Account, digestAnswer, digestRank } from './digest.ts'

/** The account of a URL, undefined for one that names none. */
function accountOf({ username, password }: URL): Account | undefined {
  return username ? { username: decodeURIComponent(username), password: decodeURIComponent(password) } : undefined
}

/**
 * Answers the challenges of one server with one account. Nothing is sent before the server has asked, and then the best that
 * it takes: a password does not go out readable where a digest of it will do.
 */
export class Credentials {
  readonly #account: Account
  #challenge: Challenge | undefined
  #count = 0

  constructor(account: Account) {
    this.#account = account
  }

  /** `Authorization` by what the server has asked before; undefined while it has asked for nothing. */
  answer(method: string, uri: string): string | undefined {
    const challenge = this.#challenge
    if (!challenge) return undefined
    if (challenge.scheme === 'basic') return basicAnswer(this.#account)
    return digestAnswer(challenge, this.#account, {
      method,
      uri,
      count: ++this.#count,
      cnonce: randomBytes(12).toString('base64url'),
    })
  }

  /** Takes up what a refused request was asked for. @returns whether another try can do better. */
  challenged(header: string | undefined, hadAnswered: boolean): boolean {
    const next = bestOf(parseChallenges(header ?? ''))
    const isNew = next !== undefined && (!hadAnswered || isStale(next, this.#challenge))
    this.#challenge = next
    this.#count = 0
    return isNew
  }
}

/** The account was right and only the nonce had grown old; some servers do not say so, and give another nonce. */
function isStale(next: Challenge, before: Challenge | undefined): boolean {
  if (next.scheme !== 'digest') return false
  return next.parameters.stale?.toLowerCase() === 'true' && next.parameters.nonce !== before?.parameters.nonce
}

function bestOf(challenges: readonly Challenge[]): Challenge | undefined {
  const digests = challenges.filter((each) => digestRank(each) !== undefined)
  const [best] = digests.sort((a, b) => digestRank(a)! - digestRank(b)!)
  return best ?? challenges.find(({ scheme }) => scheme === 'basic')
}

const REMEMBERED = 200
const known = new Map<string, Credentials>()

/**
 * The same credentials for every request to one server, so that the second one is answered at once. Undefined for a URL that
 * names no account.
 */
export function credentialsFor(url: URL): Credentials | undefined {
  const account = accountOf(url)
  if (!account) return undefined
  const name = JSON.stringify([url.origin, url.host, account])
  const credentials = known.get(name) ?? new Credentials(account)
  known.delete(name)
  known.set(name, credentials)
  if (known.size > REMEMBERED) known.delete(known.keys().next().value!)
  return credentials
}

function basicAnswer({ username, password }: Account): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}
