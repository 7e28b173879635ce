import { type Selectable, sql, type Transaction } from 'kysely'
import { buildDataset } from '../datasets/build.ts'
import { baseDataset, storeDataset } from '../datasets/store.ts'
import { codeOf } from '../errors.ts'
import { completeEvent } from '../events/complete.ts'
import { type Recipe, TrainingRequested } from '../events/training.ts'
import { storedBytes } from '../models/store.ts'
import { appendToOutbox } from '../outbox.ts'
import type { Clock } from '../ports/clock.ts'
import type { Database } from '../ports/database.ts'
import type { ObjectStore } from '../ports/objects.ts'
import type { AnnotationsTable, Tables, TrainingRunsTable } from '../ports/tables.ts'
import { refusal } from '../refusal.ts'
import { newestRollout } from '../rollout/state.ts'
import { type Said, say } from '../said.ts'
import { deepestMethod } from './depth.ts'
import { factIdOf } from './fact.ts'
import { recipeOf, runIdOf, type TrainingWish } from './recipe.ts'
import { type Judged, reasonToTrain, type Situation, type TrainingRules } from './threshold.ts'

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
    const situation = await situationOf(tx, annotations, desk.clock.now())
    const judged = await judgedOf(tx, rules.trainVerdicts)
    const reason = reasonToTrain({ ...situation, judged }, rules)
    return reason === undefined ? undefined : request(tx, desk, annotations, { reason, by: 'train-trigger' })
  })
}

/**
 * Requests a training by hand. One by `full` is for somewhere else, and nothing here waits for it: whoever asks takes it along, or a Job does
 * it; where there is neither, the trainer refuses it.
 *
 * @throws SentinelError `CONFLICT` when there is nothing new or one runs already.
 */
export async function requestTraining(desk: TrainingDesk, by: string, wish: TrainingWish = {}): Promise<TrainingRun> {
  return desk.database.transaction().execute(async (tx) => {
    await LOCK.execute(tx)
    const annotations = await standing(tx)
    if (annotations.length === 0) throw refusal('nothingToLearn', {})
    const { isBusy } = await situationOf(tx, annotations, desk.clock.now())
    if (isBusy && wish.method !== 'full') throw refusal('trainingBusy', {})
    const run = await request(tx, desk, annotations, { reason: say('training.asked', {}), by, wish })
    if (run) return run
    throw refusal('trainedAlready', {})
  })
}

function standing(tx: Transaction<Tables>): Promise<Annotation[]> {
  return tx.selectFrom('annotations').selectAll().where('stands', '=', true).orderBy('verdict_id').execute()
}

async function situationOf(
  tx: Transaction<Tables>,
  annotations: Annotation[],
  now: number,
): Promise<Omit<Situation, 'judged'>> {
  const runs = await tx
    .selectFrom('training_runs')
    .select(['verdicts', 'state', 'requested_at', 'recipe'])
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
    isBusy: runs.some(
      ({ state, recipe }) => (state === 'requested' || state === 'running') && recipe.method !== 'full',
    ),
    runsToday: runs.filter(({ requested_at }) => now - requested_at.getTime() < DAY_MS).length,
    now,
  }
}

/** Of the latest ones since the last training was requested, so that one crossing asks once. */
async function judgedOf(tx: Transaction<Tables>, most: number): Promise<Judged> {
  const { rows } = await sql<Judged>`
    SELECT count(*)::int AS verdicts, count(*) FILTER (WHERE verdict = 'reject')::int AS rejected
    FROM (
      SELECT v.verdict FROM verdicts v JOIN triage_items i ON i.id = v.item_id
      WHERE i.model_digest = ${(await newestRollout(tx))?.model ?? null} AND v.withdrawn_at IS NULL AND v.verdict <> 'skip'
        AND v.recorded_at > (SELECT coalesce(max(requested_at), '-infinity') FROM training_runs)
      ORDER BY v.recorded_at DESC LIMIT ${most}
    ) AS latest`.execute(tx)
  return rows[0]!
}

