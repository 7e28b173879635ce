import type { Selectable, Transaction } from 'kysely'
import type { ModelEvaluation } from '../../platform/events/model.ts'
import type { Database } from '../../platform/ports/database.ts'
import type { ModelEvaluationsTable, Tables } from '../../platform/ports/tables.ts'
import type { Said } from '../../platform/said.ts'

export type EvaluationRow = Selectable<ModelEvaluationsTable>

export function readEvaluation(database: Database, digest: string): Promise<EvaluationRow | undefined> {
  return database.selectFrom('model_evaluations').selectAll().where('digest', '=', digest).executeTakeFirst()
}

export interface Beginning {
  readonly digest: string
  readonly running: string
  readonly cause: string
  readonly total: number
  readonly at: Date
}

/** One that was interrupted begins anew; what it saw of live frames stays. */
export async function begin(database: Database, { digest, running, cause, total, at }: Beginning): Promise<void> {
  const fresh = { running, cause, state: 'comparing' as const, done: 0, total, started_at: at, finished_at: null }
  await database
    .insertInto('model_evaluations')
    .values({ digest, ...fresh })
    .onConflict((conflict) => conflict.column('digest').doUpdateSet({ ...fresh, cancel_by: null, shadowing_at: null }))
    .execute()
}

/** @returns who wants it to end, if anybody does. */
export async function advance(database: Database, digest: string, done: number): Promise<string | null> {
  const row = await database
    .updateTable('model_evaluations')
    .set({ done })
    .where('digest', '=', digest)
    .returning('cancel_by')
    .executeTakeFirst()
  return row?.cancel_by ?? null
}

/** From now on function `shadow` lets the candidate look at live frames. */
export async function beginShadow(database: Database, digest: string, at: Date): Promise<void> {
  await database
    .updateTable('model_evaluations')
    .set({ state: 'shadowing', shadowing_at: at })
    .where('digest', '=', digest)
    .execute()
}

export async function finish(database: Database, digest: string, facts: ModelEvaluation, at: Date): Promise<void> {
  const { verdict, reason, told, gates, comparisons, heldOut, reference, live } = facts
  await database
    .updateTable('model_evaluations')
    .set({
      state: verdict,
      reason,
      reason_told: told ? JSON.stringify(told) : null,
      held_out: heldOut,
      reference,
      live,
      finished_at: at,
    })
    .set({ gates: JSON.stringify(gates), comparisons: JSON.stringify(comparisons) })
    .where('digest', '=', digest)
    .execute()
}

/** What people say later changes only what depends on it. */
export async function rejudge(
  tx: Transaction<Tables>,
  digest: string,
  { verdict, reason, told, gates }: Pick<ModelEvaluation, 'verdict' | 'reason' | 'told' | 'gates'>,
): Promise<void> {
  await tx
    .updateTable('model_evaluations')
    .set({ state: verdict, reason, reason_told: told ? JSON.stringify(told) : null, gates: JSON.stringify(gates) })
    .where('digest', '=', digest)
    .execute()
}

export async function cancel(database: Database, digest: string, said: Said, at: Date): Promise<void> {
  await database
    .updateTable('model_evaluations')
    .set({ state: 'cancelled', reason: said.text, reason_told: JSON.stringify(said.told), finished_at: at })
    .where('digest', '=', digest)
    .execute()
}
