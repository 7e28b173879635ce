import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { GitRepository } from '../../platform/adapters/repository-git/git-repository.ts'
import type { Remote } from '../../platform/adapters/repository-git/remote.ts'
import { ModelEvaluated, type ModelEvaluation } from '../../platform/events/model.ts'
import { deploymentIn } from '../../platform/rollout/deployment.ts'
import { promoteModel, rollBack, startWith } from '../../platform/rollout/promote.ts'
import { given, TestClock } from '../../platform/testing.ts'
import { defer } from '../../tests/support/defer.ts'
import { noGit, startGitServer } from '../../tests/support/git-server.ts'
import { addModel, digestNamed } from '../../tests/support/models.ts'
import { freshDatabase } from '../../tests/support/postgres.ts'
import { modelPromoter } from './handler.ts'

const [A, B, C] = ['a', 'b', 'c'].map(digestNamed) as [string, string, string]
const PASSED: ModelEvaluation = {
  ...{ name: 'b', running: A, verdict: 'passed', reason: 'AP50: 40 % → 52 %.', comparisons: [] },
  ...{ heldOut: 9, reference: 9, live: 9, isTrained: true },
  gates: [{ name: 'accuracy', state: 'passed', value: 0.12, limit: -0.01, reason: 'AP50: 40 % → 52 %.' }],
}

/** What people say of the frames on which the two disagree has turned. */
const FLIPPED: Partial<ModelEvaluation> = {
  ...{ verdict: 'failed', reason: 'People found it right in 1 of 9 frames.' },
  gates: [
    { name: 'people', state: 'failed', value: 0.11, limit: 0.5, reason: 'People found it right in 1 of 9 frames.' },
  ],
}

async function world(t: TestContext, config: object = {}, remote?: Remote) {
  const { database } = await freshDatabase(t)
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-promoter-'))
  defer(t, () => rm(folder, { recursive: true }))
  const repository = await GitRepository.open({ directory: join(folder, 'gitops.git'), remote })
  const ports = { database, repository, clock: new TestClock() }
  for (const name of ['a', 'b', 'c']) await addModel(database, name)
  await startWith(ports, { digest: A, name: 'a' }, 'operator')
  const tell = async (more: Partial<ModelEvaluation> = {}, id = 'e-1') => {
    await given(modelPromoter, { ports, config })
      .when(ModelEvaluated.of(B, { ...PASSED, ...more }, { id }))
      .thenEmits()
    return deploymentIn((await repository.head())!.text)
  }
  const flip = () => tell(FLIPPED, 'e-2')
  const titles = async () => (await repository.history(9)).map(({ message }) => message.split('\n')[0])
  const told = async () => {
    const rows = await database.selectFrom('outbox').selectAll().orderBy('sequence').execute()
    return rows.map(({ headers, key }) => [headers.ce_type, key])
  }
  return { ports, repository, tell, flip, titles, told }
}

describe('model-promoter', () => {
  test('a candidate that passed becomes a canary, by one commit with its figures, however often it is told', async (t) => {
    const { repository, tell } = await world(t)
    const { model, canary } = await tell()
    assert.deepEqual([model.digest, canary], [A, { digest: B, name: 'b', share: 0.25 }])
    await tell()
    const history = await repository.history(9)
    assert.equal(history.length, 2)
    assert.match(history[0]!.message, /All of its gates passed\. AP50: 40 % → 52 %\.\n\n- accuracy: AP50/)
    assert.equal(history[0]!.author, 'model-promoter')
  })

  test('with a share of 1 it goes to all cameras at once', async (t) => {
    const { tell } = await world(t, { canaryShare: 1 })
    assert.deepEqual(await tell(), { model: { digest: B, name: 'b' } })
  })

  test('one that failed, was brought by somebody, or was held against what runs no more is left to people', async (t) => {
    const { repository, tell } = await world(t)
    for (const more of [{ verdict: 'failed' as const }, { isTrained: false }, { running: digestNamed('c') }])
      assert.deepEqual(await tell(more), { model: { digest: A, name: 'a' } })
    assert.equal((await repository.history(9)).length, 1)
  })

  for (const canaryShare of [0.25, 1])
    test(`of a remote repository that is away it tries again until the commit is there, once (share ${canaryShare})`, {
      skip: noGit,
    }, async (t) => {
      const server = await startGitServer(t)
      const { tell } = await world(t, { canaryShare }, { url: server.url, timeout: 1 })
      server.become('failing')
      for (let attempt = 0; attempt < 2; attempt++)
        await assert.rejects(tell(), { code: 'SERVER_UNAVAILABLE', message: /Changes wait for the Git remote/ })
      server.become('well')
      await tell()
      const story = await server.git('log', '--format=%s', 'main')
      assert.match(story, /^Promote b to .* cameras\nStart with a\n$/)
    })

  for (const canaryShare of [0.25, 1])
    test(`what people come to find worse than the model before it is taken back, once and with their figures (share ${canaryShare})`, async (t) => {
      const { repository, tell, flip, titles, told } = await world(t, { canaryShare })
      await tell()
      for (let n = 0; n < 2; n++) assert.deepEqual(await flip(), { model: { digest: A, name: 'a' } })
      assert.equal((await titles()).length, 3)
      assert.match(
        (await repository.head())!.message,
        /^Revert "Promote b .*Its gates fail after all\. .*\n\n- people: People found/s,
      )
      assert.deepEqual((await told()).at(-1), ['sentinel.model.rolled-back.v1', B])
      assert.deepEqual(await tell({}, 'e-3'), { model: { digest: A, name: 'a' } }, 'it does not come again by itself')
    })

  test('a canary that the watch handed on to all cameras is taken back as well', async (t) => {
    const { ports, tell, flip } = await world(t)
    await tell()
    await promoteModel(ports, { digest: B, by: 'rollout-watch', reason: 'it did well', isForced: true })
    assert.deepEqual(await flip(), { model: { digest: A, name: 'a' } })
  })

  test('what a person promoted is theirs to take back, unless the settings say that all or none are taken back', async (t) => {
    const [b, a] = [{ model: { digest: B, name: 'b' } }, { model: { digest: A, name: 'a' } }]
    for (const [by, takeBack, then] of [
      ['ada', 'own', b],
      ['ada', 'all', a],
      ['model-promoter', 'none', b],
    ] as const) {
      const { ports, flip } = await world(t, { takeBack })
      await promoteModel(ports, { digest: B, by, reason: 'it is better', isForced: true })
      assert.deepEqual(await flip(), then)
    }
  })

  test('nothing is taken back where another model came meanwhile, or one that it was not held against', async (t) => {
    const { ports, tell, flip } = await world(t)
    assert.deepEqual(await tell({ ...FLIPPED, running: B }), { model: { digest: A, name: 'a' } })
    await promoteModel(ports, { digest: B, by: 'model-promoter', reason: 'it is better', isForced: true })
    await promoteModel(ports, { digest: C, by: 'ada', reason: 'it is better still', isForced: true })
    assert.deepEqual(await flip(), { model: { digest: C, name: 'c' } })
    await assert.rejects(rollBack(ports, { by: 'x', reason: 'late', of: B }), {
      code: 'CONFLICT',
      message: /^c has come/,
    })
  })

  test('promotion can be switched off', async (t) => {
    const { tell } = await world(t, { promote: 'none' })
    assert.deepEqual(await tell(), { model: { digest: A, name: 'a' } })
  })
})
