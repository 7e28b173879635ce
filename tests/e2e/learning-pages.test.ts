import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TrainingProgressed } from '../../platform/events/training.ts'
import { recipeOf } from '../../platform/training/recipe.ts'
import { addAnnotation, MODEL as model } from '../support/annotations.ts'
import type { Api } from '../support/api.ts'
import { accessibilityProblems, prepareDashboard } from '../support/dashboard.ts'
import { ask } from '../support/sentinel.ts'
import { tell } from '../support/subscriber.ts'

const dashboard = prepareDashboard()
const CHILD = 'b'.repeat(64)

test('a training is refused with its reason, started by a key, followed step by step, and cancelled', async (t) => {
  const api = await dashboard.openApi(t)
  const page = await dashboard.open(t, api, '/training')
  await page.getByText('Nothing was trained yet').waitFor()
  await page.getByRole('button', { name: 'Start a training' }).click()
  await page.getByText('There is nothing to learn from yet').waitFor()
  await addAnnotation(api.database, 'i-1')
  await page.keyboard.press('n')
  await page.getByRole('heading', { name: 'asked for' }).waitFor()
  const { id } = await api.database.selectFrom('training_runs').select('id').executeTakeFirstOrThrow()
  assert.equal(new URL(page.url()).searchParams.get('run'), id)
  const curve = [0, 50, 100].map((done) => ({
    stage: 'fit' as const,
    done,
    total: 200,
    loss: 3 - done / 100,
    valLoss: 4,
  }))
  const progress = curve.at(-1)!
  await api.database
    .updateTable('training_runs')
    .set({ state: 'running', progress: JSON.stringify(progress), curve: JSON.stringify(curve) })
    .execute()
  await tell(api.log, 'events.training', TrainingProgressed.of(id, progress))
  await page.getByText('100 / 200').waitFor()
  await page.getByRole('img', { name: 'Loss over 3 steps' }).waitFor()
  assert.deepEqual(await accessibilityProblems(page), [])
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Is being cancelled…' }).waitFor()
  await page
    .getByRole('link', { name: /^[0-9a-f]{12}$/ })
    .first()
    .click()
  await page.getByRole('heading', { name: 'Datasets' }).waitFor()
})

test('a version of the dataset shows what is in it and what came since the one before', async (t) => {
  const api = await dashboard.openApi(t)
  const train = async (item: string, light: 'day' | 'night') => {
    await addAnnotation(api.database, item, { light })
    const { data } = await ask(api.at, 'mutation { startTraining { run { dataset } errors { message } } }')
    assert.deepEqual(data.startTraining.errors, [])
    await api.database.updateTable('training_runs').set({ state: 'completed' }).execute()
  }
  await train('i-1', 'day')
  await new Promise((resolve) => setTimeout(resolve, 20))
  await train('i-2', 'night')
  const page = await dashboard.open(t, api, '/datasets')
  await page.getByRole('region', { name: '1 came' }).waitFor()
  await page.getByRole('region', { name: 'Pictures by light' }).getByText('Night').waitFor()
  await page.getByRole('row', { name: /ada 2/ }).waitFor()
  await page.keyboard.press('j')
  await page.getByRole('region', { name: 'Since the version before' }).waitFor({ state: 'detached' })
})

test('a model shows from whom it learnt, its gates with their reasons, and how it does beside the one that runs', async (t) => {
  const api = await dashboard.openApi(t)
  await addModels(api)
  const page = await dashboard.open(t, api, `/models?model=${CHILD}`)
  const gates = page.getByRole('region', { name: 'Gates' })
  await gates.getByText('Buses are found 12 points worse').waitFor()
  await gates.getByText('Failed', { exact: true }).waitFor()
  await page.getByRole('row', { name: 'bus 40 52.0 40.0 -12.0' }).waitFor()
  assert.deepEqual(await accessibilityProblems(page), [])
  await page.keyboard.press('k')
  await page.getByText('Somebody brought it').waitFor()
  assert.equal(new URL(page.url()).searchParams.get('model'), model.digest)
})

async function addModels({ database }: Api): Promise<void> {
  const shape = { family: 'yolox', classes: ['car', 'bus'], input_width: 416, input_height: 416 }
  await database
    .insertInto('models')
    .values([
      { digest: model.digest, name: 'base', ...shape, registered_at: new Date('2026-06-01T08:00:00Z') },
      { digest: CHILD, name: 'base-1', ...shape, registered_at: new Date('2026-06-01T09:00:00Z') },
    ])
    .execute()
  const recipe = JSON.stringify(recipeOf(model.digest, 100))
  const shared = { parent: model.digest, recipe, dataset: 'd'.repeat(64) }
  const asked = { verdicts: [], reason: 'asked for', requested_by: 'ada', requested_at: new Date() }
  await database
    .insertInto('training_runs')
    .values({ id: 'run-1', ...shared, ...asked })
    .execute()
  const made = { metrics: '{}' as never, seconds: 41, machine: 'm', made_at: new Date() }
  await database
    .insertInto('model_lineage')
    .values({ digest: CHILD, run: 'run-1', ...shared, ...made })
    .execute()
  const gate = { name: 'class', state: 'failed', value: -0.12, limit: -0.02, reason: 'Buses are found 12 points worse' }
  const comparison = { kind: 'class', name: 'bus', boxes: 40, candidate: 0.4, running: 0.52 }
  const verdict = { state: 'failed' as const, reason: 'A class is found worse', started_at: new Date() }
  const json = { gates: JSON.stringify([gate]), comparisons: JSON.stringify([comparison]) }
  await database
    .insertInto('model_evaluations')
    .values({ digest: CHILD, running: model.digest, cause: 'c', ...verdict, ...json })
    .execute()
}
