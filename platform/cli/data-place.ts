import { startPostgres } from '../adapters/database-embedded/server.ts'
import type { OpenDatabase } from '../adapters/database-postgres.ts'
import { migrate } from '../adapters/migrations.ts'
import { type Environment, readEnvironment } from '../env.ts'
import { codeOf } from '../errors.ts'
import { adapters, openPlace } from '../hosts/adapters.ts'
import { Closing } from '../hosts/local/closing.ts'
import { type DataDirectory, takeDataDirectory } from '../hosts/local/data-directory.ts'
import { Settings } from '../hosts/local/settings.ts'
import { type Ask, openApi } from './api.ts'

const DatabaseSettings = Settings.pick({ databaseUrl: true })

interface Ways<T> {
  /** Through the API of the Sentinel that runs there. */
  readonly running: (ask: Ask) => Promise<T>
  /** On its own tables; events wait in the outbox for the next start. */
  readonly stopped: (opened: OpenDatabase, directory: string) => Promise<T>
}

/** Does something to a data directory, whether a Sentinel runs on it or not. */
export async function onDataDirectory<T>(dataDir: string, env: Environment, ways: Ways<T>): Promise<T> {
  const directory = await unlessRunning(dataDir)
  if (!directory) return ways.running(await openApi(dataDir))
  const closing = new Closing()
  closing.add('data directory', directory.release)
  try {
    return await ways.stopped(await openTables(directory.path, env, closing), directory.path)
  } finally {
    await closing.close((name, { message }) => process.stderr.write(`Closing ${name} failed: ${message}\n`))
  }
}

async function openTables(directory: string, env: Environment, closing: Closing): Promise<OpenDatabase> {
  const { databaseUrl } = readEnvironment(DatabaseSettings, env)
  const postgres = databaseUrl ? undefined : await startPostgres({ directory })
  if (postgres) closing.add('PostgreSQL', postgres.stop)
  const opened = await openPlace('databaseUrl', adapters, databaseUrl ?? postgres!.url)
  closing.add('database', opened.close)
  await migrate(opened.database)
  return opened
}

async function unlessRunning(dataDir: string): Promise<DataDirectory | undefined> {
  try {
    return await takeDataDirectory(dataDir)
  } catch (error) {
    if (codeOf(error) === 'DATA_DIRECTORY_IN_USE') return undefined
    throw error
  }
}
