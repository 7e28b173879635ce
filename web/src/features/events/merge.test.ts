import assert from 'node:assert/strict'
import { test } from 'node:test'
import { merge } from './merge.ts'

const event = (id: string, second: number) => ({ id, time: `2026-06-01T08:00:0${second}Z` })

test('events come newest first and each once, however they arrive', () => {
  const all = merge([event('b', 2), event('a', 1)], [event('c', 3), event('b', 2)])
  assert.deepEqual(
    all.map(({ id }) => id),
    ['c', 'b', 'a'],
  )
})

test('events of one moment keep one order', () => {
  const one = merge([event('a', 1)], [event('b', 1)])
  const other = merge([event('b', 1)], [event('a', 1)])
  assert.deepEqual(one, other)
})
