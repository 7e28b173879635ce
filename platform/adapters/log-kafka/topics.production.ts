import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { defer } from '../../../tests/support/defer.ts'
import { by, kafkaSpace } from '../../../tests/support/kafka.ts'
import { type Topic, topics } from '../../events/topics.ts'
import { KafkaLog } from './kafka-log.ts'
import { CLIENTS } from './place.ts'
import { applyTopics } from './topics.ts'

const NAME = 'events.cameras'
const small: Topic = { ...topics[NAME], partitions: 2 }
const groups = [{ group: 'g', topics: [NAME] }]

for (const client of CLIENTS)
  describe(`topics apply, by ${client}`, () => {
    test('makes the topics and the groups’ first offsets, and nothing the second time', async (t) => {
      const { url: place, remove } = await kafkaSpace([])
      defer(t, remove)
      const url = by(client, place)
      const dry = await applyTopics(url, { topics: { [NAME]: small }, groups, dryRun: true })
      assert.deepEqual([dry.changes.length, dry.started], [1, []])
      const first = await applyTopics(url, { topics: { [NAME]: small }, groups })
      assert.deepEqual([first.changes[0]!.create, first.started], [true, [{ group: 'g', partitions: 2 }]])
      const again = await applyTopics(url, { topics: { [NAME]: small }, groups })
      assert.deepEqual(again, { changes: [], started: [] })
    })

    test('a group that never ran has everything ahead of it, as a number', async (t) => {
      const { url: place, remove } = await kafkaSpace([NAME], 2)
      defer(t, remove)
      const url = by(client, place)
      await applyTopics(url, { topics: { [NAME]: small }, groups })
      const log = new KafkaLog(url)
      defer(t, () => log.close())
      await log.produce(NAME, [{ key: 'a', value: Buffer.from('x'), headers: {} }])
      const lags = await log.lag('g')
      assert.deepEqual(
        lags.map(({ committed }) => committed),
        [0, 0],
      )
      assert.equal(
        lags.reduce((sum, { lag }) => sum + lag, 0),
        1,
      )
    })

    test('grows what is too small, keeps what others have set, and shrinks nothing', async (t) => {
      const { url: place, remove } = await kafkaSpace([NAME], 2)
      defer(t, remove)
      const url = by(client, place)
      await applyTopics(url, { topics: { [NAME]: { ...small, retentionMs: 9e10 } }, groups })
      const { changes } = await applyTopics(url, { topics: { [NAME]: { ...small, partitions: 3 } }, groups })
      assert.deepEqual(changes[0]!.partitions, { from: 2, to: 3 })
      assert.deepEqual(
        changes[0]!.configs.filter(({ name }) => name === 'retention.ms'),
        [],
      )
      const { changes: none } = await applyTopics(url, { topics: { [NAME]: { ...small, partitions: 1 } }, groups })
      assert.deepEqual(none, [])
    })
  })
