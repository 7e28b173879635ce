import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rangeOf, scrollTo } from './virtual-range.ts'

const view = { top: 0, height: 400, rowHeight: 40, count: 100_000 }

test('only what is in sight and a little more is drawn, wherever one looks in a long list', () => {
  assert.deepEqual(rangeOf(view), { start: 0, end: 22 })
  assert.deepEqual(rangeOf({ ...view, top: 50_000 * 40 }), { start: 49_988, end: 50_022 })
  assert.deepEqual(rangeOf({ ...view, top: 99_990 * 40 }), { start: 99_978, end: 100_000 })
})

test('a list that became shorter than where one looked draws nothing that is not there', () => {
  assert.deepEqual(rangeOf({ ...view, top: 9000, count: 5 }), { start: 5, end: 5 })
  assert.deepEqual(rangeOf({ ...view, count: 0 }), { start: 0, end: 0 })
})

test('a row out of sight is brought to the nearer edge; one in sight moves nothing', () => {
  const seen = { top: 400, height: 400, rowHeight: 40 }
  assert.equal(scrollTo(10, seen), undefined)
  assert.equal(scrollTo(9, seen), 360)
  assert.equal(scrollTo(20, seen), 440)
})
