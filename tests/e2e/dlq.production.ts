import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KafkaLog } from '../../platform/adapters/log-kafka/kafka-log.ts'
import { fromRecord } from '../../platform/events/codec.ts'
import { dead, original, replayByCommand } from '../support/dead-letters.ts'
import { defer } from '../support/defer.ts'
import { kafkaSpace } from '../support/kafka.ts'
import { readTopic } from '../support/log.ts'

test('a dead letter on Kafka is listed, shown and put back as it was', async (t) => {
  const { url, remove } = await kafkaSpace(['events.cameras', 'dlq-events'])
  defer(t, remove)
  const log = new KafkaLog(url)
  defer(t, () => log.close())
  await log.produce('dlq-events', [dead])
  await replayByCommand([], { SENTINEL_LOG: url })
  const replayed = await readTopic(log, 'events.cameras')
  assert.deepEqual(
    replayed.map((record) => fromRecord(record)),
    [fromRecord(original)],
  )
})
