import type { Database } from './ports/database.ts'
import type { ObjectStore } from './ports/objects.ts'

/** Where the picture of a frame lies in `sentinel-clips` while it is kept to look back at. */
export function keptKey(camera: string, frameId: string): string {
  return `recent/${camera}/${frameId}.jpg`
}

/**
 * Drops pictures that were kept before `before`, ms since the epoch, oldest first. A picture goes before its row, so that a
 * crash in between leaves a row to drop again, and no picture that nobody knows of.
 *
 * @param most as many at most.
 * @returns how many went.
 */
export async function dropKept(
  { database, objects }: { readonly database: Database; readonly objects: ObjectStore },
  before: number,
  most: number,
): Promise<number> {
  const old = await database
    .selectFrom('kept_frames')
    .select(['camera_id', 'captured_at', 'frame_id'])
    .where('kept_at', '<', new Date(before))
    .orderBy('kept_at')
    .limit(most)
    .execute()
  for (const { camera_id, frame_id } of old) await objects.delete('sentinel-clips', keptKey(camera_id, frame_id))
  if (old.length > 0) {
    const ids = old.map(({ frame_id }) => frame_id)
    await database
      .deleteFrom('kept_frames')
      .where('kept_at', '<', new Date(before))
      .where('frame_id', 'in', ids)
      .execute()
  }
  return old.length
}
