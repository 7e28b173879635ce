import { openDatabase } from '../adapters/database-postgres.ts'
import { migrate, migrateDown } from '../adapters/migrations.ts'
import type { Environment } from '../env.ts'
import { SentinelError } from '../errors.ts'

export async function migrateDatabase({ DATABASE_URL }: Environment, isDown: boolean): Promise<void> {
  if (!DATABASE_URL) {
    throw new SentinelError(
      'CONFIGURATION_INVALID',
      'Set DATABASE_URL=postgres://…; the embedded database is migrated by npm start',
    )
  }
  const { database, close } = openDatabase(DATABASE_URL, { connections: 1 })
  try {
    const names = await (isDown ? migrateDown(database) : migrate(database))
    for (const name of names) process.stdout.write(`${isDown ? 'down' : 'up'} ${name}\n`)
    process.stderr.write(`${names.length} migrations ran.\n`)
  } finally {
    await close()
  }
}
