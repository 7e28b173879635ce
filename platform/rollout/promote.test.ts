import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { defer } from '../../tests/support/defer.ts'
import { noGit, startGitServer } from '../../tests/support/git-server.ts'
import { addModel, digestNamed } from '../../tests/support/models.ts'
import { freshDatabase } from '../../tests/support/postgres.ts'
import { GitRepository } from '../adapters/repository-git/git-repository.ts'
import type { Remote } from '../adapters/repository-git/remote.ts'
import { joined, say } from '../said.ts'
import { TestClock } from '../testing.ts'
import { deploymentIn, kustomizationOf } from './deployment.ts'
import { promoteModel, rollBack, startWith } from './promote.ts'
import { recordCommits } from './record.ts'

const [A, B, C] = ['a', 'b', 'c'].map(digestNamed) as [string, string, string]

/** A repository that starts with A, and the models A, B and C. */
async function world(t: TestContext, remote?: Remote) {
  const { database } = await freshDatabase(t)
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-rollout-'))
  defer(t, () => rm(folder, { recursive: true }))
  const repository = await GitRepository.open({ directory: join(folder, 'gitops.git'), remote })
  const desk = { database, repository, clock: new TestClock() }
  for (const name of ['a', 'b', 'c']) await addModel(database, name)
  await startWith(desk, { digest: A, name: 'a' }, 'operator')
  const promote = (digest: string, more: object = {}) =>
    promoteModel(desk, { digest, by: 'ada', reason: 'it is better', isForced: true, ...more })
  const told = async () => {
    const rows = await database.selectFrom('outbox').selectAll().orderBy('sequence').execute()
    return rows.map(
      ({ headers, key }) => `${headers.ce_type?.split('.')[2]} ${key === A ? 'a' : key === B ? 'b' : 'c'}`,
    )
  }
  const running = async () => deploymentIn((await repository.head())!.text)
  return { ...desk, desk, promote, told, running }
}

