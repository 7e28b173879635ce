import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { defer } from '../../../tests/support/defer.ts'
import { logContract } from '../../ports/log.contract.ts'
import { systemClock } from '../system-clock.ts'
import { EmbeddedLog } from './embedded-log.ts'

logContract('embedded', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'sentinel-log-'))
  const log = await EmbeddedLog.open({ directory, clock: systemClock })
  return {
    log,
    dispose: async () => {
      await log.close()
      await rm(directory, { recursive: true })
    },
  }
})

test('a disk that takes no more is an outage until something is written again', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'sentinel-log-'))
  const log = await EmbeddedLog.open({ directory, clock: systemClock })
  defer(t, async () => {
    await log.close()
    await rm(directory, { recursive: true })
  })
  const folder = join(directory, 'events.cameras', '0')
  const write = () => log.produce('events.cameras', [{ key: null, value: Buffer.from('x'), headers: {} }])
  await rm(folder, { recursive: true, force: true })
  await writeFile(folder, 'a file is in its place')
  await assert.rejects(write(), { code: 'LOG_UNAVAILABLE' })
  await assert.rejects(log.check(), { code: 'LOG_UNAVAILABLE', message: /cannot write to .*Free disk space/ })
  await log.produce('frames', [{ key: null, value: Buffer.from('in memory'), headers: {} }])
  await assert.rejects(log.check(), { code: 'LOG_UNAVAILABLE' })
  await rm(folder)
  await mkdir(folder)
  await write()
  await log.check()
})
