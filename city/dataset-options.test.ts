import assert from 'node:assert/strict'
import test from 'node:test'
import { parseDatasetOptions } from './dataset-options.ts'

test('options are read', () => {
  const args = '--out x --seeds 3,4 --views 2 --frames 5 --moods night,rain --traffic rare --fixed lens'.split(' ')
  assert.deepEqual(parseDatasetOptions(args), {
    out: 'x',
    seeds: [3, 4],
    views: 2,
    frames: 5,
    moods: ['night', 'rain'],
    traffic: 'rare',
    fixed: ['lens'],
  })
})

test('what is wrong is told with what is right', () => {
  assert.throws(() => parseDatasetOptions([]), /--out is missing/)
  assert.throws(() => parseDatasetOptions(['--out', 'x', '--moods', 'snow']), /snow is unknown; there are day, dusk/)
  assert.throws(
    () => parseDatasetOptions(['--out', 'x', '--fixed', 'sun']),
    /sun is unknown; there are light, lens, tints/,
  )
  assert.throws(() => parseDatasetOptions(['--out', 'x', '--views', '0']), /--views 0 is no whole number above 0/)
})
