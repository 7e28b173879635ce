import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exportUrl, filterOf, fromLocal, readFilter, toLocal } from './filter.ts'

const NOW = Date.parse('2026-06-01T08:00:00Z')
const filter = (search: string) => filterOf(readFilter(new URLSearchParams(search)), NOW)

test('an address says what is shown, and the export gets the same', () => {
  const given = filter('type=t&camera=c&class=bus&score=0.5&since=1h')
  assert.deepEqual(given, {
    types: ['t'],
    cameraIds: ['c'],
    classes: ['bus'],
    minScore: 0.5,
    from: '2026-06-01T07:00:00.000Z',
  })
  assert.equal(
    exportUrl('csv', given),
    '/export/events.csv?type=t&camera=c&class=bus&score=0.5&from=2026-06-01T07%3A00%3A00.000Z',
  )
  const between = 'from=2026-06-01T06:00:00Z&to=2026-06-01T07:00:00Z'
  assert.deepEqual(filter(between), { from: '2026-06-01T06:00:00Z', to: '2026-06-01T07:00:00Z' })
})

test('an address that somebody mistyped filters by what can be understood', () => {
  assert.deepEqual(filter('score=lots&from=yesterday&since=forever&to='), {})
})

test('a local time and its moment lead back to each other', () => {
  assert.equal(fromLocal(toLocal('2026-06-01T06:30:00.000Z')), '2026-06-01T06:30:00.000Z')
  assert.deepEqual([toLocal(''), fromLocal('')], ['', ''])
})
