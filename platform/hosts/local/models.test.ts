import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { defer } from '../../../tests/support/defer.ts'
import { noGit, startGitServer } from '../../../tests/support/git-server.ts'
import { freshDatabase } from '../../../tests/support/postgres.ts'
import { tinyYolox } from '../../../tests/support/tiny-yolox.ts'
import { FileObjects } from '../../adapters/objects-files.ts'
import { GitRepository } from '../../adapters/repository-git/git-repository.ts'
import { systemClock } from '../../adapters/system-clock.ts'
import { readEnvironment } from '../../env.ts'
import { digestOf, storeModel } from '../../models/store.ts'
import { deploymentIn, kustomizationOf } from '../../rollout/deployment.ts'
import { openModels } from './models.ts'
import { Settings } from './settings.ts'

const FILE = 'deploy/model/kustomization.yaml'
const [OURS, THEIRS] = [tinyYolox(['car', 'bus']), tinyYolox(['car', 'truck'])]
const digest = digestOf(THEIRS)

/** A data directory that nothing was ever started in, and a remote repository. */
async function world(t: TestContext) {
  const server = await startGitServer(t)
  const { database } = await freshDatabase(t)
  const directory = await mkdtemp(join(tmpdir(), 'sentinel-adopting-'))
  defer(t, () => rm(directory, { recursive: true, force: true }))
  const objects = new FileObjects(join(directory, 'objects'))
  const remote = { url: server.url, timeout: 20 }
  const repository = await GitRepository.open({ directory: join(directory, 'gitops.git'), remote })
  const model = join(directory, 'ours.onnx')
  await writeFile(model, OURS)
  const notes: string[] = []
  const start = async (more: Record<string, string> = { SENTINEL_MODEL: model }) => {
    const wanted = readEnvironment(Settings, { SENTINEL_DETECT_WORKERS: '1', ...more })
    const say = { onProgress: () => {}, onNote: (note: string) => void notes.push(note) }
    const models = (await openModels({ settings: wanted, directory, objects, repository, ...say }))!
    defer(t, () => models.deployer.close())
    await models.tell({ database, repository, clock: systemClock })
    return models.deployer.info.digest
  }
  const inRemote = async () => deploymentIn(await server.git('show', `main:${FILE}`)).model.digest
  return { server, objects, start, notes, inRemote }
}

const theirs = kustomizationOf({ model: { digest, name: 'theirs' } })

describe('a new data directory on a remote repository', { skip: noGit }, () => {
  test('runs what the repository says already, out of the object store, and changes nothing there', async (t) => {
    const { server, objects, start, notes, inRemote } = await world(t)
    const [inputWidth, inputHeight] = [64, 64]
    const card = { name: 'theirs', family: 'yolox', classes: ['car', 'truck'], inputWidth, inputHeight, side: {} }
    await storeModel(objects, THEIRS, { ...card, bytes: THEIRS.length })
    await server.commitByHand(FILE, theirs)
    assert.equal(await start({}), digest)
    assert.deepEqual([notes.filter((note) => /cannot run/.test(note)), await inRemote()], [[], digest])
    assert.equal((await server.git('log', '--format=%an', 'main')).trim(), 'Bob')
  })

  test('where that model is not in the object store it says so, and the remote repository keeps its word', async (t) => {
    const { server, start, notes, inRemote } = await world(t)
    await server.commitByHand(FILE, theirs)
    assert.notEqual(await start({}), digest)
    assert.match(
      notes.join('\n'),
      new RegExp(`cannot run here: There is no model ${digest}\\..* Bring it with sentinel model add FILE;`),
    )
    assert.equal(await inRemote(), digest)
  })

  test('one that says nothing of models gets the first commit of this one, on top of what is there', async (t) => {
    const { server, start, inRemote } = await world(t)
    await server.commitByHand('README', 'hello')
    assert.equal(await start(), digestOf(OURS))
    assert.equal(await inRemote(), digestOf(OURS))
    assert.equal(await server.git('log', '--format=%s', 'main'), 'Start with ours\nChange README by hand\n')
  })

  test('one that does not answer keeps nothing from starting, and is told', async (t) => {
    const { server, start, notes } = await world(t)
    server.become('failing')
    assert.equal(await start(), digestOf(OURS))
    assert.match(notes.join('\n'), /Changes wait for the Git remote .* answers 503/)
  })
})
