import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { createClient } from 'graphql-ws'
import { Registry } from 'prom-client'
import WebSocket from 'ws'
import { openDatabase } from '../platform/adapters/database-postgres.ts'
import { FileObjects } from '../platform/adapters/objects-files.ts'
import { systemClock } from '../platform/adapters/system-clock.ts'
import { Sealing } from '../platform/cameras/sealing.ts'
import { toRecord } from '../platform/events/codec.ts'
import { completeEvent } from '../platform/events/complete.ts'
import { FrameCaptured, FrameDetected } from '../platform/events/frame.ts'
import { jpegImage } from '../platform/events/image.ts'
import type { Database } from '../platform/ports/database.ts'
import type { Log } from '../platform/ports/log.ts'
import { defer } from '../tests/support/defer.ts'
import { eventually, openLog } from '../tests/support/log.ts'
import { freshDatabase } from '../tests/support/postgres.ts'
import { type Answer, ask } from '../tests/support/sentinel.ts'
import { EventFeed } from './live.ts'
import { startServer } from './server.ts'

const TOKEN = 'test-token'
const model = { digest: 'a'.repeat(64), name: 'm' }

async function open(t: TestContext) {
  const { url } = await freshDatabase(t)
  const statements: string[] = []
  const { database, close } = openDatabase(url, { onStatement: (sql) => statements.push(sql) })
  defer(t, close)
  const log = await openLog(t)
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-api-'))
  defer(t, () => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'index.html'), '<title>Sentinel</title>')
  const objects = new FileObjects(join(folder, 'objects'))
  const feed = await EventFeed.open(log)
  const errors: Error[] = []
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    token: TOKEN,
    dashboard: folder,
    metrics: new Registry(),
    onError: (error) => errors.push(error),
    ports: {
      database,
      log,
      objects,
      feed,
      clock: systemClock,
      desk: {
        database,
        clock: systemClock,
        sealing: new Sealing(new Uint8Array(32)),
        rules: { files: false, baseDirectory: '/' },
      },
      health: async () => [{ name: 'model', state: 'missing', message: 'give one' }],
      lag: async () => [],
    },
  })
  defer(t, async () => {
    await server.close()
    await feed.close()
  })
  const at = { origin: server.url, token: TOKEN }
  return { ...at, at, database, log, objects, statements, errors, server }
}

async function addCameras(database: Database, count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, n) => ({
    id: `cam-${n}`,
    name: `Camera ${String(n).padStart(3, '0')}`,
    source: 'rtsp://h/1',
  }))
  await database.insertInto('cameras').values(rows).execute()
}

async function addDetections(database: Database, cameras: number, each: number): Promise<void> {
  const rows = Array.from({ length: cameras * each }, (_, n) => ({
    captured_at: new Date(Date.parse('2026-06-01T08:00:00Z') + n * 1000),
    frame_id: `f-${n}`,
    event_id: `e-${n}`,
    camera_id: `cam-${n % cameras}`,
    detected_at: new Date(),
    capture_clock: 'arrival',
    width: 640,
    height: 360,
    model_digest: model.digest,
    model_name: 'm',
    boxes: JSON.stringify([{ class: 'car', score: 0.9, trackId: 't-1', box: [0.1, 0.2, 0.3, 0.4] }]),
    timings: JSON.stringify({ queueMs: 1, prepareMs: 1, inferMs: 1, decodeMs: 1 }),
  }))
  await database.insertInto('detections').values(rows).execute()
}

async function addItem(database: Database, id = 'review-1'): Promise<void> {
  const item = {
    id,
    camera_id: 'cam-0',
    frame_id: 'f-0',
    captured_at: new Date(),
    requested_at: new Date(),
    reason: 'low-confidence',
    uncertainty: 0.7,
    detail: 'car with a score of only 30 %',
    width: 640,
    height: 360,
    model_digest: model.digest,
    model_name: 'm',
    boxes: JSON.stringify([{ class: 'car', score: 0.3, box: [0.1, 0.2, 0.3, 0.4] }]),
    image: 'triage/cam-0/f-0.jpg',
  }
  await database.insertInto('triage_items').values(item).execute()
}

