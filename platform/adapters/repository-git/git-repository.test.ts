import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { defer } from '../../../tests/support/defer.ts'
import { repositoryContract } from '../../ports/repository.contract.ts'
import { GitRepository } from './git-repository.ts'

const run = promisify(execFile)
const AT = Date.parse('2026-06-01T08:00:00Z')

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'sentinel-git-'))
  defer(t, () => rm(path, { recursive: true, force: true }))
  return path
}

repositoryContract('git', async (t) => {
  const directory = join(await folder(t), 'gitops.git')
  return () => GitRepository.open({ directory })
})

const hasGit = await run('git', ['--version']).then(
  () => true,
  () => false,
)

describe('beside Git itself', { skip: hasGit ? false : 'no git on this machine' }, () => {
  test('git reads what was committed, finds nothing wrong, and what it commits and packs is read back', async (t) => {
    const home = await folder(t)
    const directory = join(home, 'gitops.git')
    const repository = await GitRepository.open({ directory })
    const first = await repository.commit({ onto: undefined, text: 'one\n', message: 'Begin', author: 'Ada', at: AT })
    const git = async (cwd: string, ...args: string[]) => (await run('git', args, { cwd })).stdout
    assert.equal(await git(directory, 'show', 'HEAD:deploy/model/kustomization.yaml'), 'one\n')
    assert.match(await git(directory, 'log', '--format=%an %s %aI'), /^Ada Begin 2026-06-01T08:00:00\+00:00$/m)
    await git(directory, 'fsck', '--strict')

    const clone = join(home, 'clone')
    await git(home, 'clone', '-q', directory, clone)
    const person = ['-c', 'user.name=Bob', '-c', 'user.email=bob@h.invalid']
    await run('sh', ['-c', 'echo two > deploy/model/kustomization.yaml; echo hello > README'], { cwd: clone })
    await git(clone, 'add', '-A')
    await git(clone, ...person, 'commit', '-q', '-m', 'By hand')
    await git(clone, 'push', '-q')
    await git(directory, 'gc', '-q')
    const head = await repository.head()
    assert.deepEqual([head!.text, head!.author, head!.parent], ['two\n', 'Bob', first.id])

    // What else is in the repository stays.
    await repository.commit({ onto: head!.id, text: 'three\n', message: 'Go on', author: 'Ada', at: AT })
    assert.equal(await git(directory, 'show', 'HEAD:README'), 'hello\n')
    await git(directory, 'fsck', '--strict')
  })
})
