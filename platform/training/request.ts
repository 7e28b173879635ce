import { type Selectable, sql, type Transaction } from 'kysely'
import { buildDataset } from '../datasets/build.ts'
import { baseDataset, storeDataset } from '../datasets/store.ts'
import { SentinelError } from '../errors.ts'
import { completeEvent } from '../events/complete.ts'
import { TrainingRequested } from '../events/training.ts'
import { appendToOutbox } from '../outbox.ts'
import type { Clock } from '../ports/clock.ts'
import type { Database } from '../ports/database.ts'
import type { ObjectStore } from '../ports/objects.ts'
import type { AnnotationsTable, Tables, TrainingRunsTable } from '../ports/tables.ts'
import { recipeOf, runIdOf } from './recipe.ts'
import { reasonToTrain, type Situation, type TrainingRules } from './threshold.ts'

export interface TrainingDesk {
  readonly database: Database
  readonly objects: ObjectStore
  readonly clock: Clock
}

type Annotation = Selectable<AnnotationsTable>
export type TrainingRun = Selectable<TrainingRunsTable>

const DAY_MS = 86_400_000
/** One at a time decides, whoever asks. Not the lock of who leads the trainings: that one is held all the time. */
const LOCK = sql`SELECT pg_advisory_xact_lock(hashtext('sentinel:training-request'))`

/**
 * Requests a training when the rules say so. The run and its event are written in one transaction, and asking again finds the
 * run: however often this is called or interrupted, a crossed threshold makes one run.
 *
 * @returns the run that was requested.
 */
export async function considerTraining(desk: TrainingDesk, rules: TrainingRules): Promise<TrainingRun | undefined> {
  return desk.database.transaction().execute(async (tx) => {
    await LOCK.execute(tx)
    const annotations = await standing(tx)
    const reason = reasonToTrain(await situationOf(tx, annotations, desk.clock.now()), rules)
    return reason === undefined ? undefined : request(tx, desk, annotations, reason, 'train-trigger')
  })
}

/** Requests a training by hand. @throws SentinelError `CONFLICT` when there is nothing new or one runs already. */
export async function requestTraining(desk: TrainingDesk, by: string): Promise<TrainingRun> {
  return desk.database.transaction().execute(async (tx) => {
    await LOCK.execute(tx)
    const annotations = await standing(tx)
    if (annotations.length === 0)
      throw new SentinelError('CONFLICT', 'There is nothing to learn from yet. Confirm or correct frames first.')
    const { isBusy } = await situationOf(tx, annotations, desk.clock.now())
    if (isBusy) throw new SentinelError('CONFLICT', 'A training waits or runs already. Wait for it, or cancel it.')
    const run = await request(tx, desk, annotations, 'asked for', by)
    if (run) return run
    const message = 'On this data the model was trained already. Confirm or correct more frames first.'
    throw new SentinelError('CONFLICT', message)
  })
}

function standing(tx: Transaction<Tables>): Promise<Annotation[]> {
  return tx.selectFrom('annotations').selectAll().where('stands', '=', true).orderBy('verdict_id').execute()
}

async function situationOf(tx: Transaction<Tables>, annotations: Annotation[], now: number): Promise<Situation> {
  const runs = await tx
    .selectFrom('training_runs')
    .select(['verdicts', 'state', 'requested_at'])
    .orderBy('requested_at', 'desc')
    .limit(100)
    .execute()
  return {
    annotations: annotations.map(({ verdict_id, light, boxes, recorded_at }) => ({
      verdictId: verdict_id,
      light,
      classes: boxes.map((box) => box.class),
      recordedAt: recorded_at.getTime(),
    })),
    known: new Set(runs.flatMap(({ verdicts }) => verdicts)),
    isBusy: runs.some(({ state }) => state === 'requested' || state === 'running'),
    runsToday: runs.filter(({ requested_at }) => now - requested_at.getTime() < DAY_MS).length,
    now,
  }
}

/** Undefined where this run was there already. */
async function request(
  tx: Transaction<Tables>,
  { objects, clock }: TrainingDesk,
  annotations: Annotation[],
  reason: string,
  by: string,
): Promise<TrainingRun | undefined> {
  const at = new Date(clock.now())
  const parent = newestModel(annotations)
  const dataset = await storeDataset(objects, await datasetOf(tx, objects, parent, annotations))
  const recipe = recipeOf(parent, annotations.length)
  const run = await tx
    .insertInto('training_runs')
    .values({
      id: runIdOf(dataset, recipe),
      dataset,
      parent,
      recipe: JSON.stringify(recipe),
      verdicts: annotations.map(({ verdict_id }) => verdict_id),
      reason,
      requested_by: by,
      requested_at: at,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returningAll()
    .executeTakeFirst()
  if (!run) return undefined
  const requested = TrainingRequested.of(run.id, { dataset, recipe, reason, by })
  const origin = { source: '/sentinel/training', id: `${run.id}-requested`, time: at.toISOString() }
  await appendToOutbox(tx, [completeEvent(requested, origin)])
  return run
}

/** What people were last shown is what they corrected. */
function newestModel(annotations: readonly Annotation[]): string {
  return annotations.toSorted((a, b) => b.recorded_at.getTime() - a.recorded_at.getTime())[0]!.model_digest
}

async function datasetOf(tx: Transaction<Tables>, objects: ObjectStore, parent: string, annotations: Annotation[]) {
  const model = await tx.selectFrom('models').select('classes').where('digest', '=', parent).executeTakeFirst()
  const seen = annotations.flatMap(({ boxes }) => boxes.map((box) => box.class))
  return buildDataset({
    classes: model?.classes ?? [...new Set(seen)].sort(),
    base: await baseDataset(objects),
    annotations: annotations.map((row) => ({
      verdictId: row.verdict_id,
      cameraId: row.camera_id,
      capturedAt: row.captured_at.getTime() * 1000,
      width: row.width,
      height: row.height,
      light: row.light,
      image: row.image,
      boxes: row.boxes,
    })),
  })
}