async function detect(log: Log, camera: string, n = 0): Promise<string> {
  const capturedAt = (Date.now() + n) * 1000
  const frameId = `${camera}-${capturedAt}`
  const attributes = {
    capturedat: `${capturedAt}`,
    captureclock: 'arrival',
    frameid: frameId,
    width: '640',
    height: '360',
  }
  const origin = { source: '/t', id: frameId, time: new Date().toISOString() }
  const captured = completeEvent(
    FrameCaptured.of(camera, jpegImage(Buffer.from(frameId), 640, 360), { id: frameId, attributes }),
    origin,
  )
  const { partition, offset } = (await log.produce('frames', [toRecord(captured)]))[0]!
  const detected = FrameDetected.of(camera, {
    frameId,
    capturedAt,
    captureClock: 'arrival',
    width: 640,
    height: 360,
    model,
    boxes: [{ class: 'car', score: 0.9, trackId: 't-1', box: [0.1, 0.2, 0.3, 0.4] }],
    frame: { partition, offset },
    timings: { queueMs: 1, prepareMs: 1, inferMs: 1, decodeMs: 1 },
  })
  await log.produce('events.detections', [toRecord(completeEvent(detected, origin))])
  return frameId
}

describe('who may come in', () => {
  test('nobody without the token, and the answer says where it is', async (t) => {
    const { origin } = await open(t)
    for (const path of ['/', '/live', '/graphql', '/media/x.jpg', '/metrics']) {
      const answer = await fetch(origin + path)
      assert.equal(answer.status, 401, path)
      assert.match(await answer.text(), /admin-token/)
    }
    assert.equal((await fetch(`${origin}/livez`)).status, 200)
    assert.deepEqual((await (await fetch(`${origin}/readyz`)).json()).ready, true)
    assert.equal((await fetch(`${origin}/?token=wrong`, { redirect: 'manual' })).status, 401)
  })

  test('the token in the address becomes a cookie that scripts cannot read, and leaves the address', async (t) => {
    const { origin } = await open(t)
    const answer = await fetch(`${origin}/events?token=${TOKEN}&type=x`, { redirect: 'manual' })
    assert.equal(answer.headers.get('location'), '/events?type=x')
    const cookie = answer.headers.get('set-cookie')!
    assert.match(cookie, /HttpOnly; SameSite=Strict/)
    const page = await fetch(`${origin}/events`, { headers: { cookie: cookie.split(';')[0]! } })
    assert.match(await page.text(), /<title>Sentinel/)
  })

  test('another page may not use the cookie, nor another name the address', async (t) => {
    const { origin } = await open(t)
    const headers = { cookie: `sentinel_token=${TOKEN}`, 'content-type': 'application/json' }
    const body = '{"query":"{ viewer { id } }"}'
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
    const { origin, objects } = await open(t)
    await objects.put('sentinel-clips', 'triage/a.jpg', Buffer.from('jpeg'))
    const headers = { authorization: `Bearer ${TOKEN}` }
    const get = async (path: string) => (await fetch(origin + path, { headers })).status
    assert.equal(await get('/media/triage/a.jpg'), 200)
    for (const path of ['/media/..%2f..%2findex.html', '/assets/..%2f..%2fx.js', '/media/%ff'])
      assert.equal(await get(path), 404, path)
  })
})

interface CameraPage {
  readonly cameras: {
    readonly edges: readonly { readonly node: { readonly name: string } }[]
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  }
}

