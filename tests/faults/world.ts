import type { TestContext } from 'node:test'
import { openDatabase } from '../../platform/adapters/database-postgres.ts'
import { KafkaLog } from '../../platform/adapters/log-kafka/kafka-log.ts'
import type { ClientName } from '../../platform/adapters/log-kafka/place.ts'
import type { Implementation } from '../../platform/function.ts'
import type { Consumer } from '../../platform/hosts/consumer.ts'
import { hostFunction } from '../../platform/hosts/host-function.ts'
import type { Ports } from '../../platform/ports/ports.ts'
import { defer } from '../support/defer.ts'
import { by, kafkaSpace } from '../support/kafka.ts'
import { freshDatabase } from '../support/postgres.ts'
import { makeTable, PARTITIONS, probe, silent, TOPICS } from './probe.ts'

interface Kafka {
  /** One of its own; that of the run without it. */
  readonly broker?: string
  /** Whichever fits without it. */
  readonly client?: ClientName
}

/** Topics and a table of one scenario's own. */
export async function world(t: TestContext, { broker, client }: Kafka = {}) {
  const space = await kafkaSpace(TOPICS, PARTITIONS, broker)
  const logUrl = client ? by(client, space.url) : space.url
  defer(t, space.remove)
  const { database, url } = await freshDatabase(t)
  await makeTable(database)
  const log = new KafkaLog(logUrl)
  defer(t, () => log.close())
  return { log, database, logUrl, databaseUrl: url }
}

interface Places {
  readonly logUrl: string
  readonly databaseUrl: string
}

/** A consumer as a process of its own has one, with its own connections. @returns what stops it. */
export async function consume(
  t: TestContext,
  { logUrl, databaseUrl }: Places,
  { fn = probe as Implementation, ports = {} }: { readonly fn?: Implementation; readonly ports?: Partial<Ports> } = {},
): Promise<() => Promise<void>> {
  const log = new KafkaLog(logUrl)
  const { database, close } = openDatabase(databaseUrl, { connections: 4 })
  const consumer: Consumer = await hostFunction(fn, { log, database, ...ports }, {}, silent)
  let stopping: Promise<void> | undefined
  const stop = (): Promise<void> => {
    stopping ??= (async () => {
      await consumer.stop()
      await log.close()
      await close()
    })()
    return stopping
  }
  defer(t, stop)
  return stop
}
