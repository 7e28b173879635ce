import { join } from 'node:path'
import { EmbeddedLog } from '../adapters/log-embedded/embedded-log.ts'
import { systemClock } from '../adapters/system-clock.ts'
import { type Environment, readEnvironment } from '../env.ts'
import { SentinelError } from '../errors.ts'
import { type DeadLetter, deadLetterIn } from '../events/dead-letter.ts'
import { type TopicName, topicNames } from '../events/topics.ts'
import { adapters, openPlace } from '../hosts/adapters.ts'
import { takeDataDirectory } from '../hosts/local/data-directory.ts'
import { Settings } from '../hosts/local/settings.ts'
import type { Log, LogRecord } from '../ports/log.ts'

const LogSettings = Settings.pick({ log: true })
const PAGE = 500

/** The log of SENTINEL_LOG; without it that of a data directory whose Sentinel does not run. */
export async function withLog<T>(dataDir: string, env: Environment, work: (log: Log) => Promise<T>): Promise<T> {
  const { log: place } = readEnvironment(LogSettings, env)
  return place ? withShared(place, work) : withEmbedded(dataDir, work)
}

async function withShared<T>(place: string, work: (log: Log) => Promise<T>): Promise<T> {
  const log = await openPlace('log', adapters, place)
  try {
    return await work(log)
  } finally {
    await log.close()
  }
}

async function withEmbedded<T>(dataDir: string, work: (log: Log) => Promise<T>): Promise<T> {
  const directory = await takeDataDirectory(dataDir)
  try {
    const log = await EmbeddedLog.open({ directory: join(directory.path, 'log'), clock: systemClock })
    try {
      return await work(log)
    } finally {
      await log.close()
    }
  } finally {
    await directory.release()
  }
}

export async function listDeadLetters(log: Log): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = []
  const partitions = await log.partitions('dlq-events')
  for (let partition = 0; partition < partitions; partition++) {
    for (let offset = 0; ; ) {
      const records = await log.read('dlq-events', partition, offset, PAGE)
      if (records.length === 0) break
      letters.push(...records.map(deadLetterIn))
      offset = records.at(-1)!.offset + 1
    }
  }
  return letters.sort((a, b) => (a.time < b.time ? -1 : 1))
}

/** @throws SentinelError `NOT_FOUND` */
export async function findDeadLetter(log: Log, id: string): Promise<LogRecord> {
  const [, partition, offset] = (/^(\d+)\/(\d+)$/.exec(id) ?? []).map(Number)
  const isThere = partition !== undefined && partition < (await log.partitions('dlq-events'))
  const [record] = isThere ? await log.read('dlq-events', partition, offset!, 1) : []
  if (!record || record.offset !== offset)
    throw new SentinelError('NOT_FOUND', `There is no dead letter ${id}; dlq list shows those there are`)
  return record
}

/** Puts the event back on the topic it came from, as it was; the letter itself stays until its retention. */
export async function replayDeadLetter(log: Log, id: string): Promise<TopicName> {
  const { key, value, headers } = await findDeadLetter(log, id)
  const topic = topicNames.find((name) => name === String(headers.dlq_topic))
  if (!topic) throw new SentinelError('NOT_FOUND', `The dead letter ${id} does not say which topic it came from`)
  const original = Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('dlq_')))
  await log.produce(topic, [{ key, value, headers: original }])
  return topic
}