describe('queries', () => {
  test('nested lists cost a fixed number of statements', async (t) => {
    const { at, database, statements } = await open(t)
    const count = async (first: number): Promise<number> => {
      statements.length = 0
      const query = `{ cameras(first: ${first}) { edges { node { name lastDetection { camera { name } model { name } boxes { class } } } } }
        detections(first: ${first}) { edges { node { camera { name } model { name } } } } }`
      const { data, errors } = await ask(at, query)
      assert.equal(errors, undefined)
      assert.equal(data.detections.edges.length, first)
      return statements.length
    }
    await addCameras(database, 40)
    await addDetections(database, 40, 2)
    const few = await count(3)
    assert.ok((await count(40)) <= few)
    assert.ok(few <= 6, `${few} statements`)
  })

  test('pages follow one another without gap or repetition, and foolish ones are refused', async (t) => {
    const { at, database } = await open(t)
    await addCameras(database, 25)
    const names: string[] = []
    for (let after: string | null = null; ; ) {
      const query =
        'query ($after: String) { cameras(first: 10, after: $after) { edges { node { name } } pageInfo { hasNextPage endCursor } } }'
      const answer: Answer<CameraPage> = await ask(at, query, { after })
      const { edges, pageInfo } = answer.data!.cameras
      names.push(...edges.map(({ node }) => node.name))
      if (!pageInfo.hasNextPage) break
      after = pageInfo.endCursor
    }
    assert.deepEqual(
      names,
      Array.from({ length: 25 }, (_, n) => `Camera ${String(n).padStart(3, '0')}`),
    )
    for (const args of ['first: 0', 'first: 501', 'after: "nonsense"']) {
      const { errors } = await ask(at, `{ cameras(${args}) { edges { cursor } } }`)
      assert.match(errors![0]!.message, /first lies between|no cursor/)
    }
  })

  test('too large, too deep and too wide queries are refused with the reason', async (t) => {
    const { at } = await open(t)
    const large = await ask(at, `{ viewer { id } ${'#'.repeat(100_001)}\n }`)
    assert.match(large.errors![0]!.message, /at most 100000 characters/)
    const deep = await ask(
      at,
      `{ cameras { edges { node ${'{ lastDetection { camera '.repeat(6)} { id } ${'} }'.repeat(6)} } } }`,
    )
    assert.match(deep.errors![0]!.message, /depth|cost/i)
    const wide = await ask(at, `{ ${Array.from({ length: 50 }, (_, n) => `a${n}: viewer { id }`).join(' ')} }`)
    assert.match(wide.errors![0]!.message, /alias/i)
  })
})

describe('mutations', () => {
  test('tell what is wrong as a result, and never the password', async (t) => {
    const { at } = await open(t)
    const add = (source: string) =>
      ask(
        at,
        'mutation ($source: String!) { addCamera(input: { name: "A", source: $source }) { camera { source } errors { code message } } }',
        { source },
      )
    const { data } = await add('rtsp://admin:hunter2@10.0.0.9/1')
    assert.deepEqual(data.addCamera, { camera: { source: 'rtsp://10.0.0.9/1' }, errors: [] })
    const refused = (await add('file:///etc/passwd')).data.addCamera
    assert.equal(refused.camera, null)
    assert.equal(refused.errors[0].code, 'SOURCE_REFUSED')
  })

  test('an import tells each bad row', async (t) => {
    const { at } = await open(t)
    const catalogue = JSON.stringify([{ name: 'A', source: 'rtsp://h/1' }, { name: 'B' }])
    const query =
      'mutation ($catalogue: String!) { importCameras(input: { catalogue: $catalogue }) { added rejected { row reason } errors { code } } }'
    const { data } = await ask(at, query, { catalogue })
    assert.deepEqual([data.importCameras.added, data.importCameras.rejected[0].row], [1, 2])
  })

  const RECORD =
    'mutation ($input: RecordVerdictInput!) { recordVerdict(input: $input) { item { status } errors { code message } } }'

  test('a verdict stands once, can be undone, and each step is an event', async (t) => {
    const { at, database } = await open(t)
    await addItem(database)
    const record = (verdict: string, boxes?: object[]) =>
      ask(at, RECORD, { input: { itemId: 'review-1', verdict, boxes } })
    assert.equal((await record('CONFIRM')).data.recordVerdict.item.status, 'CONFIRMED')
    assert.equal((await record('REJECT')).data.recordVerdict.errors[0].code, 'CONFLICT')
    const undo = () =>
      ask(at, 'mutation { undoVerdict(input: { itemId: "review-1" }) { item { status } errors { code } } }')
    assert.equal((await undo()).data.undoVerdict.item.status, 'OPEN')
    assert.equal((await undo()).data.undoVerdict.errors[0].code, 'CONFLICT')
    const types = (await database.selectFrom('outbox').selectAll().orderBy('sequence').execute()).map(
      ({ headers }) => headers.ce_type,
    )
    const [recorded, resolved, withdrawn] = ['verdict.recorded', 'review.resolved', 'verdict.withdrawn'].map(
      (name) => `sentinel.${name}.v1`,
    )
    assert.deepEqual(types, [recorded, resolved, withdrawn, resolved])
  })

  test('of two people who decide at once one does', async (t) => {
    const { at, database } = await open(t)
    await addItem(database)
    const both = await Promise.all(
      ['REJECT', 'SKIP'].map((verdict) => ask(at, RECORD, { input: { itemId: 'review-1', verdict } })),
    )
    assert.equal(both.filter(({ data }) => data.recordVerdict.item).length, 1)
    assert.equal(both.filter(({ data }) => data.recordVerdict.errors[0]?.code === 'CONFLICT').length, 1)
  })

  test('boxes must lie in the picture, and a correction needs them', async (t) => {
    const { at, database } = await open(t)
    await addItem(database)
    const codes = []
    for (const boxes of [
      undefined,
      [{ class: 'car', x: 0.9, y: 0, width: 0.2, height: 0.1 }],
      [{ class: '', x: 0, y: 0, width: 0.2, height: 0.1 }],
    ]) {
      const { data } = await ask(at, RECORD, { input: { itemId: 'review-1', verdict: 'CORRECT', boxes } })
      codes.push(data.recordVerdict.errors[0].code)
    }
    assert.deepEqual(codes, ['INPUT_INVALID', 'INPUT_INVALID', 'INPUT_INVALID'])
  })
})

