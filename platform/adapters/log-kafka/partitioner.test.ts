import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Partitioners } from 'kafkajs'
import { partitionOf } from './partitioner.ts'

test('a key has the partition that other Kafka clients give it, of every length and script', () => {
  const theirs = Partitioners.DefaultPartitioner()
  const partitionMetadata = Array.from({ length: 48 }, (_, partitionId) => ({ partitionId, leader: 0 }))
  const keys = ['', 'a', 'ab', 'abc', 'abcd', 'cam-1', 'Königsallee', '十字路口', '🚦']
  keys.push(...Array.from({ length: 500 }, (_, i) => `camera-${i * 7919}-${'x'.repeat(i % 9)}`))
  for (const key of keys) {
    const message = { key, value: null }
    const expected = theirs({ topic: 't', partitionMetadata: partitionMetadata as never, message })
    assert.equal(partitionOf(key, 48), expected, key)
  }
})
