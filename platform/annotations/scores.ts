import { sql } from 'kysely'
import type { Database } from '../ports/database.ts'

/** How one person's work stands against what is known to be true. */
export interface AnnotatorScore {
  readonly annotator: string
  /** Frames certified that stand. */
  readonly annotations: number
  /** Of those where several people judged: how often this one's boxes are those that count. */
  readonly shared: number
  readonly agreed: number
  /** Items whose boxes were known, unseen by the annotator. */
  readonly gold: number
  /** Means over those, shares of 1; null without any. */
  readonly precision: number | null
  readonly recall: number | null
  readonly overlap: number | null
}

/** Everybody who has judged, the busiest first. */
export async function annotatorScores(database: Database): Promise<AnnotatorScore[]> {
  const { rows } = await sql<AnnotatorScore>`
    WITH judged AS (
      SELECT annotator, item_id, stands, agreed_by, count(*) OVER (PARTITION BY item_id) > 1 AS is_shared
      FROM annotations WHERE withdrawn_at IS NULL
    ), settled AS (
      SELECT item_id, agreed_by FROM annotations WHERE stands
    ), work AS (
      SELECT judged.annotator, count(*)::int AS annotations, (count(*) FILTER (WHERE is_shared))::int AS shared,
        (count(*) FILTER (WHERE is_shared AND judged.annotator = ANY(settled.agreed_by)))::int AS agreed
      FROM judged LEFT JOIN settled USING (item_id) GROUP BY judged.annotator
    ), gold AS (
      SELECT annotator, count(*)::int AS gold, avg(precision) AS precision, avg(recall) AS recall, avg(overlap) AS overlap
      FROM gold_scores GROUP BY annotator
    )
    SELECT coalesce(work.annotator, gold.annotator) AS annotator, coalesce(annotations, 0) AS annotations,
      coalesce(shared, 0) AS shared, coalesce(agreed, 0) AS agreed, coalesce(gold, 0) AS gold, precision, recall, overlap
    FROM work FULL JOIN gold USING (annotator) ORDER BY annotations DESC, 1`.execute(database)
  return rows
}
