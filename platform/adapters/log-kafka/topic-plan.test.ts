import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { topics } from '../../events/topics.ts'
import { configsOf, linesOf, planTopics, type TopicState } from './topic-plan.ts'

const NAME = 'events.cameras'
const declared = { [NAME]: topics[NAME] }
const stateWith = (partitions: number, configs: Record<string, string> = {}) =>
  new Map<string, TopicState>([[NAME, { partitions, configs: { ...configsOf(topics[NAME]), ...configs } }]])

describe('what has to change in the topics', () => {
  test('one that is not there is made with all that is declared', () => {
    const [change] = planTopics(declared, new Map())
    assert.match(
      linesOf(change!)[0]!,
      /^\+ events\.cameras {2}12 partitions {2}.*compression\.type=zstd.*retention\.ms=604800000/,
    )
  })

  test('nothing changes where all is as declared', () => {
    assert.deepEqual(planTopics(declared, stateWith(12)), [])
  })

  test('partitions are added, never removed', () => {
    assert.deepEqual(planTopics(declared, stateWith(4)).flatMap(linesOf), ['~ events.cameras  partitions 4 → 12'])
    assert.deepEqual(planTopics(declared, stateWith(48)), [])
  })

  test('retention is raised, never lowered, and -1 is without end', () => {
    const lines = planTopics(declared, stateWith(12, { 'retention.ms': '1000' })).flatMap(linesOf)
    assert.deepEqual(lines, ['~ events.cameras  retention.ms 1000 → 604800000'])
    for (const more of ['9999999999999', '-1']) {
      assert.deepEqual(planTopics(declared, stateWith(12, { 'retention.ms': more })), [])
    }
  })

  test('pictures are not compressed twice, and their segments close before they are due to go', () => {
    const configs = configsOf(topics.frames)
    assert.equal(configs['compression.type'], 'producer')
    assert.ok(Number(configs['segment.ms']) < Number(configs['retention.ms']))
  })
})
