import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Candidate, chooseNext } from './order.ts'

const HOUR = 3_600_000
const item = (id: string, more: Partial<Candidate> = {}): Candidate => ({
  id,
  camera: 'a',
  reason: 'low-confidence',
  class: 'car',
  uncertainty: 0.9,
  capturedAt: 0,
  ...more,
})
const ids = (items: readonly Candidate[]): string[] => items.map(({ id }) => id)

describe('the order of the review queue', () => {
  test('the most uncertain first where nothing is alike', () => {
    const items = [
      item('low', { camera: 'b', class: 'bus', reason: 'class-unsure', uncertainty: 0.3 }),
      item('high', { uncertainty: 0.8 }),
    ]
    assert.deepEqual(ids(chooseNext(items, [], 2)), ['high', 'low'])
  })

  test('500 near-equal cars of one camera let another camera and another class through', () => {
    const cars = Array.from({ length: 500 }, (_, n) => item(`car-${n}`, { capturedAt: n * 1000 }))
    const others = [
      item('bus', { class: 'bus', camera: 'b', uncertainty: 0.6 }),
      item('elsewhere', { camera: 'c', uncertainty: 0.5 }),
    ]
    assert.ok(ids(chooseNext([...cars, ...others], [], 4)).includes('bus'))
    assert.ok(ids(chooseNext([...cars, ...others], [], 4)).includes('elsewhere'))
  })

  test('what was judged just before counts as what was chosen', () => {
    const items = [item('again'), item('other', { camera: 'b', uncertainty: 0.7 })]
    assert.deepEqual(ids(chooseNext(items, [item('judged')], 1)), ['other'])
  })

  test('of one camera, frames far apart in time come before neighbours', () => {
    const items = [
      item('first'),
      item('next', { capturedAt: 1000 }),
      item('later', { capturedAt: HOUR, uncertainty: 0.85 }),
    ]
    assert.deepEqual(ids(chooseNext(items, [], 3)), ['first', 'later', 'next'])
  })

  test('equal worth goes by id, so that the order is the same each time', () => {
    const items = [item('b', { camera: 'x' }), item('a', { camera: 'y' })]
    assert.deepEqual(ids(chooseNext(items, [], 1)), ['a'])
    assert.deepEqual(ids(chooseNext(items.toReversed(), [], 1)), ['a'])
  })
})
