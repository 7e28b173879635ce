import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { toRecord } from '../platform/events/codec.ts'
import { completeEvent } from '../platform/events/complete.ts'
import { TrainingProgressed } from '../platform/events/training.ts'
import { addAnnotation, MODEL } from '../tests/support/annotations.ts'
import { openApi } from '../tests/support/api.ts'
import { defer } from '../tests/support/defer.ts'
import { eventually } from '../tests/support/log.ts'
import { ask } from '../tests/support/sentinel.ts'
import { subscribe } from '../tests/support/subscription.ts'

const RUN = 'id state reason annotations dataset parent { digest } model { digest } progress { stage done loss }'
const START = `mutation { startTraining { run { ${RUN} isBeingCancelled } errors { code message } } }`

async function world(t: Parameters<typeof openApi>[0]) {
  const api = await openApi(t)
  const start = async () => (await ask(api.at, START)).data.startTraining
  return { ...api, start }
}

describe('trainings', () => {
  test('are started by hand, listed, and cancelled', async (t) => {
    const { at, database, start } = await world(t)
    assert.equal((await start()).errors[0].code, 'CONFLICT')
    await addAnnotation(database, 'i-1')
    const { run } = await start()
    assert.deepEqual([run.state, run.annotations, run.parent.digest, run.model], ['REQUESTED', 1, MODEL.digest, null])
    assert.match((await start()).errors[0].message, /runs already/)
    const listed = await ask(at, `{ trainingRuns(first: 5) { edges { node { ${RUN} } } } }`)
    assert.deepEqual(
      listed.data.trainingRuns.edges.map(({ node }: { node: { id: string } }) => node.id),
      [run.id],
    )
    const cancel = (id: string) =>
      ask(at, 'mutation ($id: ID!) { cancelTraining(id: $id) { run { isBeingCancelled } errors { code } } }', { id })
    assert.equal((await cancel(run.id)).data.cancelTraining.run.isBeingCancelled, true)
    assert.equal((await cancel('other')).data.cancelTraining.errors[0].code, 'NOT_FOUND')
    await database.updateTable('training_runs').set({ state: 'completed' }).execute()
    assert.equal((await cancel(run.id)).data.cancelTraining.errors[0].code, 'CONFLICT')
  })

  test('can be asked for by another method; what is for elsewhere holds nothing up and is over when it is cancelled', async (t) => {
    const { at, database, start } = await world(t)
    await addAnnotation(database, 'i-1')
    const query = 'mutation { startTraining(method: FULL, steps: 500) { run { id method steps } errors { message } } }'
    const { run } = (await ask(at, query)).data.startTraining
    assert.deepEqual([run.method, run.steps], ['FULL', 500])
    assert.equal((await ask(at, query)).data.startTraining.run.id, run.id)
    assert.deepEqual((await start()).errors, [])
    const input = { id: run.id, model: MODEL.digest, seen: 9, lossBefore: 2, lossAfter: 1, seconds: 1, machine: 'm' }
    const finish = 'mutation ($input: FinishTrainingInput!) { finishTraining(input: $input) { errors { message } } }'
    const refused = await ask(at, finish, { input })
    assert.match(refused.data.finishTraining.errors[0].message, /is the model that the training began with/)
    const cancel = `mutation { cancelTraining(id: "${run.id}") { run { state failure isBeingCancelled } } }`
    assert.deepEqual((await ask(at, cancel)).data.cancelTraining.run, {
      ...{ state: 'CANCELLED', isBeingCancelled: false },
      failure: 'admin cancelled it',
    })
    assert.match((await ask(at, finish, { input })).data.finishTraining.errors[0].message, /began with|was cancelled/)
  })

  test('tell every step to whoever listens', async (t) => {
    const { at, database, log, start } = await world(t)
    await addAnnotation(database, 'i-1')
    const { run } = await start()
    const heard: { trainingRunChanged: Record<string, unknown> }[] = []
    const query = `subscription { trainingRunChanged(id: "${run.id}") { ${RUN} } }`
    const { close } = subscribe<(typeof heard)[0]>(at, query, (data) => heard.push(data))
    defer(t, close)
    const progress = { stage: 'fit' as const, done: 10, total: 300, loss: 2.5, valLoss: null }
    await database
      .updateTable('training_runs')
      .set({ state: 'running', progress: JSON.stringify(progress) })
      .execute()
    let n = 0
    const tell = async (id: string) => {
      const origin = { source: '/t', id: `p-${n++}`, time: new Date().toISOString() }
      await log.produce('events.training', [toRecord(completeEvent(TrainingProgressed.of(id, progress), origin))])
    }
    // Until the subscription stands nobody hears anything.
    await eventually(async () => {
      await tell('another')
      await tell(run.id)
      return heard.length > 0
    })
    const { trainingRunChanged } = heard[0]!
    assert.deepEqual(
      [trainingRunChanged.id, trainingRunChanged.state, trainingRunChanged.progress],
      [run.id, 'RUNNING', { stage: 'FIT', done: 10, loss: 2.5 }],
    )
  })

  test('a model tells what it was made of, and one that somebody brought does not', async (t) => {
    const { at, database, start } = await world(t)
    await addAnnotation(database, 'i-1')
    const { run } = await start()
    const [parent, child] = [MODEL.digest, 'b'.repeat(64)]
    for (const digest of [parent, child])
      await database
        .insertInto('models')
        .values({
          digest,
          name: digest.slice(0, 3),
          family: 'yolox',
          classes: ['car'],
          input_width: 1,
          input_height: 1,
        })
        .execute()
    const metrics = {
      pictures: 1,
      boxes: 1,
      rehearsed: 0,
      lossBefore: 3,
      lossAfter: 2,
      valLossBefore: null,
      valLossAfter: null,
      steps: 9,
    }
    await database
      .insertInto('model_lineage')
      .values({
        ...{ digest: child, parent, dataset: run.dataset, run: run.id, recipe: '{}', metrics: JSON.stringify(metrics) },
        ...{ seconds: 4, machine: 'm', made_at: new Date() },
      })
      .execute()
    const query =
      '{ models { edges { node { digest lineage { parent { name } dataset trainingRunId metrics { lossAfter } } } } } }'
    const nodes = (await ask(at, query)).data.models.edges.map(({ node }: { node: object }) => node)
    const lineage = { parent: { name: 'aaa' }, dataset: run.dataset, trainingRunId: run.id, metrics: { lossAfter: 2 } }
    assert.deepEqual(nodes, [
      { digest: parent, lineage: null },
      { digest: child, lineage },
    ])
  })
})
