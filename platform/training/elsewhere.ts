import { sql, type Updateable } from 'kysely'
import { SentinelError } from '../errors.ts'
import { completeEvent } from '../events/complete.ts'
import type { Draft } from '../events/event.ts'
import { TrainingFailed, TrainingStarted } from '../events/training.ts'
import { appendToOutbox } from '../outbox.ts'
import type { Clock } from '../ports/clock.ts'
import type { Database } from '../ports/database.ts'
import type { TrainingRunsTable } from '../ports/tables.ts'
import type { Said } from '../said.ts'
import { factIdOf } from './fact.ts'
import type { TrainingRun } from './request.ts'

interface Desk {
  readonly database: Database
  readonly clock: Clock
}

/** Of a run's row: nobody here teaches it. */
export const IS_ELSEWHERE = sql<boolean>`recipe->>'method' = 'full'`

/** The oldest training by `full` that a Job is to do; undefined when none waits. One whose Job died is among them. */
export function nextElsewhere(database: Database): Promise<TrainingRun | undefined> {
  return database
    .selectFrom('training_runs')
    .selectAll()
    .where('state', 'in', ['requested', 'running'])
    .where('taken_along', '=', false)
    .where(IS_ELSEWHERE)
    .orderBy('requested_at')
    .limit(1)
    .executeTakeFirst()
}

/**
 * Says that a machine has begun with a training; once, however often it begins anew.
 *
 * @param pictures that it learns from.
 * @throws SentinelError `CONFLICT` where the training has ended.
 */
export function beginElsewhere(desk: Desk, id: string, machine: string, pictures: number): Promise<TrainingRun> {
  return changed(desk, id, (run, at) => {
    if (run.state === 'running') return undefined
    const fact = TrainingStarted.of(id, { machine, pictures }, { id: factIdOf(run, 'started') })
    return { row: { state: 'running', started_at: at, failure: null, failure_told: null }, fact: fact as Draft }
  })
}

/** Ends a training that trying again cannot help. @throws SentinelError `CONFLICT` where it has ended. */
export function failElsewhere(desk: Desk, id: string, failure: Said): Promise<TrainingRun> {
  return changed(desk, id, (run, at) => {
    const told = { code: 'FAILED', message: failure.text, isCancelled: false }
    const fact = TrainingFailed.of(id, told, { id: factIdOf(run, 'failed') })
    return {
      row: { state: 'failed', failure: failure.text, failure_told: JSON.stringify(failure.told), finished_at: at },
      fact: fact as Draft,
    }
  })
}

interface Change {
  readonly row: Updateable<TrainingRunsTable>
  readonly fact: Draft
}

/** The row and what is told of it are written together. @param decide undefined where nothing is to change. */
function changed(
  { database, clock }: Desk,
  id: string,
  decide: (run: TrainingRun, at: Date) => Change | undefined,
): Promise<TrainingRun> {
  const at = new Date(clock.now())
  return database.transaction().execute(async (tx) => {
    const run = await tx.selectFrom('training_runs').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
    if (!run) throw new SentinelError('NOT_FOUND', `There is no training ${id} here.`)
    if (run.state !== 'requested' && run.state !== 'running')
      throw new SentinelError('CONFLICT', `This training was ${run.state}. Ask for it again.`)
    const change = decide(run, at)
    if (!change) return run
    const origin = { source: '/sentinel/training', id: factIdOf(run, 'elsewhere'), time: at.toISOString() }
    await appendToOutbox(tx, [completeEvent(change.fact, origin)])
    return tx.updateTable('training_runs').set(change.row).where('id', '=', id).returningAll().executeTakeFirstOrThrow()
  })
}
