import { startPostgres } from '../../adapters/database-embedded/server.ts'
import { migrate } from '../../adapters/migrations.ts'
import { systemClock } from '../../adapters/system-clock.ts'
import { addCamera, type CameraDesk, type CameraRow, removeCamera } from '../../cameras/commands.ts'
import { importCameras } from '../../cameras/import.ts'
import { type Environment, readEnvironment } from '../../env.ts'
import { adapters, openPlace } from '../../hosts/adapters.ts'
import { Closing } from '../../hosts/local/closing.ts'
import { openSealing } from '../../hosts/local/secrets.ts'
import { Settings } from '../../hosts/local/settings.ts'
import type { CameraRegistry, ListedCamera } from './registry.ts'

const DirectSettings = Settings.pick({ databaseUrl: true, secretKey: true })

/** The registry's own tables; its events wait in the outbox for the next start. */
export async function openDirectly(
  directory: string,
  env: Environment,
): Promise<{ registry: CameraRegistry; close: () => Promise<void> }> {
  const { databaseUrl, secretKey } = readEnvironment(DirectSettings, env)
  const closing = new Closing()
  const close = (): Promise<void> =>
    closing.close((name, { message }) => process.stderr.write(`Closing ${name} failed: ${message}\n`))
  try {
    const postgres = databaseUrl ? undefined : await startPostgres({ directory })
    if (postgres) closing.add('PostgreSQL', postgres.stop)
    const opened = await openPlace('databaseUrl', adapters, databaseUrl ?? postgres!.url)
    closing.add('database', opened.close)
    await migrate(opened.database)
    const sealing = await openSealing(directory, secretKey)
    // What the API refuses while Sentinel runs is refused here too.
    const rules = { files: false, baseDirectory: directory }
    return { registry: registryOf({ database: opened.database, clock: systemClock, sealing, rules }), close }
  } catch (error) {
    await close()
    throw error
  }
}

function registryOf(desk: CameraDesk): CameraRegistry {
  return {
    list: async () => {
      const rows = await desk.database.selectFrom('cameras').selectAll().orderBy('name').orderBy('id').execute()
      return rows.map(listed)
    },
    add: async (input) => listed(await addCamera(desk, input)),
    remove: async (id) => listed(await removeCamera(desk, id)),
    import: (catalogue, enabled) => importCameras(desk, catalogue, { enabled }),
  }
}

function listed({ id, name, source, enabled, state, latitude, longitude }: CameraRow): ListedCamera {
  return { id, name, source, enabled, state, latitude, longitude }
}
