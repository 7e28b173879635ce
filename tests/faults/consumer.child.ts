import { openDatabase } from '../../platform/adapters/database-postgres.ts'
import { KafkaLog } from '../../platform/adapters/log-kafka/kafka-log.ts'
import type { Implementation } from '../../platform/function.ts'
import { hostFunction } from '../../platform/hosts/host-function.ts'
import type { JoinOptions, Log, Membership } from '../../platform/ports/log.ts'
import { probe, type Step, silent } from './probe.ts'

const { SENTINEL_LOG, DATABASE_URL, DIE_AT, DIE_AFTER } = process.env

const { database } = openDatabase(DATABASE_URL!, { connections: 4 })
const log = mortal(new KafkaLog(SENTINEL_LOG!), DIE_AT, Number(DIE_AFTER))
await hostFunction(probe as Implementation, { log, database }, {}, silent)

/** The log, until a step has been reached so many times: then the process is gone at once, as by `kill -9`. */
function mortal(log: Log, dieAt: string | undefined, after: number): Log {
  let left = after
  const at = (step: Step, times = 1): void => {
    if (step !== dieAt) return
    left -= times
    if (left <= 0) process.kill(process.pid, 'SIGKILL')
  }
  const produce: Log['produce'] = async (topic, records) => {
    at('written')
    const positions = await log.produce(topic, records)
    at('told')
    return positions
  }
  const join = async (options: JoinOptions): Promise<Membership> => {
    const membership = await log.join(options)
    return {
      fetch: async (...args) => {
        const records = await membership.fetch(...args)
        at('fetched', records.length)
        return records
      },
      commit: async (positions) => {
        await membership.commit(positions)
        at('committed')
      },
      leave: () => membership.leave(),
    }
  }
  return Object.assign(Object.create(log) as Log, { produce, join })
}
