import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BoxHistory } from './box-history.ts'
import type { LiveBox } from './protocol.ts'

const car = (x: number, trackId?: string): LiveBox => ({
  class: 'car',
  score: 0.9,
  box: [x, 0.5, 0.1, 0.1],
  ...(trackId && { trackId }),
})
const history = (...sets: [at: number, ...boxes: LiveBox[]][]): BoxHistory => {
  const made = new BoxHistory()
  for (const [at, ...boxes] of sets) made.add({ at, boxes })
  return made
}
const leftAt = (boxes: BoxHistory, at: number): number[] =>
  boxes.at(at).boxes.map(({ box }) => Number(box[0].toFixed(6)))

test('a picture that the detector saw gets its own boxes, untouched', () => {
  const boxes = [car(0.2, 'a')]
  const made = history([100_000, car(0.1, 'a')], [300_000, ...boxes])
  assert.deepEqual(made.at(300_000), { boxes, ageUs: 0 })
})

test('between two such pictures an object that is in both lies between its boxes', () => {
  const made = history([100_000, car(0.1, 'a'), car(0.7)], [300_000, car(0.2, 'a'), car(0.72)])
  assert.deepEqual(leftAt(made, 200_000), [0.15, 0.71])
  assert.equal(made.at(200_000).ageUs, 100_000)
})

test('an object that is in only one of the two is not drawn over a picture between them', () => {
  const made = history([100_000, car(0.1, 'a'), car(0.5)], [300_000, car(0.3, 'b'), car(0.7), car(0.52, 'c')])
  assert.deepEqual(leftAt(made, 200_000), [])
  assert.deepEqual(leftAt(history([0, car(0.1, 'a')], [2_500_000, car(0.1, 'a')]), 1_000_000), [], 'nor after a gap')
})

test('after the last one a tracked object goes on as it moved, marked as predicted, and not for long', () => {
  const made = history([100_000, car(0.1, 'a')], [300_000, car(0.2, 'a'), car(0.7)])
  assert.deepEqual(leftAt(made, 400_000), [0.25])
  assert.deepEqual(
    made.at(400_000).boxes.map(({ isPredicted }) => isPredicted),
    [true],
  )
  assert.deepEqual(leftAt(made, 700_000), [0.4])
  assert.deepEqual(made.at(701_000), { boxes: [], ageUs: 401_000 })
  assert.deepEqual(leftAt(history([100_000, car(0.1, 'a')]), 150_000), [], 'nobody knows yet how it moves')
})

test('nothing is drawn over a picture from before the first boxes', () => {
  assert.deepEqual(history([100_000, car(0.1)]).at(50_000), { boxes: [], ageUs: 0 })
})
