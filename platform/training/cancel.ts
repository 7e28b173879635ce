import { sql } from 'kysely'
import type { Database } from '../ports/database.ts'
import { refusal } from '../refusal.ts'
import { say } from '../said.ts'
import { IS_ELSEWHERE } from './elsewhere.ts'
import type { TrainingRun } from './request.ts'

/**
 * Asks a training that waits or runs to end; it does so at its next step. One for elsewhere is over at once, and whoever works on it sees that.
 *
 * @throws SentinelError `NOT_FOUND`, `CONFLICT` when it has ended already.
 */
export async function cancelTraining(database: Database, id: string, by: string): Promise<TrainingRun> {
  const { text, told } = say('cancelled', { by })
  const run = await database
    .updateTable('training_runs')
    .set({
      cancel_by: by,
      state: sql`CASE WHEN ${IS_ELSEWHERE} THEN 'cancelled' ELSE state END`,
      finished_at: sql`CASE WHEN ${IS_ELSEWHERE} THEN now() ELSE finished_at END`,
      failure: sql`CASE WHEN ${IS_ELSEWHERE} THEN ${text} ELSE failure END`,
      failure_told: sql`CASE WHEN ${IS_ELSEWHERE} THEN ${JSON.stringify(told)}::jsonb ELSE failure_told END`,
    })
    .where('id', '=', id)
    .where('state', 'in', ['requested', 'running'])
    .returningAll()
    .executeTakeFirst()
  if (run) return run
  const ended = await database.selectFrom('training_runs').select('state').where('id', '=', id).executeTakeFirst()
  if (!ended) throw refusal('trainingGone', { id })
  throw refusal('trainingEnded', { status: ended.state })
}
