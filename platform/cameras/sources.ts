import type { CameraSources } from '../ports/cameras.ts'
import type { Database } from '../ports/database.ts'
import type { MediaServer } from '../ports/media.ts'
import type { Sealing } from './sealing.ts'

/** Camera sources from the registry's table; where a media server takes the stream, it is read from there. */
export function cameraSources(database: Database, sealing: Sealing, media?: MediaServer): CameraSources {
  return {
    async sourceOf(cameraId) {
      const row = await database
        .selectFrom('cameras')
        .select(['source', 'sealed_source', 'loop'])
        .where('id', '=', cameraId)
        .executeTakeFirst()
      if (!row) return undefined
      const url = wholeSource(row, sealing)
      return media?.takes(url) ? { url: media.streamOf(cameraId), loop: false } : { url, loop: row.loop }
    },
  }
}

/** With its credentials. */
export function wholeSource(
  row: { readonly source: string; readonly sealed_source: Buffer | null },
  sealing: Sealing,
): string {
  return row.sealed_source ? sealing.open(row.sealed_source) : row.source.replace(/#loop$/, '')
}
