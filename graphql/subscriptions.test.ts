import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { describe, type TestContext, test } from 'node:test'
import { createClient } from 'graphql-ws'
import WebSocket from 'ws'
import { CameraChanged, CameraOnline } from '../platform/events/camera.ts'
import { toRecord, type WireRecord } from '../platform/events/codec.ts'
import { completeEvent } from '../platform/events/complete.ts'
import type { Draft } from '../platform/events/event.ts'
import { ModelRegistered } from '../platform/events/model.ts'
import type { TopicName } from '../platform/events/topics.ts'
import type { Log } from '../platform/ports/log.ts'
import { detect, openApi, TOKEN } from '../tests/support/api.ts'
import { defer } from '../tests/support/defer.ts'
import { eventually } from '../tests/support/log.ts'

const SUBSCRIPTION =
  'subscription ($ids: [ID!]) { frameDetected(cameraIds: $ids) { id cameraId boxes { class trackId x } } }'

describe('subscriptions', () => {
  test('over a WebSocket tell the detections of the cameras asked for, without a statement to the database', async (t) => {
    const { origin, log, statements } = await openApi(t)
    const client = createClient({
      url: `${origin.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { token: TOKEN },
    })
    defer(t, () => client.dispose())
    const told: { id: string; cameraId: string }[] = []
    client.subscribe<{ frameDetected: { id: string; cameraId: string } }>(
      { query: SUBSCRIPTION, variables: { ids: ['cam-1'] } },
      { next: ({ data }) => told.push(data!.frameDetected), error: () => {}, complete: () => {} },
    )
    let n = 0
    await eventually(async () => {
      await detect(log, 'cam-2', { ahead: n })
      await detect(log, 'cam-1', { ahead: n++ })
      return told.length > 0
    })
    const latencies: number[] = []
    for (let i = 0; i < 20; i++) {
      const id = await detect(log, 'cam-1', { ahead: 1000 + i })
      const produced = performance.now()
      await eventually(() => told.some((each) => each.id === id))
      latencies.push(performance.now() - produced)
    }
    const median = latencies.sort((a, b) => a - b)[10]!
    t.diagnostic(`from produced to told: median ${median.toFixed(1)} ms, slowest ${latencies.at(-1)!.toFixed(1)} ms`)
    assert.ok(median < 100)
    assert.ok(told.every(({ cameraId }) => cameraId === 'cam-1'))
    assert.deepEqual(statements, [])
  })

  test('over a WebSocket are refused without the token', async (t) => {
    const { origin } = await openApi(t)
    const client = createClient({
      url: `${origin.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    })
    defer(t, () => client.dispose())
    const outcome = new Promise((resolve, reject) =>
      client.subscribe({ query: SUBSCRIPTION }, { next: resolve, error: reject, complete: () => resolve('completed') }),
    )
    await assert.rejects(outcome, { code: 4403 })
  })

  test('over server-sent events tell the same', async (t) => {
    const { origin, log } = await openApi(t)
    const abort = new AbortController()
    const answer = await fetch(`${origin}/graphql`, {
      method: 'POST',
      signal: abort.signal,
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: SUBSCRIPTION, variables: { ids: null } }),
    })
    assert.match(answer.headers.get('content-type')!, /text\/event-stream/)
    let text = ''
    const reading = (async () => {
      for await (const chunk of answer.body!) text += Buffer.from(chunk).toString()
    })().catch(() => {})
    let n = 0
    await eventually(async () => {
      await detect(log, 'cam-1', { ahead: n++ })
      return text.includes('"frameDetected"')
    })
    abort.abort()
    await reading
  })

  test('go on when an operation on the same socket cannot even be read', async (t) => {
    const { origin, log } = await openApi(t)
    const client = await rawClient(t, origin)
    client.subscribe('good', SUBSCRIPTION)
    client.subscribe('bad', 'subscription { frameDetected {')
    client.subscribe('large', `{ viewer { id } ${'#'.repeat(100_001)}\n }`)
    await eventually(async () => {
      await detect(log, 'cam-1', { ahead: client.messages.length })
      return client.of('good').length > 0 && client.of('bad').length > 0 && client.of('large').length > 0
    })
    assert.deepEqual([client.of('bad')[0]!.type, client.of('large')[0]!.type], ['error', 'error'])
    assert.equal(client.of('good')[0]!.type, 'next')
  })

  test('pass over what is no event, on every topic that they follow', async (t) => {
    const { origin, log, errors } = await openApi(t)
    const client = await rawClient(t, origin)
    client.subscribe('frames', SUBSCRIPTION)
    client.subscribe('events', 'subscription { eventLogged { id type } }')
    client.subscribe('cameras', 'subscription { cameraChanged { id state } }')
    client.subscribe('models', 'subscription { modelChanged { id name } }')
    client.subscribe('triage', 'subscription { triageItemChanged { id status } }')
    await eventually(async () => {
      for (const topic of ['events.detections', 'events.cameras', 'events.triage', 'events.models'] as const)
        await log.produce(topic, nonsense(topic))
      await detect(log, 'cam-1', { ahead: client.messages.length })
      await tell(log, 'events.cameras', online('h264'))
      await tell(
        log,
        'events.models',
        ModelRegistered.of('d1', { name: 'm', family: 'yolox', classes: [], inputWidth: 1, inputHeight: 1 }),
      )
      return ['frames', 'events', 'cameras', 'models'].every((id) => client.of(id).length > 0)
    })
    const first = (id: string) => client.of(id)[0]!.payload.data
    assert.deepEqual(first('cameras').cameraChanged, { id: 'cam-1', state: 'ONLINE' })
    assert.deepEqual(first('models').modelChanged, { id: 'd1', name: 'm' })
    assert.ok(client.messages.every(({ type }) => type === 'next'))
    assert.deepEqual(errors, [])
  })

  test('tell the name of a camera that has been removed', async (t) => {
    const { origin, log } = await openApi(t)
    const client = await rawClient(t, origin)
    client.subscribe('cameras', 'subscription { cameraChanged { id name enabled stateReason } }')
    const change = { change: 'removed' as const, name: 'Main St', source: 'rtsp://h/1', enabled: false, revision: 3 }
    await eventually(async () => {
      await tell(log, 'events.cameras', CameraChanged.of('cam-1', change))
      return client.of('cameras').length > 0
    })
    const camera = { id: 'cam-1', name: 'Main St', enabled: false, stateReason: 'removed' }
    assert.deepEqual(client.of('cameras')[0]!.payload.data.cameraChanged, camera)
  })

  test('end when the server stops, with the code for it', async (t) => {
    const { origin, server } = await openApi(t)
    const client = await rawClient(t, origin)
    client.subscribe('a', SUBSCRIPTION)
    const closed = new Promise((resolve) => client.socket.once('close', resolve))
    await server.close()
    assert.equal(await closed, 1001)
  })
})

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

