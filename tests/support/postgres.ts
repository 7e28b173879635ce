import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, type TestContext } from 'node:test'
import { sql } from 'kysely'
import { type EmbeddedPostgres, startPostgres } from '../../platform/adapters/database-embedded/server.ts'
import { type OpenDatabase, openDatabase } from '../../platform/adapters/database-postgres.ts'
import { migrate } from '../../platform/adapters/migrations.ts'
import { defer } from './defer.ts'

interface Server {
  readonly directory: string
  readonly postgres: EmbeddedPostgres
  readonly admin: OpenDatabase
}

let server: Promise<Server> | undefined

after(async () => {
  if (!server) return
  const { directory, postgres, admin } = await server
  await admin.close()
  await postgres.stop()
  await rm(directory, { recursive: true, force: true })
})

/** A fresh migrated database on the one real server of this test file, dropped after the test. */
export async function freshDatabase(t: TestContext): Promise<OpenDatabase & { readonly url: string }> {
  server ??= startServer()
  const { postgres, admin } = await server
  const name = `test_${randomBytes(6).toString('hex')}`
  await sql.raw(`CREATE DATABASE ${name} TEMPLATE migrated`).execute(admin.database)
  const url = withDatabase(postgres.url, name)
  const opened = openDatabase(url)
  defer(t, async () => {
    await opened.close()
    await sql.raw(`DROP DATABASE ${name} WITH (FORCE)`).execute(admin.database)
  })
  return { ...opened, url }
}

async function startServer(): Promise<Server> {
  const directory = await mkdtemp(join(tmpdir(), 'sentinel-postgres-'))
  await chmod(directory, 0o755)
  const postgres = await startPostgres({ directory })
  const admin = openDatabase(postgres.url, { connections: 2 })
  await sql.raw('CREATE DATABASE migrated').execute(admin.database)
  const template = openDatabase(withDatabase(postgres.url, 'migrated'), { connections: 1 })
  await migrate(template.database)
  await template.close()
  return { directory, postgres, admin }
}

function withDatabase(url: string, name: string): string {
  return Object.assign(new URL(url), { pathname: `/${name}` }).href
}
