import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Statistics } from './statistics.ts'

test('five pictures a second are told as such, with the latencies in the middle and at the end', () => {
  const statistics = new Statistics()
  for (let n = 0; n < 20; n++) statistics.drew({ at: 1000 + n * 200, latency: 30 + n }, `f-${n}`)
  const { fps, p50, p95, latencies, skewFrames, frame } = statistics.at(5000)
  assert.deepEqual({ fps, p50, p95, skewFrames, frame }, { fps: 5, p50: 40, p95: 49, skewFrames: 0, frame: 'f-19' })
  assert.deepEqual([latencies.length, latencies[0], latencies.at(-1)], [20, 30, 49])
})

test('what was drawn long ago counts no more, except skewed pictures', () => {
  const statistics = new Statistics()
  statistics.drew({ at: 0, latency: 30 }, 'f-0', true)
  statistics.drew({ at: 200, latency: 30 }, 'f-1')
  const { fps, skewFrames } = statistics.at(60_000)
  assert.deepEqual({ fps, skewFrames }, { fps: 0, skewFrames: 1 })
})

test('of video the age of the boxes and the lag of the detection are told, and of the detector’s own pictures none', () => {
  const statistics = new Statistics()
  for (let n = 0; n < 9; n++)
    statistics.drew({ at: n * 40, latency: 90, video: { boxAge: n * 10, lag: n * 100, isStreamed: false } }, '')
  const { boxAge, lag } = statistics.at(400)
  assert.deepEqual({ boxAge, lag }, { boxAge: 40, lag: 800 })
  statistics.drew({ at: 400, latency: 90 }, 'f-1')
  assert.equal(statistics.at(400).boxAge, undefined)
})
