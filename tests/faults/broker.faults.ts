import { describe, test } from 'node:test'
import { CLIENTS } from '../../platform/adapters/log-kafka/place.ts'
import { KafkaServer } from '../servers/kafka.ts'
import { defer } from '../support/defer.ts'
import { eventsOf, report, sendAll, tallyOf, untilDone, WITHIN_MS } from './probe.ts'
import { consume, world } from './world.ts'

const EVENTS = 600
const EVERY_MS = 20
const STALLS = 3
const STALL_MS = 3000

describe('the broker under load', () => {
  for (const client of CLIENTS)
    test(`stopped in order, killed, and standing still, by ${client}`, { timeout: WITHIN_MS * 2 }, async (t) => {
      const broker = await KafkaServer.start()
      defer(t, () => broker.remove())
      const places = await world(t, { broker: broker.broker, client })
      for (let consumers = 0; consumers < 2; consumers++) await consume(t, places)
      const sent = eventsOf(11, EVENTS)
      const sending = sendAll(places.log, sent, EVERY_MS)
      const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, (EVENTS * EVERY_MS) / 8))
      for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
        await pause()
        await broker.end(signal)
        await broker.start()
      }
      // What a slow disk looks like to clients: to make a real one takes a kernel module (dm-delay) and its rights.
      for (let stall = 0; stall < STALLS; stall++) {
        await pause()
        await broker.stall(STALL_MS)
      }
      await sending
      await untilDone(places.log)
      report(t, await tallyOf(places.log, places.database, sent))
    })
})
