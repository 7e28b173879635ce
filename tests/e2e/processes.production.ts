import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { KafkaLog } from '../../platform/adapters/log-kafka/kafka-log.ts'
import { fromRecord } from '../../platform/events/codec.ts'
import { topics } from '../../platform/events/topics.ts'
import { lagOf } from '../../platform/hosts/metrics.ts'
import { runCli } from '../support/cli.ts'
import { makeClip } from '../support/clips.ts'
import { defer } from '../support/defer.ts'
import { type FunctionProcess, runFunction } from '../support/function-process.ts'
import { kafkaSpace } from '../support/kafka.ts'
import { eventually, readTopic } from '../support/log.ts'
import { freshDatabase } from '../support/postgres.ts'
import { s3Space } from '../support/s3.ts'
import { ask, type Started, startSentinel } from '../support/sentinel.ts'
import { subscribe } from '../support/subscription.ts'
import { tinyYolox } from '../support/tiny-yolox.ts'

/** Half a dozen processes start on whatever the machine has left. */
const WITHIN_MS = 300_000
const CAMERAS = ['North', 'South']
const FRAMES = 10

/** A log, a database and buckets of this test's own, made by the commands that an operator makes them with. */
async function place(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-processes-'))
  defer(t, () => rm(folder, { recursive: true, force: true }))
  const model = join(folder, 'tiny.onnx')
  await writeFile(model, tinyYolox(['car', 'bus']))
  const space = await kafkaSpace([])
  defer(t, space.remove)
  const { url, database } = await freshDatabase(t)
  const env = {
    SENTINEL_LOG: space.url,
    DATABASE_URL: url,
    SENTINEL_OBJECTS: s3Space(),
    SENTINEL_SECRET_KEY: randomBytes(32).toString('base64'),
    SENTINEL_MODEL: model,
    // An untrained detector doubts everything.
    SENTINEL_REVIEW_FROM: '0.01',
    SENTINEL_REVIEW_BELOW: '1',
    SENTINEL_HIGH_SCORE: '0.01',
  }
  for (const command of [
    ['topics', 'apply'],
    ['buckets', 'apply'],
  ]) {
    const { code, stderr } = await runCli(command, env)
    assert.equal(code, 0, stderr)
  }
  const log = new KafkaLog(space.url)
  defer(t, () => log.close())
  return { folder, env, database, log }
}

/** The dashboard, the API and what one process at a time does, without any function. */
async function startApi(t: TestContext, folder: string, env: Record<string, string>): Promise<Started> {
  const clip = join(folder, 'clip.mp4')
  makeClip({ path: clip, width: 320, height: 180, fps: 10, seconds: 3 })
  const catalogue = join(folder, 'cameras.json')
  await writeFile(catalogue, JSON.stringify(CAMERAS.map((name) => ({ name, source: `${clip}#loop`, fps: 2 }))))
  const args = ['--port', '0', '--data-dir', join(folder, 'data'), '--cameras', catalogue]
  const api = await startSentinel(args, { ...env, SENTINEL_FUNCTIONS: 'none' })
  defer(t, () => api.stop('SIGTERM'))
  return api
}

/** Resolves once every camera has been heard of over the live subscription. */
async function hearEveryCamera(api: Started): Promise<void> {
  const heard = new Set<string>()
  const all = Promise.withResolvers<void>()
  const query = 'subscription { frameDetected { camera { name } } }'
  type Heard = { readonly frameDetected: { readonly camera: { readonly name: string } } }
  const subscription = subscribe<Heard>(api, query, ({ frameDetected }) => {
    heard.add(frameDetected.camera.name)
    if (heard.size === CAMERAS.length) all.resolve()
  })
  await Promise.race([all.promise, subscription.broken])
  await subscription.close()
}

/** Confirms the first frame that waits for a person, and looks at its picture. */
async function judgeOne(api: Started): Promise<void> {
  const query = '{ triageQueue(first: 1) { edges { node { id imageUrl } } } }'
  const waiting = async () => (await ask(api, query)).data.triageQueue.edges[0]?.node
  await eventually(async () => (await waiting()) !== undefined, WITHIN_MS)
  const { id, imageUrl } = await waiting()
  const headers = { authorization: `Bearer ${api.token}` }
  const picture = await fetch(new URL(imageUrl, api.origin), { headers })
  assert.deepEqual([picture.status, picture.headers.get('content-type')], [200, 'image/jpeg'])
  const verdict = 'mutation ($i: RecordVerdictInput!) { recordVerdict(input: $i) { errors { message } } }'
  const { data } = await ask(api, verdict, { i: { itemId: id, verdict: 'CONFIRM' } })
  assert.deepEqual(data.recordVerdict.errors, [])
}

describe('the whole of Sentinel as processes on real Kafka, PostgreSQL and S3', () => {
  test('cameras become detections and a verdict an annotation; killed processes are replaced, all drain, and each frame is stored once', {
    timeout: WITHIN_MS * 3,
  }, async (t) => {
    const { folder, env, database, log } = await place(t)
    const api = await startApi(t, folder, env)
    const names = ['frame-grabber', 'detect', 'event-store', 'triage-router', 'annotation-store']
    const [grabber, detector, store, ...rest] = (await Promise.all(names.map((name) => runFunction(t, name, env)))) as [
      FunctionProcess,
      FunctionProcess,
      FunctionProcess,
      ...FunctionProcess[],
    ]
    const stored = async (): Promise<string[]> =>
      (await database.selectFrom('detections').select('frame_id').execute()).map(({ frame_id }) => frame_id)

    await hearEveryCamera(api)
    await judgeOne(api)
    const annotations = database.selectFrom('annotations').select('item_id')
    await eventually(async () => (await annotations.execute()).length === 1, WITHIN_MS)

    await Promise.all([detector.stop('SIGKILL'), store.stop('SIGKILL')])
    const replaced = await Promise.all([runFunction(t, 'detect', env), runFunction(t, 'event-store', env)])
    const before = (await stored()).length
    await eventually(async () => (await stored()).length >= before + FRAMES, WITHIN_MS)

    assert.equal(await grabber.stop(), 0, grabber.output())
    for (const group of ['detect', 'event-store']) {
      await eventually(async () => (await lagOf(log, group)) === 0, WITHIN_MS)
    }
    for (const each of [...replaced, ...rest]) assert.equal(await each.stop(), 0, each.output())
    const { data } = await ask(api, '{ health { parts { name state } } }')
    assert.deepEqual(
      data.health.parts.filter(({ state }: { state: string }) => state !== 'READY'),
      [],
    )
    assert.equal(await api.stop(), 0, api.output())

    const told = (await readTopic(log, 'events.detections', topics['events.detections'].partitions)).map(
      (record) => (fromRecord(record).data as { frameId: string }).frameId,
    )
    assert.deepEqual((await stored()).sort(), [...new Set(told)].sort())
    assert.deepEqual(await readTopic(log, 'dlq-events', topics['dlq-events'].partitions), [])
  })
})
