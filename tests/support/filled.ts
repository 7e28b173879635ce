import { offlineGates, peopleGate, verdictOf } from '../../functions/evaluate/gates.ts'
import { systemClock } from '../../platform/adapters/system-clock.ts'
import { promoteModel, startWith } from '../../platform/rollout/promote.ts'
import { say } from '../../platform/said.ts'
import { recipeOf } from '../../platform/training/recipe.ts'
import { addAnnotation, labelled, MODEL } from './annotations.ts'
import { type Api, addCameras, addDetections } from './api.ts'
import { addReviewItems } from './review.ts'
import { ask } from './sentinel.ts'

const CHILD = 'b'.repeat(64)
const RULES = {
  ...{ gateFrames: 5, gateBoxes: 20, gateAccuracyDrop: 0.01, gateClassDrop: 0.05, gateAgreement: 0.6 },
  ...{ gateLiveAgreement: 0.5, gateJudged: 5, gatePreferred: 0.5, gateLatency: 1.5, gateSize: 1.5 },
}

/** Puts something onto every page, said as Sentinel says it: cameras, events, items, verdicts, trainings, models, promotions. */
export async function fill(api: Api): Promise<void> {
  const { database } = api
  await addCameras(database, 4)
  await database
    .updateTable('cameras')
    .set({ state: 'offline', state_reason: 'unreachable', latitude: 52.52, longitude: 13.4, heading: 90 })
    .where('id', 'in', ['cam-1', 'cam-2'])
    .execute()
  await addDetections(database, 2, 4)
  await addEvents(api)
  await addReviewItems(api, 4)
  await addOpinions(api)
  await addTrainings(api)
  await addModels(api)
}

async function addEvents({ database }: Api): Promise<void> {
  const types = ['track.appeared', 'camera.online', 'camera.offline', 'camera.changed', 'review.requested']
  const rows = types.map((type, n) => ({
    time: new Date(Date.now() - n * 60_000),
    id: `event-${n}`,
    type: `sentinel.${type}.v1`,
    ...{ camera_id: 'cam-0', subject: 'cam-0', class: n === 0 ? 'car' : null, score: n === 0 ? 0.9 : null },
    data: JSON.stringify(type === 'camera.offline' ? { reason: 'timeout', detail: 'x', retryAt: 0 } : {}),
  }))
  await database.insertInto('events').values(rows).execute()
}

/** Two people agree on nothing of one item; another one judged two alone. */
async function addOpinions({ database }: Api): Promise<void> {
  await addAnnotation(database, 'i-1', { light: 'day' })
  await addAnnotation(database, 'i-2', { light: 'night' })
  for (const [n, annotator] of ['ada', 'bob'].entries()) {
    await addAnnotation(database, `opinion-${n}`, { boxes: [labelled(0.1 + 0.5 * n)] })
    await database
      .updateTable('annotations')
      .set({ item_id: 'review-3', annotator, stands: false, rule: null, agreed_by: [] })
      .where('verdict_id', '=', `v-opinion-${n}`)
      .execute()
  }
}

async function addTrainings({ at, database }: Api): Promise<void> {
  await ask(at, 'mutation { startTraining { run { id } errors { message } } }')
  const failed = say('dataset.pictureDamaged', { digest: 'd'.repeat(64) })
  await database
    .updateTable('training_runs')
    .set({ state: 'failed', failure: failed.text, failure_told: JSON.stringify(failed.told) })
    .execute()
}

async function addModels({ database, objects, repository }: Api): Promise<void> {
  for (const digest of [MODEL.digest, CHILD]) await objects.put('sentinel-models', `${digest}.json`, Buffer.from('{}'))
  const shape = { family: 'yolox', classes: ['car', 'bus'], input_width: 416, input_height: 416 }
  const at = Date.parse('2026-06-01T08:00:00Z')
  const named = [MODEL.digest, CHILD].map((digest, n) => ({ digest, name: n === 0 ? 'base' : 'base+1' }))
  const known = named.map((model, n) => ({ ...model, ...shape, registered_at: new Date(at + n * 3_600_000) }))
  await database.insertInto('models').values(known).execute()
  const recipe = JSON.stringify(recipeOf(MODEL.digest, 100))
  const run = await database.selectFrom('training_runs').select(['id', 'dataset']).executeTakeFirstOrThrow()
  await database
    .insertInto('model_lineage')
    .values({
      ...{ digest: CHILD, run: run.id, dataset: run.dataset, parent: MODEL.digest, recipe },
      ...{ metrics: '{}' as never, seconds: 41, machine: 'm', made_at: new Date() },
    })
    .execute()
  await addEvaluation(database)
  const desk = { database, repository, clock: systemClock }
  await startWith(desk, { digest: MODEL.digest, name: 'base' }, 'operator')
  await promoteModel(desk, {
    ...{ digest: CHILD, by: 'ada', reason: say('rollout.byHand', {}), share: 0.25, isForced: true },
  })
}

async function addEvaluation(database: Api['database']): Promise<void> {
  const comparisons = [
    { kind: 'all' as const, name: 'all', boxes: 1200, candidate: 0.6, running: 0.55 },
    { kind: 'class' as const, name: 'bus', boxes: 40, candidate: 0.4, running: 0.52 },
    { kind: 'light' as const, name: 'night', boxes: 12, candidate: 0.4, running: 0.52 },
  ]
  const measured = { comparisons, heldOut: 120, reference: 40, agreement: 0.8123, latency: 1.04, size: null }
  const gates = [...offlineGates(measured, RULES), peopleGate({ candidate: 1, running: 2 }, RULES)]
  const { verdict, reason, told } = verdictOf(gates)
  await database
    .insertInto('model_evaluations')
    .values({
      ...{ digest: CHILD, running: MODEL.digest, cause: 'c', state: verdict, reason, started_at: new Date() },
      ...{ held_out: 120, reference: 40, reason_told: JSON.stringify(told) },
      ...{ gates: JSON.stringify(gates), comparisons: JSON.stringify(comparisons) },
    })
    .execute()
}
