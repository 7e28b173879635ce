import type { Selectable, Transaction } from 'kysely'
import { z } from 'zod'
import { LabelledBox } from '../events/frame.ts'
import type { Clock } from '../ports/clock.ts'
import type { Database } from '../ports/database.ts'
import type { GoldItemsTable, Tables } from '../ports/tables.ts'
import { invalidInput, refusal } from '../refusal.ts'

export type GoldItem = Selectable<GoldItemsTable>

interface Desk {
  readonly database: Database
  readonly clock: Clock
}

interface Wish {
  readonly itemId: string
  /** All that is in the frame; what is taken for true of it now without them. */
  readonly boxes?: readonly LabelledBox[] | undefined
  readonly by: string
}

/**
 * Hides an item among the others as one whose boxes are known: who judges it is scored by them, and nothing is learnt from that.
 *
 * @throws SentinelError `NOT_FOUND`, `CONFLICT` where nobody knows its boxes, `INPUT_INVALID` for the boxes.
 */
export async function addGold({ database, clock }: Desk, { itemId, boxes, by }: Wish): Promise<GoldItem> {
  return database.transaction().execute(async (tx) => {
    const item = await tx.selectFrom('triage_items').select('id').where('id', '=', itemId).executeTakeFirst()
    if (!item) throw refusal('itemGone', { id: itemId })
    const known = boxes ? checked(boxes) : await standingBoxes(tx, itemId)
    const row = { boxes: JSON.stringify(known), added_by: by, added_at: new Date(clock.now()) }
    return tx
      .insertInto('gold_items')
      .values({ item_id: itemId, ...row })
      .onConflict((conflict) => conflict.column('item_id').doUpdateSet(row))
      .returningAll()
      .executeTakeFirstOrThrow()
  })
}

/** Makes it an item like any other; the scores that it gave go with it. @throws SentinelError `NOT_FOUND` */
export async function removeGold(database: Database, itemId: string): Promise<GoldItem> {
  const row = await database.deleteFrom('gold_items').where('item_id', '=', itemId).returningAll().executeTakeFirst()
  if (row) return row
  throw refusal('goldUnknown', { id: itemId })
}

/** The newest first. */
export function listGold(database: Database): Promise<GoldItem[]> {
  return database.selectFrom('gold_items').selectAll().orderBy('added_at', 'desc').orderBy('item_id').execute()
}

function checked(boxes: readonly LabelledBox[]): LabelledBox[] {
  const { data, error } = z.array(LabelledBox).safeParse(boxes)
  if (error) throw invalidInput(error, 'The boxes cannot be taken: ')
  return data
}

async function standingBoxes(tx: Transaction<Tables>, itemId: string): Promise<readonly LabelledBox[]> {
  const row = await tx
    .selectFrom('annotations')
    .select('boxes')
    .where('item_id', '=', itemId)
    .where('stands', '=', true)
    .executeTakeFirst()
  if (row) return row.boxes
  throw refusal('goldNotCertified', { id: itemId })
}
