import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Fingers, pinched, WHOLE } from './zoom.ts'

const [fitted, stage] = [
  { width: 390, height: 220 },
  { width: 390, height: 400 },
]
const spread = (x: number, y: number, by: number): Fingers => [
  { x: x - by, y },
  { x: x + by, y },
]

test('what lies between the fingers stays there while they part', () => {
  const { scale, x, y } = pinched(WHOLE, spread(60, 0, 20), spread(60, 0, 60), fitted, stage)
  assert.deepEqual([scale, x, y], [3, -120, 0])
  // 60 pixels right of the middle of a picture three times as large, whose middle is 120 pixels to the left.
  assert.equal(60 * scale + x, 60)
})

test('two fingers that go together move it, never off the stage', () => {
  const close = pinched(WHOLE, spread(0, 0, 20), spread(0, 0, 40), fitted, stage)
  assert.deepEqual(close, { scale: 2, x: 0, y: 0 })
  assert.equal(pinched(close, spread(0, 0, 20), spread(50, 0, 20), fitted, stage).x, 50)
  const far = pinched(close, spread(0, 0, 20), spread(500, 500, 20), fitted, stage)
  assert.deepEqual([far.x, far.y], [195, 20])
})

test('it is never smaller than it fits, and there lies in the middle', () => {
  const close = pinched(WHOLE, spread(0, 0, 20), spread(30, 0, 60), fitted, stage)
  assert.deepEqual(pinched(close, spread(0, 0, 100), spread(40, 9, 5), fitted, stage), WHOLE)
})
