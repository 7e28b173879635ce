import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import { eventually } from '../../tests/support/log.ts'
import type { SentinelError } from '../errors.ts'
import type { Database } from './database.ts'

export interface DatabaseUnderTest {
  readonly database: Database
  /** Cuts every connection, as a restart of the server does. */
  cut(): Promise<void>
}

const camera = (id: string) => ({ id, name: id, source: 'rtsp://h/1' })

/** @throws what is not an outage. */
async function answers(database: Database): Promise<boolean> {
  return sql`SELECT 1`.execute(database).then(
    () => true,
    (error: SentinelError) => {
      assert.equal(error.code, 'DATABASE_UNAVAILABLE')
      return false
    },
  )
}

/** What Sentinel relies on, whoever runs the server. */
export function databaseContract(name: string, open: (t: TestContext) => Promise<DatabaseUnderTest>): void {
  describe(`database contract: ${name}`, () => {
    test('a row that is there already is refused by its key', async (t) => {
      const { database } = await open(t)
      await database.insertInto('cameras').values(camera('a')).execute()
      await assert.rejects(database.insertInto('cameras').values(camera('a')).execute(), { code: '23505' })
    })

    test('a transaction that fails leaves nothing', async (t) => {
      const { database } = await open(t)
      const failing = database.transaction().execute(async (tx) => {
        await tx.insertInto('cameras').values(camera('a')).execute()
        throw new Error('no')
      })
      await assert.rejects(failing, /no/)
      assert.deepEqual(await database.selectFrom('cameras').selectAll().execute(), [])
    })

    test('documents, times and bytes come back as they went in', async (t) => {
      const { database } = await open(t)
      const headers = { ce_id: 'ü', nested: '{"a":1}' }
      const value = Buffer.from([0, 255, 10])
      await database
        .insertInto('outbox')
        .values({ topic: 'frames', key: 'k', headers: JSON.stringify(headers), value })
        .execute()
      const row = await database.selectFrom('outbox').selectAll().executeTakeFirstOrThrow()
      assert.deepEqual([row.headers, row.value], [headers, value])
      const at = new Date('2026-06-01T08:00:00.123Z')
      const { rows } = await sql<{ at: Date }>`SELECT ${at}::timestamptz AS at`.execute(database)
      assert.deepEqual(rows[0]!.at, at)
    })

    test('an outage says that another attempt can help, and soon one does', async (t) => {
      const { database, cut } = await open(t)
      const waiting = sql`SELECT pg_sleep(20)`.execute(database)
      const refused = assert.rejects(waiting, { code: 'DATABASE_UNAVAILABLE', retryable: true })
      await new Promise((resolve) => setTimeout(resolve, 100))
      await cut()
      await refused
      await eventually(async () => (await answers(database)) === true)
    })

    test('a statement that takes too long is an outage: its work is not at fault', async (t) => {
      const { database } = await open(t)
      const slow = database.transaction().execute(async (tx) => {
        await sql`SET LOCAL statement_timeout = 50`.execute(tx)
        await sql`SELECT pg_sleep(20)`.execute(tx)
      })
      await assert.rejects(slow, { code: 'DATABASE_UNAVAILABLE', retryable: true })
    })

    test('a mistake in a statement is not an outage', async (t) => {
      const { database } = await open(t)
      await assert.rejects(sql`SELECT nothing FROM nowhere`.execute(database), { code: '42P01' })
    })
  })
}
