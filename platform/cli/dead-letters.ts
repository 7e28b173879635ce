import { join } from 'node:path'
import { EmbeddedLog } from '../adapters/log-embedded/embedded-log.ts'
import { systemClock } from '../adapters/system-clock.ts'
import { SentinelError } from '../errors.ts'
import { type TopicName, topicNames } from '../events/topics.ts'
import { takeDataDirectory } from '../hosts/local/data-directory.ts'
import type { Log, LogRecord } from '../ports/log.ts'

export interface DeadLetter {
  /** Partition and offset among the dead letters: what `show` and `replay` take. */
  readonly id: string
  readonly topic: string
  readonly function: string
  readonly code: string
  readonly reason: string
  readonly attempts: number
  readonly time: string
}

const PARTITIONS = 4

/** The log of a data directory whose Sentinel does not run. */
export async function withLog<T>(dataDir: string, work: (log: Log) => Promise<T>): Promise<T> {
  const directory = await takeDataDirectory(dataDir)
  const log = await EmbeddedLog.open({ directory: join(directory.path, 'log'), clock: systemClock })
  try {
    return await work(log)
  } finally {
    await log.close()
    await directory.release()
  }
}

export async function listDeadLetters(log: Log): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = []
  for (let partition = 0; partition < PARTITIONS; partition++) {
    for (let offset = 0; ; ) {
      const records = await log.read('dlq-events', partition, offset, 500)
      if (records.length === 0) break
      letters.push(...records.map(letterOf))
      offset = records.at(-1)!.offset + 1
    }
  }
  return letters.sort((a, b) => (a.time < b.time ? -1 : 1))
}

/** @throws SentinelError `NOT_FOUND` */
export async function findDeadLetter(log: Log, id: string): Promise<LogRecord> {
  const [partition, offset] = id.split('/').map(Number)
  const isId = Number.isInteger(partition) && Number.isInteger(offset) && partition! < PARTITIONS
  const [record] = isId ? await log.read('dlq-events', partition!, offset!, 1) : []
  if (record?.offset !== offset)
    throw new SentinelError('NOT_FOUND', `There is no dead letter ${id}; dlq list shows those there are`)
  return record!
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

function letterOf({ partition, offset, headers }: LogRecord): DeadLetter {
  const text = (name: string): string => String(headers[`dlq_${name}`] ?? '')
  return {
    id: `${partition}/${offset}`,
    topic: text('topic'),
    function: text('function'),
    code: text('code'),
    reason: text('reason'),
    attempts: Number(text('attempts')),
    time: text('time'),
  }
}
