import { sql } from 'kysely'
import type { Database } from '../ports/database.ts'

/** What one model was made of. */
export interface Ancestor {
  readonly digest: string
  readonly name: string | null
  /** All of what follows is null for a model that somebody brought. */
  readonly parent: string | null
  readonly dataset: string | null
  readonly run: string | null
  readonly verdicts: readonly string[]
}

/** A person's word that a model learnt from. */
export interface Teaching {
  readonly verdictId: string
  readonly itemId: string
  readonly cameraId: string
  readonly annotator: string
  /** Everyone who agreed. */
  readonly agreedBy: readonly string[]
  readonly recordedAt: Date
  /** Null while it was not taken back: models that learnt from it before carry it on. */
  readonly withdrawnAt: Date | null
  readonly boxes: number
}

/** No chain of trainings is longer; a damaged table must not be followed for ever. */
const MOST_GENERATIONS = 1000

/** A model and what it comes from, the youngest first. Empty for one that is not known. */
export async function ancestryOf(database: Database, digest: string): Promise<Ancestor[]> {
  const { rows } = await sql<Ancestor>`
    WITH RECURSIVE line AS (
      SELECT ${digest}::text AS digest, 0 AS generation
      UNION ALL
      SELECT l.parent, line.generation + 1 FROM line JOIN model_lineage l ON l.digest = line.digest
      WHERE line.generation < ${MOST_GENERATIONS}
    )
    SELECT line.digest, m.name, l.parent, l.dataset, l.run, coalesce(r.verdicts, '{}') AS verdicts
    FROM line
    LEFT JOIN models m ON m.digest = line.digest
    LEFT JOIN model_lineage l ON l.digest = line.digest
    LEFT JOIN training_runs r ON r.id = l.run
    WHERE m.digest IS NOT NULL OR l.digest IS NOT NULL
    ORDER BY line.generation`.execute(database)
  return rows
}

/** Who said what a model learnt from, in order of time. */
export async function teachingsOf(database: Database, verdicts: readonly string[]): Promise<Teaching[]> {
  if (verdicts.length === 0) return []
  const rows = await database
    .selectFrom('annotations')
    .selectAll()
    .where('verdict_id', 'in', [...verdicts])
    .orderBy('recorded_at')
    .orderBy('verdict_id')
    .execute()
  return rows.map((row) => ({
    ...{ verdictId: row.verdict_id, itemId: row.item_id, cameraId: row.camera_id, annotator: row.annotator },
    ...{ agreedBy: row.agreed_by, recordedAt: row.recorded_at, withdrawnAt: row.withdrawn_at, boxes: row.boxes.length },
  }))
}

/** Models that learnt from a verdict, themselves or through one that they come from, the oldest first. */
export async function taughtBy(database: Database, verdictId: string): Promise<string[]> {
  const { rows } = await sql<{ digest: string }>`
    WITH RECURSIVE taught AS (
      SELECT l.digest FROM model_lineage l JOIN training_runs r ON r.id = l.run WHERE ${verdictId} = ANY (r.verdicts)
      UNION
      SELECT l.digest FROM model_lineage l JOIN taught ON l.parent = taught.digest
    )
    SELECT digest FROM taught JOIN model_lineage USING (digest) ORDER BY made_at, digest`.execute(database)
  return rows.map(({ digest }) => digest)
}
