import { type Selectable, sql } from 'kysely'
import type { TrainingMetrics, TrainingProgress } from '../../platform/events/training.ts'
import type { Database } from '../../platform/ports/database.ts'
import type { TrainingRunsTable } from '../../platform/ports/tables.ts'
import type { Said } from '../../platform/said.ts'

export type Run = Selectable<TrainingRunsTable>

export function readRun(database: Database, id: string): Promise<Run | undefined> {
  return database.selectFrom('training_runs').selectAll().where('id', '=', id).executeTakeFirst()
}

/** A run that was interrupted starts anew: it makes the same model. */
export async function begin(database: Database, id: string, at: Date): Promise<void> {
  await database
    .updateTable('training_runs')
    .set({ state: 'running', started_at: at, progress: null, curve: '[]', failure: null, failure_told: null })
    .where('id', '=', id)
    .execute()
}

/** @returns who wants it to end, if anybody does. */
export async function advance(database: Database, id: string, progress: TrainingProgress): Promise<string | null> {
  const text = JSON.stringify(progress)
  const { rows } = await sql<{ cancel_by: string | null }>`
    UPDATE training_runs SET progress = ${text}::jsonb,
      curve = CASE WHEN ${progress.stage} = 'fit' THEN curve || ${text}::jsonb ELSE curve END
    WHERE id = ${id} RETURNING cancel_by`.execute(database)
  return rows[0]?.cancel_by ?? null
}

/** Says what it waits for. @returns who wants it to end, if anybody does. */
export async function wait(database: Database, id: string, { text, told }: Said): Promise<string | null> {
  const row = await database
    .updateTable('training_runs')
    .set({ failure: text, failure_told: JSON.stringify(told) })
    .where('id', '=', id)
    .returning('cancel_by')
    .executeTakeFirst()
  return row?.cancel_by ?? null
}

export async function complete(database: Database, id: string, model: string, metrics: TrainingMetrics, at: Date) {
  await database
    .updateTable('training_runs')
    .set({
      state: 'completed',
      finished_at: at,
      model,
      metrics: JSON.stringify(metrics),
      failure: null,
      failure_told: null,
    })
    .where('id', '=', id)
    .execute()
}

export async function fail(database: Database, id: string, { text, told }: Said, isCancelled: boolean, at: Date) {
  const said = { failure: text, failure_told: JSON.stringify(told) }
  await database
    .updateTable('training_runs')
    .set({ state: isCancelled ? 'cancelled' : 'failed', finished_at: at, ...said })
    .where('id', '=', id)
    .execute()
}
