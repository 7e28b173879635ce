import type { OpenDatabase } from '../../adapters/database-postgres.ts'
import { systemClock } from '../../adapters/system-clock.ts'
import { addCamera, type CameraDesk, type CameraRow, removeCamera } from '../../cameras/commands.ts'
import { importCameras } from '../../cameras/import.ts'
import { type Environment, readEnvironment } from '../../env.ts'
import { openSealing } from '../../hosts/local/secrets.ts'
import { Settings } from '../../hosts/local/settings.ts'
import type { CameraRegistry, ListedCamera } from './registry.ts'

const SealingSettings = Settings.pick({ secretKey: true })

/** In the registry's own tables. */
export async function directRegistry(
  { database }: OpenDatabase,
  directory: string,
  env: Environment,
): Promise<CameraRegistry> {
  const { secretKey } = readEnvironment(SealingSettings, env)
  const sealing = await openSealing(directory, secretKey)
  // What the API refuses while Sentinel runs is refused here too.
  return registryOf({ database, clock: systemClock, sealing, rules: { files: false, baseDirectory: directory } })
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
