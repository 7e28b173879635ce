import type { Database } from '../ports/database.ts'
import type { ObjectStore } from '../ports/objects.ts'

/** Forgets live frames that a candidate looked at before a moment, with their pictures. @param before milliseconds since the epoch. */
export async function dropOldShadows(
  { database, objects }: { readonly database: Database; readonly objects: ObjectStore },
  before: number,
): Promise<void> {
  const rows = await database
    .deleteFrom('shadow_frames')
    .where('captured_at', '<', new Date(before))
    .returning('image')
    .execute()
  for (const { image } of rows) if (image !== null) await objects.delete('sentinel-clips', image)
}
