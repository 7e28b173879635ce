import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
