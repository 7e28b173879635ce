import assert from 'node:assert/strict'
import { test } from 'node:test'
import { linePath, scaleOf, ticksOf } from './chart.ts'

const frame = { width: 120, height: 60, left: 10, right: 10, top: 5, bottom: 5 }

test('lines fill the frame from the smallest to the largest of all their values', () => {
  const lines = [{ points: [[0, 1] as const, [10, 3] as const] }, { points: [[5, 2] as const] }]
  const scale = scaleOf(lines, frame)
  assert.equal(linePath(lines[0]!.points, scale), 'M10.0 55.0L110.0 5.0')
  assert.equal(linePath(lines[1]!.points, scale), 'M60.0 30.0')
})

test('a single value, and none at all, have a scale too', () => {
  const one = scaleOf([{ points: [[3, 7]] }], frame)
  assert.deepEqual([one.x.at(3), one.y.at(7)], [60, 30])
  assert.equal(linePath([], scaleOf([], frame)), '')
})

test('ticks are round values inside the range', () => {
  assert.deepEqual(ticksOf(0, 200), [0, 50, 100, 150, 200])
  assert.deepEqual(ticksOf(0.13, 0.31), [0.15, 0.2, 0.25, 0.3])
  assert.deepEqual(ticksOf(-0.5, 0.5), [-0.4, -0.2, 0, 0.2, 0.4])
})
