import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { type Migration, type MigrationResult, Migrator } from 'kysely/migration'
import { messageOf, SentinelError } from '../errors.ts'
import { root } from '../paths.ts'
import type { Database } from '../ports/database.ts'

const FOLDER = join(root, 'migrations')

/** Brings the schema up to date; many replicas may do so at once. @returns the names of those that ran. */
export async function migrate(database: Database): Promise<string[]> {
  return named(await migrator(database).migrateToLatest())
}

/** Takes the newest migration back. */
export async function migrateDown(database: Database): Promise<string[]> {
  return named(await migrator(database).migrateDown())
}

function migrator(database: Database): Migrator {
  return new Migrator({ db: database, provider: { getMigrations } })
}

function named({ error, results }: { error?: unknown; results?: MigrationResult[] }): string[] {
  const failed = results?.find(({ status }) => status === 'Error')?.migrationName
  if (error) {
    throw new SentinelError('DATABASE_UNAVAILABLE', `Migration ${failed ?? ''} failed: ${messageOf(error)}`, {
      cause: error,
    })
  }
  return results?.map(({ migrationName }) => migrationName) ?? []
}

async function getMigrations(): Promise<Record<string, Migration>> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.sql')).sort()
  const texts = await Promise.all(names.map((name) => readFile(join(FOLDER, name), 'utf8')))
  return Object.fromEntries(names.map((name, i) => [name.replace(/\.sql$/, ''), parse(name, texts[i]!)]))
}

/** A file is `-- Up`, its statements, `-- Down`, and theirs. */
function parse(name: string, text: string): Migration {
  const parts = /^-- Up\n([\s\S]*)^-- Down\n([\s\S]*)$/m.exec(text)
  if (!parts) throw new Error(`${name} needs a section "-- Up" and a section "-- Down"`)
  const [, up, down] = parts
  return {
    up: async (database) => void (await sql.raw(up!).execute(database)),
    down: async (database) => void (await sql.raw(down!).execute(database)),
  }
}
