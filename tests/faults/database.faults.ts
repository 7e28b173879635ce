import { describe, test } from 'node:test'
import { openDatabase } from '../../platform/adapters/database-postgres.ts'
import { KafkaLog } from '../../platform/adapters/log-kafka/kafka-log.ts'
import { defer } from '../support/defer.ts'
import { kafkaSpace } from '../support/kafka.ts'
import { eventsOf, makeTable, PARTITIONS, report, sendAll, TOPICS, tallyOf, untilDone, WITHIN_MS } from './probe.ts'
import { restartablePostgres } from './restartable-postgres.ts'
import { consume } from './world.ts'

const EVENTS = 400
const EVERY_MS = 20
const DOWN_MS = 3000

describe('the database under load', () => {
  test('restarted in order, then killed', { timeout: WITHIN_MS * 2 }, async (t) => {
    const space = await kafkaSpace(TOPICS, PARTITIONS)
    defer(t, space.remove)
    const log = new KafkaLog(space.url)
    defer(t, () => log.close())
    const postgres = await restartablePostgres(t)
    const { database, close } = openDatabase(postgres.url, { connections: 2 })
    defer(t, close)
    await makeTable(database)
    for (let consumers = 0; consumers < 2; consumers++) {
      await consume(t, { logUrl: space.url, databaseUrl: postgres.url })
    }
    const sent = eventsOf(12, EVENTS)
    const sending = sendAll(log, sent, EVERY_MS)
    const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
    for (const end of [postgres.stop, postgres.kill]) {
      await pause((EVENTS * EVERY_MS) / 4)
      await end()
      await pause(DOWN_MS)
      await postgres.start()
    }
    await sending
    await untilDone(log)
    report(t, await tallyOf(log, database, sent))
  })
})
