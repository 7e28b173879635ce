import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StreamClock } from './stream-clock.ts'

const DATE = Date.parse('2026-06-01T08:00:00.250Z')

test('a picture was captured as long after its segment began as the media says', () => {
  const clock = new StreamClock()
  clock.anchor(12, DATE)
  clock.anchor(13, DATE + 1000)
  assert.equal(clock.at(12.2), DATE * 1000 + 200_000)
  assert.equal(clock.at(13.04), DATE * 1000 + 1_040_000)
})

test('where the camera was away the time of day jumps, and the media does not', () => {
  const clock = new StreamClock()
  clock.anchor(12, DATE)
  clock.anchor(13, DATE + 61_000)
  assert.equal(clock.at(12.96), DATE * 1000 + 960_000)
  assert.equal(clock.at(13), (DATE + 61_000) * 1000)
})

test('the first picture of a segment is its own, though its time comes as a fraction', () => {
  const clock = new StreamClock()
  clock.anchor(1 / 3, DATE)
  assert.equal(clock.at(0.333333), DATE * 1000)
})

test('of a picture before the first known segment nothing is known', () => {
  const clock = new StreamClock()
  assert.equal(clock.at(3), undefined)
  clock.anchor(4, DATE)
  assert.equal(clock.at(3), undefined)
})

test('a segment that is told anew counts as it was told last, and those of long ago are forgotten', () => {
  const clock = new StreamClock()
  clock.anchor(0, DATE)
  clock.anchor(0, DATE + 5)
  assert.equal(clock.at(0), (DATE + 5) * 1000)
  for (let n = 1; n <= 300; n++) clock.anchor(n, DATE + n * 1000)
  assert.equal(clock.at(0.5), undefined)
})
