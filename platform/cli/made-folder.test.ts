import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { defer } from '../../tests/support/defer.ts'
import { isMadeFrom, takePlace } from './made-folder.ts'

const FILES = Array.from({ length: 40 }, (_, n) => `file-${n}`)

async function workplace(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-made-'))
  defer(t, () => rm(folder, { recursive: true }))
  return folder
}

/** A folder whose files all say what it was made from. */
async function make(folder: string, name: string, digest: string): Promise<string> {
  const path = join(folder, name)
  await mkdir(path)
  await Promise.all(FILES.map((file) => writeFile(join(path, file), digest)))
  return path
}

test('of many that make a folder at once each succeeds, and one whole folder is left', async (t) => {
  const folder = await workplace(t)
  const place = join(folder, 'web')
  await make(folder, 'web', 'old')
  const makers = Array.from({ length: 12 }, async (_, n) => {
    const digest = `digest-${n % 3}`
    const fresh = await make(folder, `fresh-${n}`, digest)
    await takePlace(fresh, place, digest)
    await rm(fresh, { recursive: true, force: true })
  })
  await Promise.all(makers)
  const texts = await Promise.all(FILES.map((file) => readFile(join(place, file), 'utf8')))
  assert.equal(new Set(texts).size, 1)
  assert.ok(await isMadeFrom(place, texts[0]!))
  assert.deepEqual(await readdir(folder), ['web'])
})

test('a folder is known by what it was made from', async (t) => {
  const folder = await workplace(t)
  const place = join(folder, 'web')
  assert.equal(await isMadeFrom(place, 'a'), false)
  await takePlace(await make(folder, 'fresh', 'a'), place, 'a')
  assert.deepEqual([await isMadeFrom(place, 'a'), await isMadeFrom(place, 'b')], [true, false])
})
