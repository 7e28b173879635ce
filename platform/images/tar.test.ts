import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { defer } from '../../tests/support/defer.ts'
import { tarOf } from './tar.ts'
import { RUNNABLE, textFile } from './tree.ts'

const run = promisify(execFile)
const DEEP = `${'folder/'.repeat(20)}file.txt`

async function listed(t: TestContext, archive: Buffer): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-tar-'))
  defer(t, () => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'a.tar'), archive)
  const { stdout } = await run('tar', ['--numeric-owner', '--utc', '-tvf', join(folder, 'a.tar')])
  return stdout.trimEnd().split('\n')
}

describe('an archive', () => {
  test('has each folder once and before its files, all owned by root and as old as 1970', async (t) => {
    const files = [
      { ...textFile('usr/bin/node', 'x'.repeat(600)), mode: RUNNABLE },
      textFile('etc/passwd', 'root'),
      textFile('usr/bin/.hidden', ''),
    ]
    const lines = await listed(t, await tarOf(files, new Set(['tmp'])))
    assert.deepEqual(
      lines.map((line) => line.replace(/ +/g, ' ')),
      [
        'drwxr-xr-x 0/0 0 1970-01-01 00:00 etc/',
        '-rw-r--r-- 0/0 4 1970-01-01 00:00 etc/passwd',
        'drwxrwxrwt 0/0 0 1970-01-01 00:00 tmp/',
        'drwxr-xr-x 0/0 0 1970-01-01 00:00 usr/',
        'drwxr-xr-x 0/0 0 1970-01-01 00:00 usr/bin/',
        '-rw-r--r-- 0/0 0 1970-01-01 00:00 usr/bin/.hidden',
        '-rwxr-xr-x 0/0 600 1970-01-01 00:00 usr/bin/node',
      ],
    )
  })

  test('keeps a path that is longer than its field for names', async (t) => {
    const lines = await listed(t, await tarOf([textFile(DEEP, 'deep')]))
    assert.ok(lines.at(-1)!.endsWith(DEEP))
  })

  test('refuses a path that no slash parts', async () => {
    await assert.rejects(tarOf([textFile('n'.repeat(101), '')]), /too long for a tar archive/)
  })

  test('is the same for the same files in any order', async () => {
    const files = ['b', 'a/c', 'a/b'].map((path) => textFile(path, path))
    assert.deepEqual(await tarOf(files), await tarOf(files.toReversed()))
  })
})
