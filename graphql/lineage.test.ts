import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { systemClock } from '../platform/adapters/system-clock.ts'
import { registerModel } from '../platform/models/register.ts'
import type { SideFile } from '../platform/models/side-file.ts'
import { storeModel } from '../platform/models/store.ts'
import { recipeOf, runIdOf } from '../platform/training/recipe.ts'
import { addAnnotation } from '../tests/support/annotations.ts'
import { openApi } from '../tests/support/api.ts'
import { ask } from '../tests/support/sentinel.ts'

const METRICS = { pictures: 1, boxes: 1, rehearsed: 0, lossBefore: 2, lossAfter: 1, steps: 9 }

/** A base model; from it one that learnt of i-1, and from that one that learnt of i-1 and i-2. */
async function world(t: TestContext) {
  const api = await openApi(t)
  const { database, objects } = api
  for (const item of ['i-1', 'i-2']) await addAnnotation(database, item)
  const stored = (name: string, side: SideFile = {}) => {
    const card = { name, family: 'yolox', classes: ['car'], inputWidth: 64, inputHeight: 64, side, bytes: 9 }
    return storeModel(objects, Buffer.from(name), card, side.card && `# ${name}`)
  }
  const shared = { family: 'yolox', classes: ['car'], inputWidth: 64, inputHeight: 64 }
  const desk = { database, clock: systemClock }
  const teach = async (name: string, parent: string, verdicts: string[]) => {
    const [digest, dataset, recipe] = [await stored(name), name.repeat(32), recipeOf(parent, 1)]
    const run = runIdOf(dataset, recipe)
    const row = { id: run, dataset, parent, recipe: JSON.stringify(recipe), verdicts, reason: 'r', requested_by: 'ada' }
    await database
      .insertInto('training_runs')
      .values({ ...row, requested_at: new Date() })
      .execute()
    const metrics = { ...METRICS, valLossBefore: null, valLossAfter: null }
    await registerModel(desk, { ...shared, digest, name }, { run, dataset, recipe, metrics, seconds: 1, machine: 'm' })
    return digest
  }
  const base = await stored('m0', { origin: 'shipped', card: 'CARD.md' })
  await registerModel(desk, { ...shared, digest: base, name: 'm0' })
  const first = await teach('m1', base, ['v-i-1'])
  const second = await teach('m2', first, ['v-i-1', 'v-i-2'])
  return { ...api, base, first, second }
}

describe('lineage', () => {
  test('goes back from a model to the people it learnt from, and forward from a verdict to all that carry it', async (t) => {
    const { at, database, second } = await world(t)
    const query = `query ($d: String!) { modelLineage(digest: $d) { model { name } dataset
      teachings { verdictId annotator withdrawnAt models { name } } } }`
    const { data } = await ask(at, query, { d: second.slice(0, 12) })
    const [young, middle, old] = data.modelLineage
    assert.deepEqual([young.model.name, middle.model.name, old.model.name], ['m2', 'm1', 'm0'])
    assert.deepEqual([old.dataset, old.teachings], [null, []])
    const word = { verdictId: 'v-i-1', annotator: 'ada', withdrawnAt: null, models: [{ name: 'm1' }, { name: 'm2' }] }
    assert.deepEqual(middle.teachings, [word])
    assert.deepEqual(young.teachings, [word, { ...word, verdictId: 'v-i-2', models: [{ name: 'm2' }] }])

    // What was taken back after the training is still carried, and lineage says by whom.
    await database.updateTable('annotations').set({ withdrawn_at: new Date(), stands: false }).execute()
    const after = (await ask(at, query, { d: second })).data.modelLineage
    assert.ok(after[1].teachings[0].withdrawnAt)
    assert.deepEqual(after[1].teachings[0].models, word.models)
    const forward = '{ modelsTaughtBy(verdictId: "v-i-2") { name } }'
    assert.deepEqual((await ask(at, forward)).data.modelsTaughtBy, [{ name: 'm2' }])
  })

  test('begins with what comes with Sentinel, or with what somebody brought', async (t) => {
    const { at, database, objects, base, first } = await world(t)
    const shared = { name: 'theirs', family: 'yolox', classes: ['car'], inputWidth: 64, inputHeight: 64 }
    const theirs = await storeModel(objects, Buffer.from('theirs'), { ...shared, side: {}, bytes: 9 })
    await registerModel({ database, clock: systemClock }, { ...shared, digest: theirs })
    const about = async (id: string) =>
      (await ask(at, 'query ($id: ID!) { model(id: $id) { origin card } }', { id })).data.model
    assert.deepEqual(await about(base), { origin: 'SHIPPED', card: '# m0' })
    assert.deepEqual(await about(first), { origin: 'TAUGHT', card: null })
    assert.deepEqual(await about(theirs), { origin: 'BROUGHT', card: null })
  })
})
