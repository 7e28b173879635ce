import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { addCameras } from '../../tests/support/api.ts'
import { defer } from '../../tests/support/defer.ts'
import { noGit, startGitServer } from '../../tests/support/git-server.ts'
import { addModel, digestNamed, modelThatSees } from '../../tests/support/models.ts'
import { freshDatabase } from '../../tests/support/postgres.ts'
import { GitRepository } from '../adapters/repository-git/git-repository.ts'
import type { Remote } from '../adapters/repository-git/remote.ts'
import { keepPartitions } from '../adapters/retention.ts'
import { SentinelError } from '../errors.ts'
import { kustomizationOf } from '../rollout/deployment.ts'
import { promoteModel, startWith } from '../rollout/promote.ts'
import { TestClock } from '../testing.ts'
import { Deployer } from './deployer.ts'
import { Reconciler } from './reconciler.ts'

const [A, B] = [digestNamed('a'), digestNamed('b')]
const RULES = {
  ...{ watchSeconds: 60, watchFrames: 10, watchFewer: 0.5, watchMore: 3, watchLatency: 2, watchFrameRate: 0.5 },
  ...{ watchRejected: 0.5, watchVerdicts: 5 },
}

/** A runs on four cameras that show a frame a second with four cars each, until the test says otherwise. */
async function world(t: TestContext, remote?: Remote) {
  const { database } = await freshDatabase(t)
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-reconciler-'))
  defer(t, () => rm(folder, { recursive: true }))
  const repository = await GitRepository.open({ directory: join(folder, 'gitops.git'), remote })
  const clock = new TestClock()
  const desk = { database, repository, clock }
  await addCameras(database, 4)
  await database.updateTable('cameras').set({ state: 'online' }).execute()
  await keepPartitions(database, clock.now(), { detectionsDays: 7, eventsDays: 7 })
  for (const name of ['a', 'b']) await addModel(database, name)
  await startWith(desk, { digest: A, name: 'a' }, 'operator')
  let broken: string | undefined
  const open = async (digest: string) => {
    if (digest === broken) throw new SentinelError('MODEL_INVALID', 'It was changed on the disk.')
    return modelThatSees([], 1, digest)
  }
  const deployer = new Deployer(modelThatSees([], 1, A), open)
  const errors: Error[] = []
  const reconciler = new Reconciler({ desk, deployer, rules: RULES, onError: (error) => errors.push(error) })
  /** Seconds go by in which each camera's model sees so many cars a frame. */
  const pass = async (seconds: number, cars: (digest: string) => number = () => 4) => {
    for (let n = 0; n < seconds; n++) {
      clock.advance(1000)
      const at = new Date(clock.now())
      const rows = ['cam-0', 'cam-1', 'cam-2', 'cam-3'].map((camera) => {
        const { digest } = deployer.for(camera).info
        const boxes = Array(cars(digest)).fill({ class: 'car', score: 0.9, box: [0, 0, 0.1, 0.1] })
        return {
          ...{
            captured_at: at,
            frame_id: `${camera}-${clock.now()}`,
            event_id: 'e',
            camera_id: camera,
            detected_at: at,
          },
          ...{ capture_clock: 'arrival', width: 64, height: 36, model_digest: digest, model_name: 'm' },
          boxes: JSON.stringify(boxes),
          timings: JSON.stringify({ queueMs: 1, prepareMs: 1, inferMs: 10, decodeMs: 1 }),
        }
      })
      await database.insertInto('detections').values(rows).execute()
    }
  }
  const promote = (share: number) => promoteModel(desk, { digest: B, by: 'ada', reason: 'r', share, isForced: true })
  const titles = async () => (await repository.history(9)).map(({ message }) => message.split('\n')[0]).reverse()
  const rollouts = () => database.selectFrom('rollouts').selectAll().orderBy('sequence').execute()
  await reconciler.step()
  const tamper = (digest: string): void => {
    broken = digest
  }
  return { desk, deployer, reconciler, errors, pass, promote, titles, rollouts, tamper }
}

