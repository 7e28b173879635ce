import type { Selectable, Transaction } from 'kysely'
import type { AnnotationsTable, Tables } from '../../platform/ports/tables.ts'
import { standingOf } from './opinions.ts'

export type AnnotationRow = Selectable<AnnotationsTable>

/** Everything ever said of an item, oldest first; its row is held until the transaction ends. */
export async function historyOf(tx: Transaction<Tables>, itemId: string): Promise<AnnotationRow[]> {
  return tx
    .selectFrom('annotations')
    .selectAll()
    .where('item_id', '=', itemId)
    .orderBy('recorded_at')
    .orderBy('verdict_id')
    .forUpdate()
    .execute()
}

/**
 * What was said and not taken back at a moment. As of an event's own time an earlier event that comes again is answered as it
 * was, whatever has come since.
 */
export function heldAt(history: readonly AnnotationRow[], at: Date): AnnotationRow[] {
  return history.filter(
    ({ recorded_at, withdrawn_at }) => recorded_at <= at && (withdrawn_at === null || withdrawn_at > at),
  )
}

export const opinionOf = ({ verdict_id, annotator, boxes }: AnnotationRow) => ({
  verdictId: verdict_id,
  annotator,
  boxes,
})

/** Writes down which of an item's annotations stands by all that is known. */
export async function markStanding(tx: Transaction<Tables>, itemId: string): Promise<void> {
  const held = (await historyOf(tx, itemId)).filter(({ withdrawn_at }) => withdrawn_at === null)
  const standing = standingOf(held.map(opinionOf))
  await tx
    .updateTable('annotations')
    .set({ stands: false, rule: null, agreed_by: [] })
    .where('item_id', '=', itemId)
    .execute()
  if (!standing) return
  await tx
    .updateTable('annotations')
    .set({ stands: true, rule: standing.rule, agreed_by: [...standing.by] })
    .where('verdict_id', '=', standing.verdictId)
    .execute()
}
