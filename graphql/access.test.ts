import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import WebSocket from 'ws'
import { openApi, openSocket, TOKEN } from '../tests/support/api.ts'
import { eventually } from '../tests/support/log.ts'
import { ask } from '../tests/support/sentinel.ts'

function cookieName(origin: string): string {
  return `sentinel_token_${new URL(origin).port}`
}

describe('who may come in', () => {
  test('nobody without the token, and the answer says where it is', async (t) => {
    const { origin } = await openApi(t)
    for (const path of ['/', '/live', '/graphql', '/media/x.jpg', '/metrics']) {
      const answer = await fetch(origin + path)
      assert.equal(answer.status, 401, path)
      assert.match(await answer.text(), /admin-token/)
    }
    const german = await fetch(`${origin}/live`, { headers: { 'accept-language': 'fr,de-AT;q=0.9,en;q=0.8' } })
    assert.match(await german.text(), /^Nicht angemeldet\.\n\nÖffnen Sie die Adresse/)
    assert.equal((await fetch(`${origin}/livez`)).status, 200)
    assert.deepEqual((await (await fetch(`${origin}/readyz`)).json()).ready, true)
    assert.equal((await fetch(`${origin}/?token=wrong`, { redirect: 'manual' })).status, 401)
  })

  test('a replica stays in service without the media server and the standby, and leaves it without the database', async (t) => {
    const readyWithout = async (failing: string[]) => {
      const answer = await fetch(`${(await openApi(t, { failing })).origin}/readyz`)
      const { parts } = await answer.json()
      for (const name of failing) assert.ok(parts.some((part: { name: string }) => part.name === name))
      return answer.status
    }
    assert.equal(await readyWithout(['media', 'replica']), 200)
    assert.equal(await readyWithout(['media', 'database']), 503)
  })

  test('the map may ask the server of its style, and the page no other', async (t) => {
    const policyOf = async (mapStyle?: string) => {
      const { origin, at } = await openApi(t, mapStyle === undefined ? {} : { mapStyle })
      const { data } = await ask(at, '{ dashboard { mapStyle } }')
      assert.equal(data.dashboard.mapStyle, mapStyle ?? null)
      return (await fetch(`${origin}/livez`)).headers.get('content-security-policy')!
    }
    const policy = await policyOf('https://tiles.example.org:8443/styles/city.json?key=k')
    assert.match(policy, /connect-src 'self' https:\/\/tiles\.example\.org:8443;/)
    assert.match(policy, /img-src 'self' blob: data: https:\/\/tiles\.example\.org:8443;/)
    assert.doesNotMatch(await policyOf(), /https?:/)
  })

  test('the token in the address becomes a cookie that scripts cannot read, and leaves the address', async (t) => {
    const { origin } = await openApi(t)
    const answer = await fetch(`${origin}/events?token=${TOKEN}&type=x`, { redirect: 'manual' })
    assert.equal(answer.headers.get('location'), '/events?type=x')
    const cookie = answer.headers.get('set-cookie')!
    assert.match(cookie, /HttpOnly; SameSite=Strict/)
    assert.match(cookie, new RegExp(`^${cookieName(origin)}=`), 'two servers on one machine do not sign each other out')
    const page = await fetch(`${origin}/events`, { headers: { cookie: cookie.split(';')[0]! } })
    assert.match(await page.text(), /<title>Sentinel/)
  })

  test('another page may not use the cookie, nor another name the address', async (t) => {
    const { origin } = await openApi(t)
    const headers = { cookie: `${cookieName(origin)}=${TOKEN}`, 'content-type': 'application/json' }
    const body = '{"query":"{ viewer { id } }"}'
    assert.equal((await fetch(`${origin}/graphql`, { method: 'POST', headers, body })).status, 200)
    const foreign = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: { ...headers, origin: 'http://evil.example' },
      body,
    })
    assert.equal(foreign.status, 403)
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/live`, {
      headers: { ...headers, origin: 'http://evil.example' },
    })
    await assert.rejects(new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject)), /403/)
    const rebound = new WebSocket(`${origin.replace('http', 'ws')}/live`, {
      headers: { ...headers, host: 'evil.example' },
    })
    await assert.rejects(new Promise((resolve, reject) => rebound.once('open', resolve).once('error', reject)), /403/)
  })

  test('files outside the dashboard and the store cannot be reached', async (t) => {
    const { origin, objects } = await openApi(t)
    await objects.put('sentinel-clips', 'triage/a.jpg', Buffer.from('jpeg'))
    const headers = { authorization: `Bearer ${TOKEN}` }
    const get = async (path: string) => (await fetch(origin + path, { headers })).status
    assert.equal(await get('/media/triage/a.jpg'), 200)
    for (const path of ['/media/..%2f..%2findex.html', '/assets/..%2f..%2fx.js', '/media/%ff'])
      assert.equal(await get(path), 404, path)
  })
})

describe('whatever is sent, the server stays', () => {
  test('a cookie that is no text is no token', async (t) => {
    const { origin } = await openApi(t)
    const headers = { cookie: `${cookieName(origin)}=%E0%A4%A` }
    assert.equal((await fetch(`${origin}/`, { headers })).status, 401)
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/live`, { headers })
    await assert.rejects(new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject)), /401/)
  })

  test('a client may hang up in the middle of its request for a WebSocket', async (t) => {
    const { origin, errors } = await openApi(t)
    const { port } = new URL(origin)
    for (const path of ['/nowhere', '/live', '/graphql']) {
      const socket = connect(Number(port), '127.0.0.1')
      socket.on('error', () => {})
      const lines = [`GET ${path} HTTP/1.1`, 'Host: localhost', 'Connection: Upgrade', 'Upgrade: websocket']
      socket.write(
        `${[...lines, 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg=='].join('\r\n')}\r\n\r\n`,
      )
      await new Promise((resolve) => socket.once('connect', resolve))
      socket.resetAndDestroy()
    }
    await eventually(async () => (await fetch(`${origin}/livez`)).ok)
    assert.deepEqual(errors, [])
  })

  test('a form of another page, a body without end and one that is too large are refused before they are read', async (t) => {
    const { origin } = await openApi(t)
    const send = async (body: string | Blob | ReadableStream, type: string) => {
      const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': type }
      const answer = await fetch(`${origin}/graphql`, { method: 'POST', headers, body, duplex: 'half' } as RequestInit)
      return [answer.status, (await answer.text()).trim()]
    }
    assert.deepEqual(await send('query={viewer{id}}', 'application/x-www-form-urlencoded'), [
      415,
      'Send the request as application/json.',
    ])
    assert.equal((await send(new Blob(['{}']).stream(), 'application/json'))[0], 411)
    const { port } = new URL(origin)
    const socket = connect(Number(port), '127.0.0.1')
    socket.write(
      `POST /graphql HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n`,
    )
    const answer = await new Promise((resolve) => socket.once('data', (data) => resolve(String(data))))
    assert.match(String(answer), /413 [\s\S]*at most 32 MiB/)
    socket.destroy()
  })

  test('signing in never leads to another server', async (t) => {
    const { origin } = await openApi(t)
    const { port } = new URL(origin)
    const socket = connect(Number(port), '127.0.0.1')
    socket.write(`GET /.//evil.example?token=${TOKEN} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    const answer = await new Promise((resolve) => socket.once('data', (data) => resolve(String(data))))
    assert.match(String(answer), /location: \/evil\.example\r\n/)
    socket.destroy()
  })
})

describe('starting and stopping', () => {
  test('a port that is taken is named, with the flag for another', async (t) => {
    const { origin, start } = await openApi(t)
    const { port } = new URL(origin)
    await assert.rejects(start(Number(port)), { code: 'PORT_IN_USE', message: new RegExp(`Port ${port} .*--port`) })
  })

  test('clients that do not answer do not hold it up', async (t) => {
    const { origin, server } = await openApi(t)
    for (const path of ['/live', '/graphql']) {
      const socket = await openSocket(origin + path)
      socket.on('error', () => {})
      socket.pause()
    }
    const started = performance.now()
    await server.close()
    // A WebSocket waits 30 s for its closing to be answered.
    assert.ok(performance.now() - started < 10_000)
  })
})
