import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { defer } from '../../tests/support/defer.ts'
import { objectsContract } from '../ports/objects.contract.ts'
import { FileObjects } from './objects-files.ts'

objectsContract('files', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'sentinel-objects-'))
  defer(t, () => rm(directory, { recursive: true }))
  return new FileObjects(directory)
})

test('a store whose folder cannot be written is an outage that names the reason', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'sentinel-objects-'))
  defer(t, () => rm(directory, { recursive: true }))
  const path = join(directory, 'objects')
  const objects = new FileObjects(path)
  await writeFile(path, 'a file is in its place')
  await assert.rejects(objects.check(), { code: 'OBJECTS_UNAVAILABLE', message: /EEXIST|ENOTDIR/ })
  await rm(path)
  await objects.check()
})
