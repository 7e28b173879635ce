import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { systemClock } from '../platform/adapters/system-clock.ts'
import { registerModel } from '../platform/models/register.ts'
import { storeModel } from '../platform/models/store.ts'
import { startWith } from '../platform/rollout/promote.ts'
import { openApi } from '../tests/support/api.ts'
import { ask } from '../tests/support/sentinel.ts'

const ROLLOUT =
  'rollout { kind share by reason model { name role } canary { name } subject { name } } errors { code message }'

async function world(t: TestContext) {
  const api = await openApi(t)
  const { database, objects, repository } = api
  const digests = []
  for (const name of ['old', 'new']) {
    const card = { name, family: 'yolox', classes: ['car'], inputWidth: 64, inputHeight: 64, side: {}, bytes: 9 }
    const digest = await storeModel(objects, Buffer.from(name), card)
    await registerModel({ database, clock: systemClock }, { digest, ...card })
    digests.push(digest)
  }
  const [old, fresh] = digests as [string, string]
  await startWith({ database, repository, clock: systemClock }, { digest: old, name: 'old' }, 'operator')
  const promote = async (input: object) =>
    (await ask(api.at, `mutation ($i: PromoteModelInput!) { promoteModel(input: $i) { ${ROLLOUT} } }`, { i: input }))
      .data.promoteModel
  return { ...api, old, fresh, promote }
}

describe('promotions by hand', () => {
  test('are refused without gates, made with force, listed with their story, and taken back', async (t) => {
    const { at, repository, fresh, promote } = await world(t)
    const refused = await promote({ digest: fresh })
    assert.deepEqual([refused.rollout, refused.errors[0].code], [null, 'CONFLICT'])
    const { rollout } = await promote({ digest: fresh.slice(0, 12), share: 0.5, force: true, reason: 'Try it.' })
    assert.deepEqual(rollout, {
      ...{ kind: 'CANARY', share: 0.5, by: 'admin', reason: 'Try it.', canary: { name: 'new' } },
      ...{ model: { name: 'old', role: 'RUNNING' }, subject: { name: 'new' } },
    })
    assert.match((await repository.head())!.message, /^Promote new to 50 % of the cameras\n\nTry it\./)
    const back = (await ask(at, `mutation { rollbackModel { ${ROLLOUT} } }`)).data.rollbackModel
    assert.deepEqual([back.rollout.kind, back.rollout.subject.name, back.rollout.canary], ['ROLLBACK', 'new', null])
    const { data } = await ask(
      at,
      '{ rollouts(first: 2) { edges { node { kind commit appliedAt reason reasonSaid { reason blanks { name } } failureSaid { reason } } } pageInfo { hasNextPage } } }',
    )
    assert.deepEqual(
      data.rollouts.edges.map(({ node }: { node: { kind: string } }) => node.kind),
      ['ROLLBACK', 'CANARY'],
    )
    const [rollback, canary] = data.rollouts.edges.map(({ node }: { node: object }) => node)
    assert.deepEqual(
      [rollback.reason, rollback.reasonSaid],
      ['Taken back by hand.', [{ reason: 'rollout.backByHand', blanks: [] }]],
    )
    assert.deepEqual([canary.reasonSaid, canary.failureSaid], [[], []])
    assert.equal(data.rollouts.pageInfo.hasNextPage, true)
  })

  test('what cannot be is told with what to do', async (t) => {
    const { at, old, fresh, promote } = await world(t)
    assert.equal((await promote({ digest: 'f'.repeat(64), force: true })).errors[0].code, 'NOT_FOUND')
    assert.match((await promote({ digest: old, force: true })).errors[0].message, /runs already/)
    assert.equal((await promote({ digest: fresh, share: 2, force: true })).errors[0].code, 'INPUT_INVALID')
    const back = (await ask(at, `mutation { rollbackModel { ${ROLLOUT} } }`)).data.rollbackModel
    assert.match(back.errors[0].message, /no earlier model to go back to/)
  })

  test('an evaluation is read with its gates, and ended by hand', async (t) => {
    const { at, database, old, fresh } = await world(t)
    const gate = { name: 'accuracy', state: 'failed', value: -0.2, limit: -0.01, reason: 'AP50: 60 % → 40 %.' }
    const row = { digest: fresh, running: old, cause: 'e', started_at: new Date(), gates: JSON.stringify([gate]) }
    await database
      .insertInto('model_evaluations')
      .values({ ...row, state: 'comparing', total: 9 })
      .execute()
    const frame = {
      ...{ digest: fresh, running: old, camera_id: 'cam-0', captured_at: new Date(), width: 64, height: 36 },
    }
    const seen = { infer_ms: 1, candidate_boxes: '[]', running_boxes: '[]' }
    for (const [n, image] of [null, 'shadow/a.jpg', 'shadow/b.jpg'].entries())
      await database
        .insertInto('shadow_frames')
        .values({ ...frame, ...seen, frame_id: `f-${n}`, agreement: 0.5 - n / 10, image })
        .execute()
    const fields =
      'state done total gates { name state reason } disagreements { edges { node { imageUrl agreement } } }'
    const { data } = await ask(at, `{ models { edges { node { name evaluation { ${fields} } } } } }`)
    const nodes: { name: string; evaluation: { disagreements: { edges: { node: object }[] } } | null }[] =
      data.models.edges.map(({ node }: { node: object }) => node)
    assert.equal(nodes.find(({ name }) => name === 'old')!.evaluation, null)
    const { disagreements, ...evaluation } = nodes.find(({ name }) => name === 'new')!.evaluation!
    const { name, state, reason } = { ...gate, state: 'FAILED' }
    assert.deepEqual(evaluation, { state: 'COMPARING', done: 0, total: 9, gates: [{ name, state, reason }] })
    assert.deepEqual(
      disagreements.edges.map(({ node }) => node),
      [
        { imageUrl: '/media/shadow/b.jpg', agreement: 0.3 },
        { imageUrl: '/media/shadow/a.jpg', agreement: 0.4 },
      ],
    )
    const judge = async (id: string, better?: string) =>
      (
        await ask(
          at,
          `mutation ($i: ID!, $b: BetterModel) { judgeDisagreement(id: $i, better: $b) {
            disagreement { better judgedBy } errors { code } } }`,
          { i: id, b: better },
        )
      ).data.judgeDisagreement
    assert.deepEqual((await judge(`${fresh}/f-2`, 'CANDIDATE')).disagreement, {
      better: 'CANDIDATE',
      judgedBy: 'admin',
    })
    assert.deepEqual((await judge(`${fresh}/f-2`)).disagreement, { better: null, judgedBy: null })
    assert.equal((await judge(`${fresh}/f-9`, 'NEITHER')).errors[0].code, 'NOT_FOUND')
    const cancel = async () =>
      (await ask(at, `mutation { cancelEvaluation(digest: "${fresh}") { evaluation { state } errors { code } } }`)).data
        .cancelEvaluation
    assert.equal((await cancel()).evaluation.state, 'COMPARING')
    await database.updateTable('model_evaluations').set({ state: 'cancelled' }).execute()
    assert.equal((await cancel()).errors[0].code, 'CONFLICT')
  })
})
