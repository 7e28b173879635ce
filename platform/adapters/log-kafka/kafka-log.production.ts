import { kafkaSpace } from '../../../tests/support/kafka.ts'
import { logContract } from '../../ports/log.contract.ts'
import { KafkaLog } from './kafka-log.ts'

logContract('kafka', async () => {
  const { url, remove } = await kafkaSpace(['events.cameras'])
  const log = new KafkaLog(url)
  return {
    log,
    dispose: async () => {
      await log.close()
      await remove()
    },
  }
})
