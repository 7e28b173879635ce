import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defer } from '../../tests/support/defer.ts'
import { objectsContract } from '../ports/objects.contract.ts'
import { FileObjects } from './objects-files.ts'

objectsContract('files', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'sentinel-objects-'))
  defer(t, () => rm(directory, { recursive: true }))
  return new FileObjects(directory)
})
