import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import { openApi, TOKEN } from '../tests/support/api.ts'
import { defer } from '../tests/support/defer.ts'
import { eventually } from '../tests/support/log.ts'
import { online, rawClient, tell } from '../tests/support/subscriber.ts'

describe('a subscriber who is slower than the events', () => {
  test('loses the oldest where only the newest count, and is told how many', async (t) => {
    const { log, feed } = await openApi(t)
    const told = feed.subscribe({ topics: ['events.cameras'], pick: ({ data }) => [data], keep: 'newest' })
    const first = told.next()
    await tell(log, 'events.cameras', online('first'))
    assert.equal((await first).value!.dropped, 0)
    let arrived = 0
    feed.listen('events.cameras', () => arrived++)
    await tell(log, 'events.cameras', ...Array.from({ length: 1500 }, (_, n) => online(`${n}`)))
    await eventually(() => arrived === 1500)
    let seen = 0
    let dropped = 0
    for await (const { value, dropped: lost } of told) {
      seen++
      dropped += lost
      if ((value as { codec: string }).codec === '1499') break
    }
    assert.equal(seen + dropped, 1500)
    assert.equal(dropped, 500)
  })

  test('is sent away where none may be missing, and delays no other', async (t) => {
    const { origin, log } = await openApi(t)
    const [slow, quick] = [await rawClient(t, origin), await rawClient(t, origin)]
    for (const client of [slow, quick]) client.subscribe('log', 'subscription { eventLogged { id detail } }')
    await eventually(async () => {
      await tell(log, 'events.cameras', online('first'))
      return slow.of('log').length > 0 && quick.of('log').length > 0
    })
    slow.socket.pause()
    // More than the buffers of both kernels hold.
    const large = 'x'.repeat(20_000)
    const before = quick.messages.length
    for (let n = 0; n < 15; n++) {
      await tell(log, 'events.cameras', ...Array.from({ length: 100 }, () => online(large)))
      await eventually(() => quick.messages.length >= before + (n + 1) * 100)
    }
    slow.socket.resume()
    await eventually(() => slow.messages.some(({ type }) => type === 'complete' || type === 'error'))
    const failure = slow.messages.find(({ payload }) => payload?.errors || Array.isArray(payload))!
    assert.match(JSON.stringify(failure.payload), /TOO_SLOW/)
  })
})

test('a subscriber who leaves while nothing happens is gone at once', async (t) => {
  const { feed } = await openApi(t)
  const told = feed.subscribe({ topics: ['events.training'], pick: (event) => [event], keep: 'all' })
  const next = told.next()
  await told.return(undefined)
  assert.deepEqual(await next, { done: true, value: undefined })
})

test('a reader of server-sent events who stops reading is sent away like any other', async (t) => {
  const { origin, log, feed } = await openApi(t)
  const socket = connect(Number(new URL(origin).port), '127.0.0.1')
  defer(t, () => socket.destroy())
  const body = JSON.stringify({ query: 'subscription { eventLogged { id detail } }' })
  const head = [`Authorization: Bearer ${TOKEN}`, 'Accept: text/event-stream', `Content-Length: ${body.length}`]
  socket.write(
    `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${head.join('\r\n')}\r\n\r\n${body}`,
  )
  let text = ''
  socket.on('data', (data) => {
    text += data
  })
  await eventually(async () => {
    await tell(log, 'events.cameras', online('first'))
    return text.includes('eventLogged')
  })
  socket.pause()
  let arrived = 0
  feed.listen('events.cameras', () => arrived++)
  for (let n = 0; n < 15; n++)
    await tell(log, 'events.cameras', ...Array.from({ length: 100 }, () => online('x'.repeat(20_000))))
  await eventually(() => arrived >= 1500)
  socket.resume()
  await eventually(() => text.includes('TOO_SLOW'))
})
