import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { startPostgres } from '../../platform/adapters/database-embedded/server.ts'
import { type OpenDatabase, openDatabase } from '../../platform/adapters/database-postgres.ts'
import { migrate } from '../../platform/adapters/migrations.ts'

export interface Server {
  readonly url: string
  readonly admin: OpenDatabase
  stop(): Promise<void>
}

/** A server of its own with an empty database `migrated` that others are made from. */
export async function startServer(): Promise<Server> {
  const directory = await mkdtemp(join(tmpdir(), 'sentinel-postgres-'))
  await chmod(directory, 0o755)
  const postgres = await startPostgres({ directory })
  const { url } = postgres
  const admin = openDatabase(url, { connections: 2 })
  await sql.raw('CREATE DATABASE migrated').execute(admin.database)
  const template = openDatabase(withDatabase(url, 'migrated'), { connections: 1 })
  await migrate(template.database)
  await template.close()
  const stop = async (): Promise<void> => {
    await admin.close()
    await postgres.stop()
    await rm(directory, { recursive: true, force: true })
  }
  return { url, admin, stop }
}

export function withDatabase(url: string, name: string): string {
  return Object.assign(new URL(url), { pathname: `/${name}` }).href
}
