import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createClient } from 'graphql-ws'
import WebSocket from 'ws'
import { CameraChanged } from '../platform/events/camera.ts'
import { toRecord, type WireRecord } from '../platform/events/codec.ts'
import { ModelRegistered } from '../platform/events/model.ts'
import type { TopicName } from '../platform/events/topics.ts'
import { addCameras, openApi, TOKEN } from '../tests/support/api.ts'
import { defer } from '../tests/support/defer.ts'
import { detect } from '../tests/support/detections.ts'
import { eventually } from '../tests/support/log.ts'
import { online, rawClient, tell } from '../tests/support/subscriber.ts'

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

  test('on one socket are each told every event once, whatever they are called', async (t) => {
    const { origin, log } = await openApi(t)
    const client = await rawClient(t, origin)
    const ids = ['a', '"payload":{"$":1}}', 'c']
    for (const id of ids) client.subscribe(id, 'subscription { frameDetected { id } }')
    await eventually(async () => {
      await detect(log, 'cam-1', { ahead: client.messages.length })
      return ids.every((id) => client.of(id).length > 0)
    })
    const sent = await Promise.all(Array.from({ length: 20 }, (_, n) => detect(log, 'cam-1', { ahead: 1000 + n })))
    const toldTo = (id: string) => client.of(id).map(({ payload }) => payload.data.frameDetected.id)
    await eventually(() => ids.every((id) => sent.every((frame) => toldTo(id).includes(frame))))
    for (const id of ids) assert.equal(new Set(toldTo(id)).size, toldTo(id).length)
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

  test('that ask for cameras too cost the database no more when there are many', async (t) => {
    const { origin, log, database, statements } = await openApi(t)
    await addCameras(database, 1)
    const client = await rawClient(t, origin)
    const query = 'subscription { frameDetected { id camera { name } model { name } } }'
    for (let n = 0; n < 50; n++) client.subscribe(`${n}`, query)
    await eventually(async () => {
      await detect(log, 'cam-0', { ahead: client.messages.length })
      return client.of('49').length > 0
    })
    assert.equal(client.of('49')[0]!.payload.data.frameDetected.camera.name, 'Camera 000')
    const [before, started] = [client.messages.length, performance.now()]
    statements.length = 0
    for (let n = 0; n < 20; n++) await detect(log, 'cam-0', { ahead: 1000 + n })
    await eventually(() => client.messages.length >= before + 1000)
    const seconds = (performance.now() - started) / 1000
    assert.ok(statements.length <= 2 * Math.ceil(seconds + 1), `${statements.length} statements in ${seconds} s`)
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
