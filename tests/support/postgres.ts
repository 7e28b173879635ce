import { randomBytes } from 'node:crypto'
import { after, type TestContext } from 'node:test'
import { sql } from 'kysely'
import { type OpenDatabase, openDatabase } from '../../platform/adapters/database-postgres.ts'
import { defer } from './defer.ts'
import { type Server, startServer, withDatabase } from './postgres-server.ts'

let server: Promise<Server> | undefined

after(async () => {
  await (await server)?.stop()
})

/** A fresh migrated database on the real server of this run, or of this test file alone; dropped after the test. */
export async function freshDatabase(t: TestContext): Promise<OpenDatabase & { readonly url: string }> {
  server ??= joinServer() ?? startServer()
  const { url: serverUrl, admin } = await server
  const name = `test_${randomBytes(6).toString('hex')}`
  await sql.raw(`CREATE DATABASE ${name} TEMPLATE migrated`).execute(admin.database)
  const url = withDatabase(serverUrl, name)
  const opened = openDatabase(url)
  defer(t, async () => {
    await opened.close()
    await sql.raw(`DROP DATABASE ${name} WITH (FORCE)`).execute(admin.database)
  })
  return { ...opened, url }
}

/** The server that `run.ts` started for all files. */
function joinServer(): Promise<Server> | undefined {
  const url = process.env.SENTINEL_TEST_POSTGRES
  if (url === undefined) return undefined
  const admin = openDatabase(url, { connections: 2 })
  return Promise.resolve({ url, admin, stop: () => admin.close() })
}
