import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { dead, original, replayByCommand } from '../../tests/support/dead-letters.ts'
import { defer } from '../../tests/support/defer.ts'
import { readTopic } from '../../tests/support/log.ts'
import { EmbeddedLog } from '../adapters/log-embedded/embedded-log.ts'
import { systemClock } from '../adapters/system-clock.ts'
import { fromRecord } from '../events/codec.ts'

test('a dead letter of a stopped Sentinel is listed, shown and put back as it was', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-dlq-'))
  defer(t, () => rm(folder, { recursive: true, force: true }))
  const open = () => EmbeddedLog.open({ directory: join(folder, 'log'), clock: systemClock })
  const before = await open()
  await before.produce('dlq-events', [dead])
  await before.close()
  await replayByCommand(['--data-dir', folder])
  const after = await open()
  defer(t, () => after.close())
  const replayed = (await readTopic(after, 'events.cameras')).map((record) => fromRecord(record))
  assert.deepEqual(replayed, [fromRecord(original)])
})
