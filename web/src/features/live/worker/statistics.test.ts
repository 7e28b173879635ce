import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Statistics } from './statistics.ts'

test('five pictures a second are told as such, with the latencies in the middle and at the end', () => {
  const statistics = new Statistics()
  for (let n = 0; n < 20; n++) statistics.drew(1000 + n * 200, 30 + n, `f-${n}`, false)
  const { fps, p50, p95, skewFrames, frame } = statistics.at(5000)
  assert.deepEqual({ fps, p50, p95, skewFrames, frame }, { fps: 5, p50: 40, p95: 49, skewFrames: 0, frame: 'f-19' })
})

test('what was drawn long ago counts no more, except skewed pictures', () => {
  const statistics = new Statistics()
  statistics.drew(0, 30, 'f-0', true)
  statistics.drew(200, 30, 'f-1', false)
  const { fps, skewFrames } = statistics.at(60_000)
  assert.deepEqual({ fps, skewFrames }, { fps: 0, skewFrames: 1 })
})
