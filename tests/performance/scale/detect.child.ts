import { KafkaLog } from '../../../platform/adapters/log-kafka/kafka-log.ts'
import { cpuMs } from '../figures.ts'
import { hostDetect } from './host.ts'

const { SENTINEL_LOG, STUB_MS } = process.env
const log = new KafkaLog(SENTINEL_LOG!)
const consumer = await hostDetect(log, Number(STUB_MS))
const started = cpuMs()
process.send!('ready')
// Asked how much it has used since it was ready, and to stop.
process.on('message', async (asked) => {
  if (asked === 'cpu') return void process.send!(cpuMs() - started)
  await consumer.stop()
  await log.close()
  process.disconnect()
})
