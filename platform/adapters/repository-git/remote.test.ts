import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { defer } from '../../../tests/support/defer.ts'
import { noGit, startGitServer } from '../../../tests/support/git-server.ts'
import { GitRepository } from './git-repository.ts'

const FILE = 'deploy/model/kustomization.yaml'
const AT = Date.parse('2026-06-01T08:00:00Z')
const WELL = { state: 'current', message: '', told: [] }

type Login = { readonly username: string; readonly password?: string }

/** A server, and a repository here that is exchanged with it and says `one` on both sides. */
async function world(t: TestContext) {
  const server = await startGitServer(t)
  const { repository, say, directory } = await openHere(t, server.url)
  await say('one')
  assert.deepEqual(await repository.synchronise(), WELL)
  return { server, repository, say, directory }
}

async function openHere(t: TestContext, url: string, login: Login | undefined = undefined) {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-remote-'))
  defer(t, () => rm(folder, { recursive: true, force: true }))
  const directory = join(folder, 'gitops.git')
  const repository = await GitRepository.open({ directory, remote: { url, timeout: 0.5, ...login } })
  const say = async (text: string) => {
    const onto = (await repository.head())?.id
    return repository.commit({ onto, text, message: `Say ${text}`, author: 'Ada', at: AT })
  }
  return { repository, say, directory }
}

describe('a remote repository on a real Git server', { skip: noGit }, () => {
  test('what is committed here is pushed there, and what others push is taken', async (t) => {
    const { server, repository, say } = await world(t)
    assert.equal(await server.git('show', `main:${FILE}`), 'one')
    await server.commitByHand(FILE, 'two')
    assert.deepEqual(await repository.synchronise(), WELL)
    assert.deepEqual([(await repository.head())!.text, (await repository.head())!.author], ['two', 'Bob'])
    await say('three')
    assert.deepEqual(await repository.synchronise(), WELL)
    assert.equal(
      await server.git('log', '--format=%an %s', 'main'),
      `Ada Say three\nBob Change ${FILE} by hand\nAda Say one\n`,
    )
    await server.git('fsck', '--strict')
  })

  test('commits of both sides come one after the other where they do not touch the same file', async (t) => {
    const { server, repository, say } = await world(t)
    await say('two')
    await say('three')
    await server.commitByHand('README', 'hello')
    assert.deepEqual(await repository.synchronise(), WELL)
    assert.deepEqual(
      (await repository.history(9)).map(({ message, author, text }) => [message, author, text]),
      [
        ['Say three', 'Ada', 'three'],
        ['Say two', 'Ada', 'two'],
        ['Change README by hand', 'Bob', 'one'],
        ['Say one', 'Ada', 'one'],
      ],
    )
    assert.equal(await server.git('show', 'main:README'), 'hello')
  })

  test('who changed the file there goes before who changed it here; the change made here is kept, and both are told', async (t) => {
    const { server, repository, say, directory } = await world(t)
    const ours = await say('ours')
    await server.commitByHand(FILE, 'theirs')
    const { state, message } = await repository.synchronise()
    assert.equal(state, 'conflict')
    assert.match(message, /Theirs counts; the one made here is kept as refs\/sentinel\/set-aside\/\w+\. Promote again/)
    assert.equal((await repository.head())!.text, 'theirs')
    assert.equal(await server.git('show', `main:${FILE}`), 'theirs')
    assert.deepEqual(await repository.synchronise(), WELL)
    const ref = /refs\/sentinel\/\S+\w/.exec(message)![0]
    assert.equal(execFileSync('git', ['rev-parse', ref], { cwd: directory, encoding: 'utf8' }).trim(), ours.id)
  })

  test('the same change on both sides is no conflict', async (t) => {
    const { server, repository, say } = await world(t)
    await say('two')
    await server.commitByHand(FILE, 'two')
    assert.deepEqual(await repository.synchronise(), WELL)
    assert.deepEqual([(await repository.head())!.author, (await repository.history(9)).length], ['Bob', 2])
  })

  test('whoever pushes between the look and the push is not overwritten', async (t) => {
    const { server, repository, say } = await world(t)
    await say('two')
    server.beforeNextPush(() => server.commitByHand('README', 'faster'))
    assert.deepEqual(await repository.synchronise(), WELL)
    const story = await server.git('log', '--format=%s', 'main')
    assert.equal(story, 'Say two\nChange README by hand\nSay one\n')
  })

  test('a server that is gone, fails or says nothing is waited for within a time limit, and gets everything later', async (t) => {
    const { server, repository, say } = await world(t)
    await say('two')
    for (const [mood, why] of [
      ['failing', /it answers 503\. What runs here goes on, and it is tried again/],
      ['silent', /it has said nothing for 0\.5 s/],
    ] as const) {
      server.become(mood)
      const startedAt = performance.now()
      const { state, message } = await repository.synchronise()
      assert.equal(state, 'waiting')
      assert.match(message, why)
      assert.ok(performance.now() - startedAt < 3000)
      assert.equal((await repository.head())!.text, 'two')
    }
    server.become('well')
    assert.deepEqual(await repository.synchronise(), WELL)
    assert.equal(await server.git('show', `main:${FILE}`), 'two')
  })

  test('where nothing listens the address is named', async (t) => {
    const { repository } = await openHere(t, 'http://127.0.0.1:9/deploy.git')
    const { state, message } = await repository.synchronise()
    assert.equal(state, 'waiting')
    assert.match(
      message,
      /remote http:\/\/127\.0\.0\.1:9\/deploy\.git: nothing answers there \(.+\); check the address/,
    )
  })

  test('a repository that is not there, and a server that refuses the push, say what to do', async (t) => {
    const { server, repository, say } = await world(t)
    const { repository: lost } = await openHere(t, server.url.replace('deploy', 'elsewhere'))
    assert.match((await lost.synchronise()).message, /there is no repository.*correct SENTINEL_GIT_REMOTE/)
    const refusing = '#!/bin/sh\necho "main is protected" >&2\nexit 1\n'
    await writeFile(join(server.directory, 'hooks', 'pre-receive'), refusing, { mode: 0o755 })
    await say('two')
    const { state, message } = await repository.synchronise()
    assert.equal(state, 'waiting')
    assert.match(message, /it refuses the push \(.*hook declined.*\); allow it there/)
  })

  test('the login goes to the server and nowhere else', async (t) => {
    const login = { username: 'sentinel', password: 'a-secret-token' }
    const server = await startGitServer(t, { login })
    for (const wrong of [undefined, { username: 'sentinel', password: 'wrong-token' }]) {
      const { repository, say } = await openHere(t, server.url, wrong)
      await say('one')
      const { state, message } = await repository.synchronise()
      assert.equal(state, 'waiting')
      assert.match(message, /does not take the login \(401\); put one that may push into SENTINEL_GIT_REMOTE/)
      assert.doesNotMatch(message, /wrong-token/)
    }
    const { repository, say, directory } = await openHere(t, server.url, login)
    await say('one')
    assert.deepEqual(await repository.synchronise(), WELL)
    const written = await readdir(directory, { recursive: true, withFileTypes: true })
    for (const file of written.filter((entry) => entry.isFile()))
      assert.ok(!(await readFile(join(file.parentPath, file.name), 'latin1')).includes(login.password), file.name)
  })
})
