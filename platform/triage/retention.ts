import { codeOf } from '../errors.ts'
import type { Database } from '../ports/database.ts'
import type { ObjectStore } from '../ports/objects.ts'

const AT_ONCE = 500
/** Where the router keeps the pictures of its items; nothing else is ever removed. */
const PICTURES = 'triage/'

export interface DropPorts {
  readonly database: Database
  readonly objects: ObjectStore
}

/**
 * Drops the items to which nothing has happened since `before`: neither were they requested nor judged later. Their pictures go
 * first, so that a crash in between leaves items to drop again, and no picture that nobody knows of. Gold items stay.
 *
 * @param before milliseconds since the epoch.
 * @returns how many items went.
 */
export async function dropOldItems({ database, objects }: DropPorts, before: number): Promise<number> {
  for (let dropped = 0; ; ) {
    const items = await oldItems(database, new Date(before))
    if (items.length === 0) return dropped
    for (const { image } of items) await removePicture(objects, image)
    const ids = items.map(({ id }) => id)
    await database.deleteFrom('triage_items').where('id', 'in', ids).execute()
    dropped += items.length
  }
}

function oldItems(database: Database, before: Date) {
  return database
    .selectFrom('triage_items as item')
    .select(['item.id', 'item.image'])
    .where('requested_at', '<', before)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('verdicts')
            .select('verdicts.id')
            .whereRef('verdicts.item_id', '=', 'item.id')
            .where('recorded_at', '>=', before),
        ),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('gold_items').select('gold_items.item_id').whereRef('gold_items.item_id', '=', 'item.id'))),
    )
    .orderBy('requested_at')
    .limit(AT_ONCE)
    .execute()
}

async function removePicture(objects: ObjectStore, image: string): Promise<void> {
  if (!image.startsWith(PICTURES)) return
  try {
    await objects.delete('sentinel-clips', image)
  } catch (error) {
    // No key of an object: there is none to remove.
    if (codeOf(error) !== 'NOT_FOUND') throw error
  }
}
