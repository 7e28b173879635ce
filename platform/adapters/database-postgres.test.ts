import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { defer } from '../../tests/support/defer.ts'
import { freshDatabase } from '../../tests/support/postgres.ts'
import { databaseContract } from '../ports/database.contract.ts'
import { openDatabase } from './database-postgres.ts'
import { migrate, migrateDown } from './migrations.ts'

databaseContract('postgres', async (t) => {
  const { database, url } = await freshDatabase(t)
  const other = openDatabase(url, { connections: 1 })
  defer(t, () => other.close())
  const cut = async (): Promise<void> => {
    const statement = sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`
    await statement.execute(other.database)
  }
  return { database, cut }
})

test('a server that is not there is an outage', async (t) => {
  const { database, close } = openDatabase('postgres://sentinel@127.0.0.1:1/postgres')
  defer(t, close)
  await assert.rejects(sql`SELECT 1`.execute(database), { code: 'DATABASE_UNAVAILABLE' })
})

test('every migration can be taken back and run again, and many replicas may run them at once', async (t) => {
  const { database } = await freshDatabase(t)
  let taken: string[]
  let count = 0
  do {
    taken = await migrateDown(database)
    count += taken.length
  } while (taken.length > 0)
  const ran = await Promise.all([migrate(database), migrate(database), migrate(database)])
  assert.equal(ran.flat().length, count)
  assert.ok(count >= 3)
})