function online(codec: string): Draft {
  return CameraOnline.of('cam-1', { width: 640, height: 360, fps: null, codec })
}

interface Message {
  readonly id?: string
  readonly type: string
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers as they come
  readonly payload: any
}

/** graphql-transport-ws by hand: it shows each message, and can stop reading. */
async function rawClient(t: TestContext, origin: string) {
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
  defer(t, () => socket.terminate())
  const messages: Message[] = []
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  socket.send(JSON.stringify({ type: 'connection_init', payload: { token: TOKEN } }))
  await new Promise((resolve) => socket.once('message', resolve))
  socket.on('message', (data) => messages.push(JSON.parse(String(data))))
  return {
    socket,
    messages,
    of: (id: string) => messages.filter((message) => message.id === id),
    subscribe: (id: string, query: string) =>
      socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query } })),
  }
}

async function tell(log: Log, topic: TopicName, ...drafts: Draft[]): Promise<void> {
  const time = new Date().toISOString()
  const records = drafts.map((draft, n) => toRecord(completeEvent(draft, { source: '/t', id: `${time}-${n}`, time })))
  await log.produce(topic, records)
}

/** No CloudEvent; one whose data is not what its type says; one of an unknown type. */
function nonsense(topic: TopicName): WireRecord[] {
  const known = {
    'events.detections': 'frame.detected',
    'events.cameras': 'camera.online',
    'events.triage': 'review.requested',
  }
  const types = [`sentinel.${known[topic as keyof typeof known] ?? 'model.registered'}.v1`, 'sentinel.nobody.knows.v1']
  return [
    { key: 'cam-1', value: Buffer.from('}{'), headers: {} },
    { key: 'cam-1', value: null, headers: {} },
    ...types.map((type) =>
      toRecord({
        specversion: '1.0',
        id: 'x',
        source: '/t',
        type,
        subject: 'cam-1',
        datacontenttype: 'application/json',
        data: { boxes: 7 },
      }),
    ),
  ]
}
