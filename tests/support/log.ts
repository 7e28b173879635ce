import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { EmbeddedLog } from '../../platform/adapters/log-embedded/embedded-log.ts'
import { systemClock } from '../../platform/adapters/system-clock.ts'
import type { TopicName } from '../../platform/events/topics.ts'
import type { Log, LogRecord } from '../../platform/ports/log.ts'
import { defer } from './defer.ts'

/** A real log in a folder of its own, gone after the test. */
export async function openLog(t: TestContext): Promise<EmbeddedLog> {
  const directory = await mkdtemp(join(tmpdir(), 'sentinel-log-'))
  const log = await EmbeddedLog.open({ directory, clock: systemClock })
  defer(t, async () => {
    await log.close()
    await rm(directory, { recursive: true })
  })
  return log
}

/** Everything a topic holds, partition after partition. */
export async function readTopic(log: Log, topic: TopicName, partitions = 4): Promise<LogRecord[]> {
  const out: LogRecord[] = []
  for (let partition = 0; partition < partitions; partition++) {
    for (let offset = 0; ; ) {
      const records = await log.read(topic, partition, offset, 1000)
      if (records.length === 0) break
      out.push(...records)
      offset = records.at(-1)!.offset + 1
    }
  }
  return out
}

/** Resolves once `condition` holds; fails the test when it does not within `ms`. */
export async function eventually(condition: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
  for (const end = Date.now() + ms; !(await condition()); ) {
    if (Date.now() > end) throw new Error(`Still not true after ${ms} ms: ${condition}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