describe('promotions are commits', () => {
  test('a promotion is one commit that names the file and its sha256, and says who, why and by which figures', async (t) => {
    const { repository, promote, told, running } = await world(t)
    const row = await promote(B, { figures: ['AP50: 40 % → 52 %'] })
    assert.deepEqual([row.kind, row.model, row.previous, row.by, row.reason], ['promote', B, A, 'ada', 'it is better'])
    assert.deepEqual(await running(), { model: { digest: B, name: 'b' } })
    const head = (await repository.head())!
    assert.equal(row.commit, head.id)
    assert.match(head.text!, new RegExp(`SENTINEL_MODEL_URI=s3://sentinel-models/${B}.onnx`))
    assert.match(head.message, /^Promote b to all cameras\n\nit is better\n\n- AP50: 40 % → 52 %\n\nSentinel-Id: /)
    assert.deepEqual(await told(), ['promoted a', 'promoted b'])
  })

  test('what Sentinel says of it is in the commit and in its row by name too; of a person’s own words there is no name', async (t) => {
    const { promote } = await world(t)
    const said = joined([say('rollout.canaryDidWell', {}), say('rollout.nothingWorse', { seconds: 60 })])
    const row = await promote(B, { reason: said })
    assert.deepEqual([row.reason, row.reason_told], [said.text, said.told])
    assert.equal((await promote(C)).reason_told, null)
  })

  test('a canary stands beside the model that runs, and a rollback leaves that one alone', async (t) => {
    const { desk, promote, told, running } = await world(t)
    const row = await promote(B, { share: 0.25 })
    assert.deepEqual([row.kind, row.model, row.canary, row.share, row.subject], ['canary', A, B, 0.25, B])
    assert.deepEqual((await running()).canary, { digest: B, name: 'b', share: 0.25 })
    const back = await rollBack(desk, { by: 'watch', reason: 'it sees nothing' })
    assert.deepEqual([back.kind, back.model, back.canary, back.subject], ['rollback', A, null, B])
    assert.deepEqual(await running(), { model: { digest: A, name: 'a' } })
    assert.deepEqual(await told(), ['promoted a', 'promoted b', 'rolled-back b'])
  })

  test('a rollback reverts every commit of a promotion, and never goes back to what was taken back before', async (t) => {
    const { desk, repository, promote, running } = await world(t)
    await promote(B, { share: 0.25 })
    await promote(B)
    await promote(C)
    await rollBack(desk, { by: 'ada', reason: 'c is worse' })
    assert.equal((await running()).model.digest, B)
    await rollBack(desk, { by: 'ada', reason: 'b is worse too' })
    assert.equal((await running()).model.digest, A)
    const { message } = (await repository.head())!
    assert.match(message, /^Revert "Promote b to all cameras"/)
    assert.equal(message.match(/This reverts commit/g)!.length, 2)
    await assert.rejects(rollBack(desk, { by: 'ada', reason: 'again' }), { code: 'CONFLICT', message: /no earlier/ })
  })

  test('one event promotes once, also when the process was killed before it could write the commit down', async (t) => {
    const { database, repository, promote, told } = await world(t)
    await promote(B, { cause: 'event-1' })
    // As a kill between commit and database leaves it.
    await database.deleteFrom('rollouts').where('subject', '=', B).execute()
    await database.deleteFrom('outbox').where('key', '=', B).execute()
    await promote(B, { cause: 'event-1' })
    assert.deepEqual([(await repository.history(9)).length, await told()], [2, ['promoted a', 'promoted b']])
    await promote(B, { cause: 'event-1' })
    assert.deepEqual([(await repository.history(9)).length, await told()], [2, ['promoted a', 'promoted b']])
  })

  test('what runs already, what nobody knows and what has not passed its gates is refused with what to do', async (t) => {
    const { database, desk, promote } = await world(t)
    await assert.rejects(promote(A), { code: 'CONFLICT', message: /a runs already/ })
    await assert.rejects(promote(digestNamed('d')), { code: 'NOT_FOUND', message: /sentinel model add/ })
    const plain = { digest: B, by: 'ada', reason: 'r' }
    await assert.rejects(promoteModel(desk, plain), { code: 'CONFLICT', message: /not been held against.*with force/ })
    const row = { digest: B, running: A, cause: 'e', started_at: new Date() }
    await database
      .insertInto('model_evaluations')
      .values({ ...row, state: 'failed', reason: 'It is blind.' })
      .execute()
    await assert.rejects(promoteModel(desk, plain), { code: 'CONFLICT', message: /gates have failed.*It is blind\./ })
    await database.updateTable('model_evaluations').set({ state: 'passed' }).execute()
    assert.equal((await promoteModel(desk, plain)).model, B)
  })

  test('a commit that somebody made with Git alone is taken and told like any other', async (t) => {
    const { desk, repository, told } = await world(t)
    const onto = (await repository.head())!.id
    const by = { author: 'Bob', at: Date.parse('2026-06-02T08:00:00Z') }
    const text = kustomizationOf({ model: { digest: C, name: 'c' } })
    const { id } = await repository.commit({ onto, text, message: 'Take c', ...by })
    const row = (await recordCommits(desk))!
    assert.deepEqual([row.kind, row.model, row.by, row.reason], ['change', C, 'Bob', 'Take c'])
    // `git revert` by hand.
    const old = kustomizationOf({ model: { digest: A, name: 'a' } })
    const message = `Revert "Take c"\n\nThis reverts commit ${id}.`
    await repository.commit({ onto: id, text: old, message, ...by })
    const back = (await recordCommits(desk))!
    assert.deepEqual([back.kind, back.model, back.subject], ['rollback', A, C])
    assert.deepEqual(await told(), ['promoted a', 'promoted c', 'rolled-back c'])
  })

  test('commits that leave the file as it was are none of models’, and none that a rollback goes back to', async (t) => {
    const { desk, repository, promote, told, running } = await world(t)
    await promote(B)
    const { id: onto, text } = (await repository.head())!
    const change = { text: text!, message: 'Say hello', author: 'Bob', at: 0 }
    await repository.commit({ ...change, onto })
    assert.equal((await recordCommits(desk))!.commit, onto)
    const back = await rollBack(desk, { by: 'ada', reason: 'b is worse' })
    assert.equal((await running()).model.digest, A)
    const { message } = (await repository.head())!
    assert.match(message, /^Revert "Promote b to all cameras"\n\nThis reverts commit \w+\.\n\n/)
    assert.deepEqual([back.kind, await told()], ['rollback', ['promoted a', 'promoted b', 'rolled-back b']])
  })

  test('what was committed while the remote repository was away is laid onto what others did there, and is still what is to run', {
    skip: noGit,
  }, async (t) => {
    const server = await startGitServer(t)
    const { desk, repository, promote, told } = await world(t, { url: server.url, timeout: 1 })
    const { text } = (await repository.head())!
    server.become('failing')
    const before = await promote(B)
    server.become('well')
    await server.commitByHand('deploy/model/kustomization.yaml', kustomizationOf({ model: { digest: C, name: 'c' } }))
    await server.commitByHand('deploy/model/kustomization.yaml', text!)
    assert.equal((await repository.synchronise()).state, 'current')
    const after = (await recordCommits(desk))!
    assert.deepEqual([after.id, after.model, after.commit], [before.id, B, (await repository.head())!.id])
    assert.notEqual(after.commit, before.commit)
    assert.deepEqual(await told(), ['promoted a', 'promoted b', 'promoted c', 'promoted a'])
    assert.deepEqual(await recordCommits(desk), after)
  })

  test('what somebody else wants in the remote repository at the same time runs, and both wishes are told', {
    skip: noGit,
  }, async (t) => {
    const server = await startGitServer(t)
    const { desk, repository, promote, told, running } = await world(t, { url: server.url, timeout: 1 })
    server.become('failing')
    await promote(B)
    server.become('well')
    await server.commitByHand('deploy/model/kustomization.yaml', kustomizationOf({ model: { digest: C, name: 'c' } }))
    assert.equal((await repository.synchronise()).state, 'conflict')
    const row = (await recordCommits(desk))!
    assert.deepEqual([row.kind, row.model, row.by], ['change', C, 'Bob'])
    assert.deepEqual([(await running()).model.digest, await told()], [C, ['promoted a', 'promoted b', 'promoted c']])
    assert.equal((await promote(B)).model, B)
    assert.match(await server.git('log', '-1', '--format=%s', 'main'), /^Promote b to all cameras/)
  })

  test('a file that nobody can read is refused with what to mend, and what ran stays known', async (t) => {
    const { desk, repository, told } = await world(t)
    const { id: onto } = (await repository.head())!
    const change = { onto, message: 'Oops', author: 'Bob', at: 0 }
    await repository.commit({ ...change, text: '- SENTINEL_MODEL=latest' })
    await assert.rejects(recordCommits(desk), { code: 'INPUT_INVALID', message: /SENTINEL_MODEL .*is "latest"/ })
    assert.deepEqual(await told(), ['promoted a'])
  })
})
