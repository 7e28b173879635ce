import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../platform/adapters/system-clock.ts'
import { TrainingProgressed } from '../../platform/events/training.ts'
import { startWith } from '../../platform/rollout/promote.ts'
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
    ap50: 0.4 + done / 1000,
  }))
  const progress = curve.at(-1)!
  await api.database
    .updateTable('training_runs')
    .set({ state: 'running', progress: JSON.stringify(progress), curve: JSON.stringify(curve) })
    .execute()
  await tell(api.log, 'events.training', TrainingProgressed.of(id, progress))
  await page.getByText('100 / 200').waitFor()
  await page.getByRole('img', { name: 'Loss over 3 steps' }).waitFor()
  await page.getByRole('img', { name: 'Average precision over 3 looks' }).waitFor()
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
  await page.getByRole('button', { name: 'Candidate is right' }).click()
  await page.getByText('People: 1 for this one, 0 for the running one').waitFor()
  const lineage = page.getByRole('region', { name: 'Where it comes from' })
  await lineage.getByText('2 verdicts that it learnt from').click()
  assert.deepEqual(await accessibilityProblems(page), [])
  await lineage
    .getByRole('link', { name: /ada · 1 box/ })
    .first()
    .click()
  await page.getByRole('img', { name: /^Picture of .* with 1 box$/ }).waitFor()
  assert.deepEqual(await accessibilityProblems(page), [])
  await page.getByRole('link', { name: 'ada' }).click()
  await page.getByRole('heading', { name: 'Verdicts of ada' }).waitFor()
  await page
    .getByRole('link', { name: /Corrected/ })
    .first()
    .click()
  await page.getByRole('region', { name: 'What it taught' }).getByRole('link', { name: 'base-1' }).click()
  await page.getByRole('heading', { name: 'base-1' }).waitFor()
  await page.keyboard.press('k')
  await page.getByText('Somebody brought it').waitFor()
  assert.equal(new URL(page.url()).searchParams.get('model'), model.digest)
})

test('a promotion says how far and why, is refused with its reason, made by those who insist, and taken back by a key', async (t) => {
  const api = await dashboard.openApi(t)
  await addModels(api)
  const { database, repository } = api
  await startWith({ database, repository, clock: systemClock }, model, 'operator')
  const page = await dashboard.open(t, api, `/models?model=${CHILD}`)
  await page.getByRole('button', { name: 'Promote' }).waitFor()
  await page.keyboard.press('p')
  const dialog = page.getByRole('dialog', { name: 'Promote base-1' })
  await dialog.getByText('A class is found worse').waitFor()
  await dialog.getByRole('button', { name: 'Promote' }).click()
  await dialog.getByText('Say why in a few words').waitFor()
  await dialog.getByLabel('Why').fill('The buses are worth it.')
  await page.keyboard.press('Enter')
  await dialog.getByRole('alert').getByText('Its gates have failed').waitFor()
  assert.deepEqual(await accessibilityProblems(page), [])
  await dialog.getByLabel('Promote it all the same').check()
  await dialog.getByRole('button', { name: 'Promote' }).click()
  const history = page.getByRole('region', { name: 'Promotions and rollbacks' })
  await history.getByText('The buses are worth it.').waitFor()
  await page.getByText('25 % of the cameras', { exact: true }).waitFor()
  assert.match((await repository.head())!.message, /^Promote base-1 to 25 % of the cameras/)
  assert.deepEqual(await accessibilityProblems(page), [])
  await page.keyboard.press('b')
  const back = page.getByRole('dialog', { name: 'Roll back base-1' })
  await back.getByLabel('Why').fill('Buses were missed.')
  await page.keyboard.press('Enter')
  await history.getByText('Rolled back').waitFor()
  await page.getByText('100 % of the cameras', { exact: true }).waitFor()
  assert.equal(await history.getByRole('listitem').count(), 3)
})

async function addModels({ database, objects }: Api): Promise<void> {
  for (const id of ['i-1', 'i-2']) await addAnnotation(database, id)
  for (const digest of [model.digest, CHILD]) await objects.put('sentinel-models', `${digest}.json`, Buffer.from('{}'))
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
  const asked = { verdicts: ['v-i-1', 'v-i-2'], reason: 'asked for', requested_by: 'ada', requested_at: new Date() }
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
  const seen = (x: number) => JSON.stringify([{ class: 'bus', score: 0.8, box: [x, 0.3, 0.3, 0.4] }])
  const frame = { frame_id: 'f-1', camera_id: 'cam-1', captured_at: new Date(), width: 640, height: 360 }
  await database
    .insertInto('shadow_frames')
    .values({
      ...{
        ...frame,
        digest: CHILD,
        running: model.digest,
        agreement: 0.25,
        infer_ms: 9,
        image: 'shadow/cam-1/f-1.jpg',
      },
      ...{ candidate_boxes: seen(0.5), running_boxes: seen(0.1) },
    })
    .execute()
}
