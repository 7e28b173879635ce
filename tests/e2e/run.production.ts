import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Kafka, logLevel } from 'kafkajs'
import type { OpenDatabase } from '../../platform/adapters/database-postgres.ts'
import { KafkaLog } from '../../platform/adapters/log-kafka/kafka-log.ts'
import { CameraOnline } from '../../platform/events/camera.ts'
import { toRecord, type WireRecord } from '../../platform/events/codec.ts'
import { completeEvent } from '../../platform/events/complete.ts'
import { lagOf } from '../../platform/hosts/metrics.ts'
import { runCli } from '../support/cli.ts'
import { defer } from '../support/defer.ts'
import { type FunctionProcess, runFunction } from '../support/function-process.ts'
import { kafkaBroker, kafkaSpace } from '../support/kafka.ts'
import { eventually } from '../support/log.ts'
import { freshDatabase } from '../support/postgres.ts'

const WITHIN_MS = 240_000
const EVENTS = 400
const LEFT = 3
const GROUP = 'event-store'
const TOPICS = ['events.cameras', 'events.detections', 'events.triage', 'dlq-events']

function onlineRecord(i: number): WireRecord {
  const draft = CameraOnline.of(`cam-${i % 20}`, { width: 640, height: 360, fps: null, codec: 'h264' })
  return toRecord(completeEvent(draft, { source: '/t', id: `online-${i}`, time: new Date().toISOString() }))
}

/** As Kafka's own tools compute it. */
async function lagByAdmin(prefix: string): Promise<number> {
  const admin = new Kafka({ brokers: [kafkaBroker()], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  let lag = 0
  for (const { topic, partitions } of await admin.fetchOffsets({ groupId: prefix + GROUP })) {
    const ends = new Map((await admin.fetchTopicOffsets(topic)).map((each) => [each.partition, each]))
    for (const { partition, offset } of partitions) {
      const { high, low } = ends.get(partition)!
      lag += Number(high) - (Number(offset) < 0 ? Number(low) : Number(offset))
    }
  }
  await admin.disconnect()
  return lag
}

async function lagByMetrics({ probes }: FunctionProcess): Promise<number> {
  const metrics = await (await fetch(`${probes}/metrics`)).text()
  return Number(new RegExp(`^sentinel_lag{function="${GROUP}"} (\\d+)$`, 'm').exec(metrics)?.[1])
}

async function lagByCli(env: Record<string, string>): Promise<number> {
  const { stdout, stderr } = await runCli(['lag'], env)
  const figure = new RegExp(`^${GROUP} {2}(\\d+)$`, 'm').exec(stdout)?.[1]
  assert.ok(figure, stderr)
  return Number(figure)
}

/** Nobody can store an event meanwhile: who has some keeps them, uncommitted. */
async function whileLocked(pool: OpenDatabase['pool'], work: () => Promise<void>): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query('LOCK TABLE events IN ACCESS EXCLUSIVE MODE')
    await work()
  } finally {
    await client.query('ROLLBACK')
    client.release()
  }
}

describe('a function as processes on real Kafka and PostgreSQL', () => {
  test('stores each event once while processes come, are killed and drain; its lag is one figure everywhere', {
    timeout: WITHIN_MS * 2,
  }, async (t) => {
    const space = await kafkaSpace(TOPICS)
    defer(t, space.remove)
    const { url: DATABASE_URL, database, pool } = await freshDatabase(t)
    const env = { SENTINEL_LOG: space.url, DATABASE_URL }
    const log = new KafkaLog(space.url)
    defer(t, () => log.close())
    const send = async (from: number, to: number): Promise<void> => {
      for (let i = from; i < to; i++) await log.produce('events.cameras', [onlineRecord(i)])
    }
    const stored = async (): Promise<number> =>
      Number(
        (
          await database
            .selectFrom('events')
            .select((e) => e.fn.countAll().as('n'))
            .executeTakeFirstOrThrow()
        ).n,
      )

    const first = await runFunction(t, GROUP, env)
    const sending = send(0, EVENTS)
    await eventually(async () => (await stored()) > 0, WITHIN_MS)
    await first.stop('SIGKILL')
    const second = await runFunction(t, GROUP, env)
    const third = await runFunction(t, GROUP, env)
    await sending
    await eventually(async () => (await stored()) === EVENTS, WITHIN_MS)
    assert.equal((await fetch(`${second.probes}/readyz`)).status, 200)
    assert.equal(await second.stop(), 0, second.output())

    await eventually(async () => (await lagOf(log, GROUP)) === 0, WITHIN_MS)
    const lags = async () => [await lagByMetrics(third), await lagByCli(env), await lagByAdmin(space.prefix)]
    assert.deepEqual(await lags(), [0, 0, 0])
    await whileLocked(pool, async () => {
      await send(EVENTS, EVENTS + LEFT)
      assert.deepEqual(await lags(), [LEFT, LEFT, LEFT])
    })
    await eventually(async () => (await lagOf(log, GROUP)) === 0, WITHIN_MS)
    assert.equal(await third.stop(), 0, third.output())
    assert.equal(await stored(), EVENTS + LEFT)
  })
})
