import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Kafka, logLevel } from 'kafkajs'
import { defer } from '../../../tests/support/defer.ts'
import { kafkaBroker, kafkaSpace } from '../../../tests/support/kafka.ts'
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

test('what retention took is passed over', async (t) => {
  const { url, prefix, remove } = await kafkaSpace(['events.cameras'], 1)
  defer(t, remove)
  const log = new KafkaLog(url)
  defer(t, () => log.close())
  const admin = new Kafka({ brokers: [kafkaBroker()], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  defer(t, () => admin.disconnect())
  const texts = ['0', '1', '2', '3', '4']
  for (const text of texts) {
    await log.produce('events.cameras', [{ key: 'a', value: Buffer.from(text), headers: {} }])
  }
  const left = async (): Promise<string[]> =>
    (await log.read('events.cameras', 0, 0, 10)).map(({ value }) => Buffer.from(value as Uint8Array).toString())
  assert.deepEqual(await left(), texts)
  // kafkajs deletes only from topics that this admin has asked about before.
  await admin.fetchTopicOffsets(`${prefix}events.cameras`)
  for (const low of [3, 5]) {
    const partitions = [{ partition: 0, offset: String(low) }]
    await admin.deleteTopicRecords({ topic: `${prefix}events.cameras`, partitions })
    assert.deepEqual(await left(), texts.slice(low))
  }
})