interface Asked {
  readonly reason: Said
  readonly by: string
  readonly wish?: TrainingWish
}

/** Undefined where this run was there already. */
async function request(
  tx: Transaction<Tables>,
  { objects, clock }: TrainingDesk,
  annotations: Annotation[],
  { reason, by, wish = {} }: Asked,
): Promise<TrainingRun | undefined> {
  const at = new Date(clock.now())
  const parent = newestModel(annotations)
  const dataset = await storeDataset(objects, await datasetOf(tx, objects, parent, annotations, wish))
  const method = wish.method ?? (await methodFor(objects, parent))
  const recipe = recipeOf(parent, annotations.length, { ...wish, method })
  const id = runIdOf(dataset, recipe)
  const why = { reason: reason.text, reason_told: JSON.stringify(reason.told) }
  const asked = { ...why, requested_by: by, requested_at: at, taken_along: wish.isTakenAlong ?? false }
  const verdicts = annotations.map(({ verdict_id }) => verdict_id)
  const added = await tx
    .insertInto('training_runs')
    .values({ id, dataset, parent, recipe: JSON.stringify(recipe), verdicts, ...asked })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returningAll()
    .executeTakeFirst()
  const run = added ?? (await askedAgain(tx, id, asked, recipe.method))
  if (!run) return undefined
  const requested = TrainingRequested.of(run.id, { dataset, recipe, reason: reason.text, by })
  const origin = { source: '/sentinel/training', id: factIdOf(run, 'requested'), time: at.toISOString() }
  await appendToOutbox(tx, [completeEvent(requested, origin)])
  return run
}

/** A model whose file is gone is told by the training. */
async function methodFor(objects: ObjectStore, parent: string): Promise<Recipe['method']> {
  const bytes = await storedBytes(objects, parent).catch((error: unknown) => {
    if (['NOT_FOUND', 'MODEL_INVALID'].includes(codeOf(error) ?? '')) return undefined
    throw error
  })
  return bytes ? deepestMethod(bytes) : 'head'
}

/** What kept it from its end, such as a full disk or a damaged picture, may be mended by now; what is taught elsewhere may be lost there. */
function askedAgain(
  tx: Transaction<Tables>,
  id: string,
  asked: Pick<TrainingRun, 'reason' | 'requested_by' | 'requested_at' | 'taken_along'> & {
    readonly reason_told: string
  },
  method: Recipe['method'],
): Promise<TrainingRun | undefined> {
  const blank = {
    started_at: null,
    finished_at: null,
    progress: null,
    curve: '[]',
    failure: null,
    failure_told: null,
    cancel_by: null,
  }
  return tx
    .updateTable('training_runs')
    .set(({ eb }) => ({ ...asked, ...blank, state: 'requested' as const, attempt: eb('attempt', '+', 1) }))
    .where('id', '=', id)
    .where('state', 'in', ['failed', 'cancelled', ...(method === 'full' ? (['requested'] as const) : [])])
    .returningAll()
    .executeTakeFirst()
}

/** What people were last shown is what they corrected. */
function newestModel(annotations: readonly Annotation[]): string {
  return annotations.toSorted((a, b) => b.recorded_at.getTime() - a.recorded_at.getTime())[0]!.model_digest
}

async function datasetOf(
  tx: Transaction<Tables>,
  objects: ObjectStore,
  parent: string,
  annotations: Annotation[],
  { method }: TrainingWish,
) {
  const model = await tx.selectFrom('models').select('classes').where('digest', '=', parent).executeTakeFirst()
  const seen = annotations.flatMap(({ boxes }) => boxes.map((box) => box.class))
  return buildDataset({
    classes: model?.classes ?? [...new Set(seen)].sort(),
    base: await baseDataset(objects),
    ...(method === 'full' && { mostBase: Number.POSITIVE_INFINITY }),
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
