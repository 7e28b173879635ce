import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { describe, type TestContext, test } from 'node:test'
import { openVideo, reasonOf, serve, someFrames, stills } from '../../../tests/support/video.ts'
import { listen, request } from '../../ports/video.contract.ts'

const REALM = 'camera'
const ACCOUNT = { name: 'admin', password: 'hunter2' }
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** What a camera that takes nothing but SHA-256 digests, each nonce so many times, does with a request. */
class Guard {
  readonly authorizations: (string | undefined)[] = []
  readonly #uses: number
  #nonce = 0
  #count = 0

  constructor(uses: number) {
    this.#uses = uses
  }

  around(listener: RequestListener): RequestListener {
    return (incoming, response) => {
      const { authorization } = incoming.headers
      this.authorizations.push(authorization)
      if (this.#accepts(incoming)) return listener(incoming, response)
      this.#ask(response, authorization !== undefined)
    }
  }

  #ask(response: ServerResponse, isStale: boolean): void {
    this.#count = 0
    const challenge = `Digest realm="${REALM}", nonce="n${++this.#nonce}", qop="auth", algorithm=SHA-256`
    response.writeHead(401, { 'www-authenticate': isStale ? `${challenge}, stale=true` : challenge }).end()
  }

  #accepts({ headers, url, method }: IncomingMessage): boolean {
    const said = (name: string): string | undefined =>
      new RegExp(`${name}="?([^",]+)`).exec(headers.authorization ?? '')?.[1]
    const first = sha256(`${ACCOUNT.name}:${REALM}:${ACCOUNT.password}`)
    const nonce = `n${this.#nonce}`
    const expected = sha256(`${first}:${nonce}:${said('nc')}:${said('cnonce')}:auth:${sha256(`${method}:${url}`)}`)
    const isRight = said('uri') === url && said('nonce') === nonce && said('response') === expected
    return isRight && Number.parseInt(said('nc')!, 16) === this.#count + 1 && ++this.#count <= this.#uses
  }
}

async function guardedStill(t: TestContext, uses: number) {
  const pictures = await stills(t)
  const guard = new Guard(uses)
  let n = 0
  const show: RequestListener = (_, response) => {
    response.writeHead(200, { 'content-type': 'image/jpeg' }).end(pictures[n++ % pictures.length])
  }
  const url = await serve(t, guard.around(show))
  return { guard, url: url.replace('//', `//${ACCOUNT.name}:${ACCOUNT.password}@`) }
}

describe('a camera that asks for a digest over HTTP', () => {
  test('is asked once without an account, then answered each time with the nonce that it gave', async (t) => {
    const { guard, url } = await guardedStill(t, Number.POSITIVE_INFINITY)
    await someFrames(openVideo(t), request(`${url}/still.jpg?size=2`, { fps: 10 }), 5)
    assert.equal(guard.authorizations[0], undefined)
    assert.ok(guard.authorizations.slice(1).every((each) => each?.startsWith('Digest ')))
    assert.ok(guard.authorizations.length <= 7, `${guard.authorizations.length} requests for 5 pictures`)
  })

  test('is answered again when its nonce has grown old', async (t) => {
    const { guard, url } = await guardedStill(t, 2)
    await someFrames(openVideo(t), request(`${url}/still.jpg`, { fps: 10 }), 6)
    assert.ok(guard.authorizations.length >= 8)
  })

  test('is never sent a readable password, and a wrong one is told as unauthorized', async (t) => {
    const { guard, url } = await guardedStill(t, 100)
    const events = await listen(openVideo(t), request(url.replace('hunter2', 'guess')), 8000)
    assert.equal(reasonOf(events), 'unauthorized')
    assert.ok(guard.authorizations.length >= 2 && guard.authorizations.length <= 3)
    assert.ok(!JSON.stringify([events, guard.authorizations]).includes('guess'))
  })
})

test('a camera that asks for basic authentication is answered so', async (t) => {
  const [picture] = await stills(t)
  const url = await serve(t, ({ headers }, response) => {
    const isRight = headers.authorization === `Basic ${Buffer.from('admin:p@ss').toString('base64')}`
    if (!isRight) response.writeHead(401, { 'www-authenticate': 'Basic realm="camera"' }).end()
    else response.writeHead(200, { 'content-type': 'image/jpeg' }).end(picture)
  })
  const video = openVideo(t)
  await someFrames(video, request(url.replace('//', '//admin:p%40ss@')), 1)
  assert.equal(reasonOf(await listen(video, request(url), 8000)), 'unauthorized')
})
