import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inOrder, moved, movedBy } from './order.ts'

const cameras = ['a', 'b', 'c', 'd'].map((id) => ({ id }))
const ids = (order: readonly string[]) => inOrder(cameras, order).map(({ id }) => id)

test('a chosen order holds, new cameras follow, and those that are gone do no harm', () => {
  assert.deepEqual(ids(['c', 'gone', 'a']), ['c', 'a', 'b', 'd'])
  assert.deepEqual(ids([]), ['a', 'b', 'c', 'd'])
})

test('a camera that is dragged takes the place of the one it is dropped on', () => {
  assert.deepEqual(moved(ids([]), 'a', 'c'), ['b', 'c', 'a', 'd'])
  assert.deepEqual(moved(ids([]), 'd', 'b'), ['a', 'd', 'b', 'c'])
  assert.deepEqual(moved(ids([]), 'b', 'b'), ['a', 'b', 'c', 'd'])
})

test('at either end there is nowhere to move on to', () => {
  assert.deepEqual(movedBy(ids([]), 'a', -1), ['a', 'b', 'c', 'd'])
  assert.deepEqual(movedBy(ids([]), 'd', 1), ['a', 'b', 'c', 'd'])
  assert.deepEqual(movedBy(ids([]), 'c', -1), ['a', 'c', 'b', 'd'])
})