describe('what the repository says is made true', () => {
  test('a canary that does well goes to all cameras, and stays', async (t) => {
    const { deployer, reconciler, pass, promote, titles } = await world(t)
    await pass(40)
    await promote(0.25)
    await reconciler.step()
    assert.equal(deployer.canaryCameras.length, 1)
    await pass(61)
    await reconciler.step()
    await reconciler.step()
    assert.deepEqual([deployer.info.digest, deployer.canaryCameras], [B, []])
    await pass(200)
    await reconciler.step()
    assert.deepEqual(await titles(), ['Start with a', 'Promote b to 25 % of the cameras', 'Promote b to all cameras'])
  })

  test('a canary that goes blind is taken back by a revert with the figures, long before its watch is over', async (t) => {
    const { desk, deployer, reconciler, pass, promote, titles } = await world(t)
    await pass(40)
    await promote(0.25)
    await reconciler.step()
    await pass(15, (digest) => (digest === B ? 0 : 4))
    await reconciler.step()
    await reconciler.step()
    assert.deepEqual([deployer.info.digest, deployer.canaryCameras], [A, []])
    assert.equal((await titles()).at(-1), 'Revert "Promote b to 25 % of the cameras"')
    const { message, author } = (await desk.repository.head())!
    assert.match(message, /finds 0\.00 boxes a frame where the model before it found 4\.00/)
    assert.match(message, /- boxes a frame: 4\.00 before, 0\.00 now, in 15 frames/)
    assert.equal(author, 'rollout-watch')
    // What was gone back to is not taken back too.
    await pass(100, () => 0)
    await reconciler.step()
    assert.equal((await titles()).length, 3)
  })

  test('a canary stays watched when somebody commits something else', async (t) => {
    const { desk, deployer, reconciler, pass, promote } = await world(t)
    await pass(40)
    await promote(0.25)
    await reconciler.step()
    const { id: onto, text } = (await desk.repository.head())!
    await desk.repository.commit({ onto, text: text!, message: 'Say hello', author: 'Bob', at: 0 })
    await pass(15, (digest) => (digest === B ? 0 : 4))
    await reconciler.step()
    await reconciler.step()
    assert.deepEqual([deployer.info.digest, deployer.canaryCameras], [A, []])
  })

  test('a remote repository that is away keeps nothing from running, is told, and gets everything later', {
    skip: noGit,
  }, async (t) => {
    const server = await startGitServer(t)
    const { desk, deployer, reconciler, promote } = await world(t, { url: server.url, timeout: 20 })
    server.become('failing')
    await promote(1)
    await reconciler.step()
    assert.equal(deployer.info.digest, B)
    assert.match(reconciler.trouble!.text, /^Changes wait for the Git remote .* it answers 503\./)
    server.become('well')
    desk.clock.advance(30_000)
    await reconciler.step()
    assert.equal(reconciler.trouble, undefined)
    assert.match(await server.git('log', '-1', '--format=%s', 'main'), /^Promote b to all cameras/)
    await server.commitByHand('deploy/model/kustomization.yaml', kustomizationOf({ model: { digest: A, name: 'a' } }))
    desk.clock.advance(30_000)
    await reconciler.step()
    await reconciler.step()
    assert.equal(deployer.info.digest, A)
  })

  test('one that was forced upon all cameras is watched too', async (t) => {
    const { deployer, reconciler, pass, promote } = await world(t)
    await pass(40)
    await promote(1)
    await reconciler.step()
    assert.equal(deployer.info.digest, B)
    await pass(12, () => 0)
    await reconciler.step()
    await reconciler.step()
    assert.equal(deployer.info.digest, A)
  })

  test('a file that was tampered with never runs: the commit is reverted, and health says why until all is well', async (t) => {
    const { deployer, reconciler, promote, titles, rollouts, tamper } = await world(t)
    tamper(B)
    await promote(1)
    await reconciler.step()
    assert.equal(deployer.info.digest, A)
    assert.match(reconciler.trouble!.text, /changed on the disk\. The model before it goes on\./)
    assert.equal((await titles()).at(-1), 'Revert "Promote b to all cameras"')
    assert.match((await rollouts())[1]!.failure!, /changed on the disk/)
    await reconciler.step()
    assert.equal(reconciler.trouble, undefined)
    assert.ok((await rollouts())[2]!.applied_at)
  })

  test('a model that another machine promoted and that is not here yet is waited for, told, and taken back nowhere', async (t) => {
    const { desk, deployer, reconciler, titles, tamper } = await world(t)
    const C = digestNamed('c')
    tamper(C)
    const { id } = (await desk.repository.head())!
    const text = kustomizationOf({ model: { digest: C, name: 'c' } })
    await desk.repository.commit({ onto: id, text, message: 'From afar', author: 'Bob', at: desk.clock.now() })
    await reconciler.step()
    assert.equal(deployer.info.digest, A)
    assert.match(reconciler.trouble!.text, /changed on the disk/)
    assert.equal((await titles()).at(-1), 'From afar')
    tamper('')
    await reconciler.step()
    assert.deepEqual([deployer.info.digest, reconciler.trouble], [C, undefined])
    const known = desk.database.selectFrom('models').select('digest').where('digest', '=', C)
    assert.ok(await known.executeTakeFirst())
  })

  test('killed between the commit and its application, the next start applies it and tells it once', async (t) => {
    const { desk, reconciler, deployer, promote, rollouts } = await world(t)
    await promote(1)
    await desk.database.deleteFrom('rollouts').where('subject', '=', B).execute()
    await desk.database.deleteFrom('outbox').execute()
    await reconciler.step()
    await reconciler.step()
    assert.equal(deployer.info.digest, B)
    assert.equal((await rollouts()).length, 2)
    assert.equal((await desk.database.selectFrom('outbox').selectAll().execute()).length, 1)
  })

  test('an outage is told and tried again', async (t) => {
    const { desk, reconciler, errors, rollouts, promote } = await world(t)
    await promote(1)
    const { database } = desk
    await database.schema.alterTable('rollouts').renameTo('away').execute()
    await reconciler.step()
    assert.ok(reconciler.trouble && errors.length === 1)
    await database.schema.alterTable('away').renameTo('rollouts').execute()
    await reconciler.step()
    assert.deepEqual([reconciler.trouble, (await rollouts()).at(-1)!.applied_at !== null], [undefined, true])
  })
})
