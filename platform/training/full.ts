import { sql } from 'kysely'
import { readDataset } from '../datasets/store.ts'
import { SentinelError } from '../errors.ts'
import { completeEvent } from '../events/complete.ts'
import { TrainingCompleted, type TrainingMetrics } from '../events/training.ts'
import { registerModel } from '../models/register.ts'
import { storedCard } from '../models/store.ts'
import { appendToOutbox } from '../outbox.ts'
import type { ObjectStore } from '../ports/objects.ts'
import { factIdOf } from './fact.ts'
import type { TrainingDesk, TrainingRun } from './request.ts'

/** What came of a training that ran elsewhere. */
export interface FinishedTraining {
  /** Of the run. */
  readonly id: string
  /** Digest of the stored model. */
  readonly model: string
  /** Pictures, each as often as it was seen. */
  readonly seen: number
  /** At the beginning and at the end, by the recipe's own measure. */
  readonly lossBefore: number
  readonly lossAfter: number
  readonly seconds: number
  readonly machine: string
}

/**
 * Makes a model known that was taught elsewhere, with what it was made of, and closes its run; doing it again changes nothing.
 *
 * @throws SentinelError `NOT_FOUND`, `CONFLICT` where this run cannot have come to that.
 */
export async function finishTraining(desk: TrainingDesk, finished: FinishedTraining): Promise<TrainingRun> {
  const { database, objects } = desk
  const run = await database.selectFrom('training_runs').selectAll().where('id', '=', finished.id).executeTakeFirst()
  if (!run) throw new SentinelError('NOT_FOUND', `There is no training ${finished.id} here.`)
  checkMayFinish(run, finished)
  const card = await storedCard(objects, finished.model)
  const metrics = await metricsOf(objects, run, finished)
  const { dataset, recipe } = run
  const { seconds, machine } = finished
  const lineage = { run: run.id, dataset, recipe, metrics, seconds, machine }
  await registerModel(desk, { ...card, digest: finished.model }, lineage)
  return complete(desk, run, finished, metrics)
}

function checkMayFinish({ state, recipe, parent, model }: TrainingRun, finished: FinishedTraining): void {
  if (recipe.method !== 'full')
    throw new SentinelError('CONFLICT', 'This training runs here; its model is registered by itself.')
  if (finished.model === parent)
    throw new SentinelError('CONFLICT', 'This is the model that the training began with. Hand in what came of it.')
  if (state === 'cancelled' || state === 'failed')
    throw new SentinelError('CONFLICT', `This training was ${state}. Ask for it again, then hand it in.`)
  if (state === 'completed' && model !== finished.model)
    throw new SentinelError('CONFLICT', `This training has been handed in already, as model ${model}.`)
}

async function metricsOf(objects: ObjectStore, { dataset }: TrainingRun, finished: FinishedTraining) {
  const { entries, classes } = await readDataset(objects, dataset)
  const taught = entries.filter(({ split, boxes }) => split === 'train' && boxes !== null)
  const metrics: TrainingMetrics = {
    pictures: taught.length,
    boxes: taught.flatMap(({ boxes }) => boxes!).filter((box) => classes.includes(box.class)).length,
    rehearsed: 0,
    lossBefore: finished.lossBefore,
    lossAfter: finished.lossAfter,
    valLossBefore: null,
    valLossAfter: null,
    steps: finished.seen,
  }
  return metrics
}

/** The row and its event are written together, once. */
function complete(
  { database, clock }: TrainingDesk,
  run: TrainingRun,
  { model, seconds }: FinishedTraining,
  metrics: TrainingMetrics,
): Promise<TrainingRun> {
  const at = new Date(clock.now())
  return database.transaction().execute(async (tx) => {
    const closed = await tx
      .updateTable('training_runs')
      .set({
        ...{ state: 'completed', model, metrics: JSON.stringify(metrics), finished_at: at },
        started_at: sql<Date>`coalesce(started_at, ${at}::timestamptz - make_interval(secs => ${seconds}))`,
      })
      .where('id', '=', run.id)
      .where('state', '<>', 'completed')
      .returningAll()
      .executeTakeFirst()
    if (!closed) return tx.selectFrom('training_runs').selectAll().where('id', '=', run.id).executeTakeFirstOrThrow()
    const told = TrainingCompleted.of(run.id, { model, metrics, seconds })
    const origin = { source: '/sentinel/training', id: factIdOf(run, 'completed'), time: at.toISOString() }
    await appendToOutbox(tx, [completeEvent(told, origin)])
    return closed
  })
}
