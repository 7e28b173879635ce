import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../ports/database.ts'

/** Who asks for items. */
export interface Asker {
  readonly by: string
  /** Also what others have judged already, as long as it is not settled between them. */
  readonly secondOpinions: boolean
}

/** One item in so many, of those that a person judges, is a hidden one whose boxes are known. */
const GOLD_EVERY = 20

const IS_GOLD = sql<boolean>`EXISTS (SELECT FROM gold_items AS gold WHERE gold.item_id = item.id)`

/** Whether this person has judged the `item`, whatever the verdict. */
const hasJudged = (by: string): RawBuilder<boolean> => sql<boolean>`EXISTS (
  SELECT FROM verdicts AS own WHERE own.item_id = item.id AND own.recorded_by = ${by} AND own.withdrawn_at IS NULL)`

const IS_SETTLED = sql<boolean>`EXISTS (
  SELECT FROM annotations AS said WHERE said.item_id = item.id AND said.rule IN ('consensus', 'adjudication'))`

const isForSecondOpinion = (by: string): RawBuilder<boolean> =>
  sql<boolean>`(item.status IN ('confirmed', 'corrected') AND NOT ${hasJudged(by)} AND NOT ${IS_SETTLED})`

/** Condition on `triage_items AS item`: what an ordinary turn may bring this person. */
export function isOrdinaryFor({ by, secondOpinions }: Asker): RawBuilder<boolean> {
  const second = secondOpinions ? isForSecondOpinion(by) : sql<boolean>`false`
  return sql<boolean>`(NOT ${IS_GOLD} AND (item.status = 'open' OR ${second}))`
}

/** Condition on `triage_items AS item`: a hidden item that this person has not judged. */
export function isGoldFor({ by }: Asker): RawBuilder<boolean> {
  return sql<boolean>`(${IS_GOLD} AND NOT ${hasJudged(by)})`
}

/** Condition on `triage_items AS item`: what may lie on this person's desk. */
export function mayHold(asker: Asker): RawBuilder<boolean> {
  return sql<boolean>`(${isOrdinaryFor(asker)} OR ${isGoldFor(asker)})`
}

/** Whether it is time for a hidden item, by what this person has judged and how many of those were hidden ones. */
export async function isGoldDue(database: Database, by: string): Promise<boolean> {
  const { rows } = await sql<{ judged: number; gold: number }>`
    SELECT count(*)::int AS judged, count(gold.item_id)::int AS gold
    FROM verdicts LEFT JOIN gold_items AS gold ON gold.item_id = verdicts.item_id
    WHERE recorded_by = ${by} AND withdrawn_at IS NULL`.execute(database)
  const [{ judged, gold }] = rows as [{ judged: number; gold: number }]
  return judged >= GOLD_EVERY * (gold + 1) - 1
}
