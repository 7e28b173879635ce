import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import { defer } from '../../../tests/support/defer.ts'
import { openDatabase } from '../database-postgres.ts'
import { startPostgres } from './server.ts'

const directories: string[] = []
after(() => Promise.all(directories.map((directory) => rm(directory, { recursive: true, force: true }))))

async function dataDirectory(mode: number): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'sentinel data-'))
  await chmod(directory, mode)
  directories.push(directory)
  return directory
}

async function once<T>(url: string, statement: string): Promise<T[]> {
  const { database, close } = openDatabase(url)
  try {
    return (await sql.raw<T>(statement).execute(database)).rows
  } finally {
    await close()
  }
}

test('a second start finds what the first stored, also under a folder that is closed to others', async (t) => {
  const directory = await dataDirectory(0o700)
  const first = await startPostgres({ directory })
  await once(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer')
  await first.stop()
  const second = await startPostgres({ directory })
  defer(t, () => second.stop())
  assert.deepEqual(await once(second.url, 'SELECT answer FROM kept'), [{ answer: 42 }])
})

test('a server that was left behind is ended, and what it had committed is there', async (t) => {
  const directory = await dataDirectory(0o755)
  const left = await startPostgres({ directory })
  await once(left.url, 'CREATE TABLE kept AS SELECT 42 AS answer')
  const next = await startPostgres({ directory })
  defer(t, () => next.stop())
  await assert.rejects(left.died, /ended by itself/)
  assert.deepEqual(await once(next.url, 'SELECT answer FROM kept'), [{ answer: 42 }])
})

test('a process that took the number of an ended server over is left alone', async (t) => {
  const directory = await dataDirectory(0o755)
  const first = await startPostgres({ directory })
  await first.stop()
  const other = spawn('sleep', ['60'])
  defer(t, () => void other.kill())
  const pidFile = join(directory, 'postgres', 'postmaster.pid')
  await writeFile(pidFile, `${other.pid}\n${join(directory, 'postgres')}\n`)
  const second = await startPostgres({ directory })
  defer(t, () => second.stop())
  assert.deepEqual([other.exitCode, other.signalCode], [null, null])
  assert.notEqual((await readFile(pidFile, 'utf8')).split('\n')[0], `${other.pid}`)
})

test('a password that is not the one of the files is told at once', async () => {
  const directory = await dataDirectory(0o755)
  const first = await startPostgres({ directory })
  await first.stop()
  await writeFile(join(directory, 'postgres-password'), 'another')
  await assert.rejects(startPostgres({ directory }), { code: 'CONFIGURATION_INVALID', message: /postgres-password/ })
})

test('it asks for its password, which only this user can read', async (t) => {
  const directory = await dataDirectory(0o755)
  const { url, stop } = await startPostgres({ directory })
  defer(t, stop)
  const wrong = Object.assign(new URL(url), { password: 'wrong' }).href
  await assert.rejects(once(wrong, 'SELECT 1'), /password authentication failed/)
  assert.equal((await stat(join(directory, 'postgres-password'))).mode & 0o777, 0o600)
})
