import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import { defer } from '../../tests/support/defer.ts'
import { eventually, openLog, readTopic } from '../../tests/support/log.ts'
import { freshDatabase } from '../../tests/support/postgres.ts'
import { systemClock } from '../adapters/system-clock.ts'
import { SentinelError } from '../errors.ts'
import { CameraChanged } from '../events/camera.ts'
import { fromRecord } from '../events/codec.ts'
import { completeEvent } from '../events/complete.ts'
import { appendToOutbox } from '../outbox.ts'
import type { Database } from '../ports/database.ts'
import type { Log } from '../ports/log.ts'
import { relayOutbox } from './outbox-relay.ts'

function write(database: Database, ...ids: string[]): Promise<void> {
  const events = ids.map((id) =>
    completeEvent(
      CameraChanged.of('cam-1', { change: 'updated', name: 'n', source: 's', enabled: true, revision: 1 }),
      { source: '/test', id, time: '2026-06-01T08:00:00Z' },
    ),
  )
  return database.transaction().execute((tx) => appendToOutbox(tx, events))
}

function relay(t: TestContext, pool: Parameters<typeof relayOutbox>[0]['pool'], log: Log): () => Promise<void> {
  const stop = new AbortController()
  const running = relayOutbox({ pool, log, clock: systemClock, signal: stop.signal, onError: () => {} })
  const end = async (): Promise<void> => {
    stop.abort()
    await running
  }
  defer(t, end)
  return end
}

const published = async (log: Log) => (await readTopic(log, 'events.cameras')).map((record) => fromRecord(record).id)
const left = async (database: Database) => (await database.selectFrom('outbox').select('sequence').execute()).length

test('what a transaction wrote is published in order and then deleted', async (t) => {
  const { database, pool } = await freshDatabase(t)
  const log = await openLog(t)
  await write(database, '1', '2')
  relay(t, pool, log)
  await eventually(async () => (await published(log)).length === 2)
  await write(database, '3')
  await eventually(async () => (await left(database)) === 0)
  assert.deepEqual(await published(log), ['1', '2', '3'])
})

test('a transaction that fails publishes nothing', async (t) => {
  const { database, pool } = await freshDatabase(t)
  const log = await openLog(t)
  relay(t, pool, log)
  await assert.rejects(
    database.transaction().execute(async (tx) => {
      await sql`INSERT INTO outbox (topic, key, headers) VALUES ('events.cameras', 'k', '{}')`.execute(tx)
      throw new Error('no')
    }),
  )
  await write(database, 'after')
  await eventually(async () => (await left(database)) === 0)
  assert.deepEqual(await published(log), ['after'])
})

test('a crash between publishing and deleting repeats the same ids and loses none', async (t) => {
  const { database, pool } = await freshDatabase(t)
  const log = await openLog(t)
  let crashes = 1
  const crashing: Log = Object.create(log, {
    produce: {
      value: async (...args: Parameters<Log['produce']>) => {
        const positions = await log.produce(...args)
        if (crashes-- > 0) throw new SentinelError('LOG_UNAVAILABLE', 'the answer was lost')
        return positions
      },
    },
  })
  await write(database, '1', '2')
  relay(t, pool, crashing)
  await eventually(async () => (await left(database)) === 0)
  assert.deepEqual(await published(log), ['1', '2', '1', '2'])
})

test('two relays publish everything once, and the second takes over from the first', async (t) => {
  const { database, pool } = await freshDatabase(t)
  const log = await openLog(t)
  const end = relay(t, pool, log)
  relay(t, pool, log)
  await write(database, '1')
  await eventually(async () => (await left(database)) === 0)
  await end()
  await write(database, '2')
  await eventually(async () => (await left(database)) === 0)
  assert.deepEqual(await published(log), ['1', '2'])
})

test('a connection that breaks is replaced', async (t) => {
  const { database, pool } = await freshDatabase(t)
  const log = await openLog(t)
  relay(t, pool, log)
  await write(database, '1')
  await eventually(async () => (await left(database)) === 0)
  await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%outbox%' AND pid <> pg_backend_pid()`.execute(
    database,
  )
  await write(database, '2')
  await eventually(async () => (await left(database)) === 0)
  assert.deepEqual(await published(log), ['1', '2'])
})