const SUBSCRIPTION =
  'subscription ($ids: [ID!]) { frameDetected(cameraIds: $ids) { id cameraId boxes { class trackId x } } }'

describe('subscriptions', () => {
  test('over a WebSocket tell the detections of the cameras asked for, without a statement to the database', async (t) => {
    const { origin, log, statements } = await open(t)
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
    const started = performance.now()
    let n = 0
    await eventually(async () => {
      await detect(log, 'cam-2', n)
      await detect(log, 'cam-1', n++)
      return told.length > 0
    })
    t.diagnostic(`first after ${Math.round(performance.now() - started)} ms`)
    assert.ok(told.every(({ cameraId }) => cameraId === 'cam-1'))
    assert.deepEqual(statements, [])
  })

  test('over a WebSocket are refused without the token', async (t) => {
    const { origin } = await open(t)
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
    const { origin, log } = await open(t)
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
      await detect(log, 'cam-1', n++)
      return text.includes('"frameDetected"')
    })
    abort.abort()
    await reading
  })
})

describe('live pictures', () => {
  const connect = async (origin: string): Promise<WebSocket> => {
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/live`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    })
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    return socket
  }

  function pictures(socket: WebSocket) {
    const seen: { frame: string; jpeg: string; boxes: unknown[] }[] = []
    socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) return
      const length = data.readUInt32LE(0)
      const header = JSON.parse(data.subarray(4, 4 + length).toString())
      seen.push({ ...header, jpeg: data.subarray(4 + length).toString() })
    })
    return seen
  }

  test('carry the very frame that was looked at, with its boxes; two at most until they are drawn, then the newest', async (t) => {
    const { origin, log, server } = await open(t)
    const socket = await connect(origin)
    defer(t, () => socket.close())
    const seen = pictures(socket)
    socket.send(JSON.stringify({ type: 'watch', cameras: ['cam-1'] }))
    await eventually(async () => {
      if (seen.length === 0) await detect(log, 'cam-1')
      return seen.length > 0
    })
    for (const { frame, jpeg, boxes } of seen) assert.deepEqual([jpeg, boxes.length], [frame, 1])
    const frames = []
    for (let n = 1; n <= 5; n++) frames.push(await detect(log, 'cam-1', n * 1000))
    await eventually(() => server.live.counts.dropped >= 3)
    assert.equal(seen.length, 2)
    socket.send(JSON.stringify({ type: 'ack', camera: 'cam-1', frame: seen[0]!.frame }))
    await eventually(() => seen.length === 3)
    assert.equal(seen[2]!.frame, frames.at(-1))
  })

  test('a client that never draws delays no other', async (t) => {
    const { origin, log } = await open(t)
    const [slow, quick] = [await connect(origin), await connect(origin)]
    defer(t, () => [slow.close(), quick.close()])
    const seen = pictures(quick)
    quick.on('message', () => quick.send(JSON.stringify({ type: 'ack', camera: 'cam-1', frame: seen.at(-1)!.frame })))
    for (const socket of [slow, quick]) socket.send(JSON.stringify({ type: 'watch', cameras: ['cam-1'] }))
    let n = 0
    await eventually(async () => {
      await detect(log, 'cam-1', n++ * 1000)
      await new Promise((resolve) => setTimeout(resolve, 10))
      return seen.length >= 10
    })
  })

  for (const message of ['nonsense', '{"type":"steal"}', '{"type":"watch","cameras":[1]}']) {
    test(`the message ${message} closes the socket with the reason`, async (t) => {
      const { origin } = await open(t)
      const socket = await connect(origin)
      socket.send(message)
      const code = await new Promise((resolve) => socket.once('close', resolve))
      assert.equal(code, 4400)
    })
  }
})
