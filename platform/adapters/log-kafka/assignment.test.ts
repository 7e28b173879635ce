import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { assignPartitions, type GroupMember } from './assignment.ts'
import type { PartitionName } from './reader.ts'

const TOPIC = 'frames'
const twelve = Array.from({ length: 12 }, (_, index) => index)
const own = (indexes: readonly number[]): PartitionName[] => indexes.map((partition) => ({ topic: TOPIC, partition }))
const member = (id: string, owned: readonly number[] = []): GroupMember => ({ id, topics: [TOPIC], owned: own(owned) })
const assigned = (members: readonly GroupMember[], indexes = twelve) => {
  const { partitions, settled } = assignPartitions(members, () => indexes)
  return { settled, by: Object.fromEntries([...partitions].map(([id, list]) => [id, list.map((p) => p.partition)])) }
}

describe('who reads which partition', () => {
  test('a lone member reads everything', () => {
    assert.deepEqual(assigned([member('a')]), { settled: true, by: { a: twelve } })
  })

  test('a partition that moves is nobody’s until its owner has let go', () => {
    const first = assigned([member('a', twelve), member('b')])
    assert.deepEqual(first, { settled: false, by: { a: [0, 1, 2, 3, 4, 5], b: [] } })
    const second = assigned([member('a', first.by.a), member('b')])
    assert.deepEqual(second, { settled: true, by: { a: [0, 1, 2, 3, 4, 5], b: [6, 7, 8, 9, 10, 11] } })
  })

  test('a member that is gone leaves its partitions to the others, who keep theirs', () => {
    const { settled, by } = assigned([member('a', [0, 1, 2, 3]), member('c', [8, 9, 10, 11])])
    assert.equal(settled, true)
    assert.deepEqual(by, { a: [0, 1, 2, 3, 4, 5], c: [8, 9, 10, 11, 6, 7] })
  })

  test('topics go only to those that asked for them', () => {
    const members = [
      { id: 'a', topics: ['x', 'y'], owned: [] },
      { id: 'b', topics: ['y'], owned: [] },
    ]
    const { partitions } = assignPartitions(members, () => [0, 1])
    assert.deepEqual(
      partitions.get('b')!.map(({ topic }) => topic),
      ['y'],
    )
    assert.equal(partitions.get('a')!.length, 3)
  })

  test('whatever was owned, two rounds give each partition to exactly one member, evenly, and a third changes nothing', () => {
    const groups = fc.tuple(
      fc.integer({ min: 1, max: 7 }),
      fc.array(fc.integer({ min: -1, max: 6 }), { maxLength: 24 }),
    )
    fc.assert(
      fc.property(groups, ([count, owners]) => {
        const indexes = owners.map((_, index) => index)
        const membersWith = (owned: (id: number) => readonly number[]) =>
          Array.from({ length: count }, (_, id) => member(`m${id}`, owned(id)))
        const first = assigned(
          membersWith((id) => indexes.filter((index) => owners[index] === id)),
          indexes,
        )
        const second = assigned(
          membersWith((id) => first.by[`m${id}`]!),
          indexes,
        )
        assert.equal(second.settled, true)
        assert.deepEqual(Object.values(second.by).flat().sort(), [...indexes].sort())
        const sizes = Object.values(second.by).map(({ length }) => length)
        assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1)
        const third = assigned(
          membersWith((id) => second.by[`m${id}`]!),
          indexes,
        )
        assert.deepEqual(third, second)
      }),
    )
  })
})
