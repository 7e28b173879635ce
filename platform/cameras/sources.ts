import type { CameraSources } from '../ports/cameras.ts'
import type { Database } from '../ports/database.ts'
import type { Sealing } from './sealing.ts'

/** Camera sources from the registry's table. */
export function cameraSources(database: Database, sealing: Sealing): CameraSources {
  return {
    async sourceOf(cameraId) {
      const row = await database
        .selectFrom('cameras')
        .select(['source', 'sealed_source', 'loop'])
        .where('id', '=', cameraId)
        .executeTakeFirst()
      if (!row) return undefined
      const url = row.sealed_source ? sealing.open(row.sealed_source) : row.source.replace(/#loop$/, '')
      return { url, loop: row.loop }
    },
  }
}
