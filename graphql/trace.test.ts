import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recipeOf } from '../platform/training/recipe.ts'
import { addAnnotation, MODEL as model } from '../tests/support/annotations.ts'
import { addItem, openApi } from '../tests/support/api.ts'
import { ask } from '../tests/support/sentinel.ts'

const CHILD = 'b'.repeat(64)

test('a model leads to its dataset, what people said and who they are; what was said leads on to the models it taught', async (t) => {
  const { at, database } = await openApi(t)
  for (const id of ['i-1', 'i-2', 'i-3']) await addAnnotation(database, id)
  await database.updateTable('annotations').set({ annotator: 'bob' }).where('item_id', '=', 'i-2').execute()
  await addItem(database, 'i-1')
  const recipe = JSON.stringify(recipeOf(model.digest, 100))
  const run = { id: 'run-1', dataset: 'd'.repeat(64), parent: model.digest, recipe, requested_at: new Date() }
  const asked = { verdicts: ['v-i-1', 'v-i-2'], reason: 'asked for', requested_by: 'ada' }
  await database
    .insertInto('training_runs')
    .values({ ...run, ...asked })
    .execute()
  const shape = { name: 'child', family: 'yolox', classes: ['car'], input_width: 416, input_height: 416 }
  await database
    .insertInto('models')
    .values({ digest: CHILD, ...shape })
    .execute()
  const made = { metrics: '{}' as never, seconds: 1, machine: 'm', made_at: new Date(), dataset: run.dataset }
  await database
    .insertInto('model_lineage')
    .values({ digest: CHILD, parent: model.digest, run: run.id, recipe, ...made })
    .execute()

  const back = `{ model(id: "${CHILD}") { lineage { dataset parent { digest } teachers { id annotations }
    annotations(first: 1) { edges { node { id annotator taught { digest } } } pageInfo { hasNextPage } } } } }`
  const { lineage } = (await ask(at, back)).data.model
  assert.deepEqual(lineage.teachers, [
    { id: 'ada', annotations: 1 },
    { id: 'bob', annotations: 1 },
  ])
  assert.deepEqual([lineage.dataset, lineage.parent.digest], [run.dataset, model.digest])
  assert.deepEqual(lineage.annotations, {
    edges: [{ node: { id: 'v-i-2', annotator: 'bob', taught: [{ digest: CHILD }] } }],
    pageInfo: { hasNextPage: true },
  })

  const forward = '{ triageQueue { edges { node { annotations { id annotator taught { digest } } } } } }'
  const [item] = (await ask(at, forward)).data.triageQueue.edges
  assert.deepEqual(item.node.annotations, [{ id: 'v-i-1', annotator: 'ada', taught: [{ digest: CHILD }] }])
  assert.equal((await ask(at, `{ model(id: "${'0'.repeat(64)}") { id } }`)).data.model, null)
})

test('a verdict is found by its id with what was shown and what was drawn, and those of one person the newest first', async (t) => {
  const { at, database } = await openApi(t)
  for (const [n, id] of ['i-1', 'i-2', 'i-3'].entries()) await addAnnotation(database, id, { recordedAt: 1000 * n })
  await database.updateTable('annotations').set({ annotator: 'bob' }).where('item_id', '=', 'i-2').execute()
  const one = `{ annotation(id: "v-i-1") { annotator stands rule agreedBy light shown { class } drawn { class x } taught { id } } }`
  assert.deepEqual((await ask(at, one)).data.annotation, {
    ...{ annotator: 'ada', stands: true, rule: 'single', agreedBy: ['ada'], light: 'day' },
    ...{ shown: [], drawn: [{ class: 'car', x: 0.1 }], taught: [] },
  })
  assert.equal((await ask(at, '{ annotation(id: "v-none") { id } }')).data.annotation, null)
  const all =
    '{ annotations(first: 2) { edges { node { id } } } ofAda: annotations(annotator: "ada") { edges { node { id } } } }'
  const { annotations, ofAda } = (await ask(at, all)).data
  const ids = ({ edges }: { edges: { node: { id: string } }[] }) => edges.map(({ node }) => node.id)
  assert.deepEqual(
    [ids(annotations), ids(ofAda)],
    [
      ['v-i-3', 'v-i-2'],
      ['v-i-3', 'v-i-1'],
    ],
  )
})
