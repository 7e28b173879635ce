import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { defer } from '../../support/defer.ts'
import { Checkpoint } from './checkpoint.ts'

test('an experiment that was ended goes on with what it had not done, and under other conditions begins anew', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-checkpoint-'))
  defer(t, () => rm(folder, { recursive: true }))
  const file = join(folder, 'further', 'learn.json')
  let worked = 0
  const work = async () => ({ gain: ++worked })
  const first = await Checkpoint.open(file, 'a')
  assert.deepEqual([await first.once('one', work), await first.once('one', work)], [{ gain: 1 }, { gain: 1 }])
  await assert.rejects(
    first.once('two', () => Promise.reject(new Error('killed'))),
    /killed/,
  )
  const second = await Checkpoint.open(file, 'a')
  assert.equal(second.size, 1)
  assert.deepEqual([await second.once('one', work), await second.once('two', work)], [{ gain: 1 }, { gain: 2 }])
  assert.equal((await Checkpoint.open(file, 'b')).size, 0)
  await second.forget()
  assert.ok(!existsSync(file))
})
