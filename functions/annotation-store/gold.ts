import type { Transaction } from 'kysely'
import { agreementOf } from '../../platform/annotations/agreement.ts'
import type { LabelledBox } from '../../platform/events/frame.ts'
import type { Tables } from '../../platform/ports/tables.ts'

/** Shares of 1. Nothing drawn where nothing is, is right. */
export function scoreOf(drawn: readonly LabelledBox[], truth: readonly LabelledBox[]) {
  const { matched, overlap } = agreementOf(drawn, truth)
  const share = (all: number): number => (all === 0 ? 1 : matched / all)
  return { precision: share(drawn.length), recall: share(truth.length), overlap }
}

interface Judged {
  readonly verdictId: string
  readonly itemId: string
  readonly by: string
  readonly boxes: readonly LabelledBox[]
  readonly at: Date
}

/** Scores the annotator where the item's boxes are known. @returns whether it is such an item. */
export async function scoreGold(tx: Transaction<Tables>, { verdictId, itemId, by, boxes, at }: Judged) {
  const gold = await tx.selectFrom('gold_items').select('boxes').where('item_id', '=', itemId).executeTakeFirst()
  if (!gold) return false
  const row = { verdict_id: verdictId, item_id: itemId, annotator: by, scored_at: at, ...scoreOf(boxes, gold.boxes) }
  await tx
    .insertInto('gold_scores')
    .values(row)
    .onConflict((conflict) => conflict.column('verdict_id').doNothing())
    .execute()
  return true
}
