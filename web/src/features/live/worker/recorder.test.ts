import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PictureHeader } from './protocol.ts'
import { Recorder } from './recorder.ts'

const header = (n: number): PictureHeader => ({
  type: 'frame',
  camera: 'c',
  frame: `f-${n}`,
  capturedAt: n,
  width: 1,
  height: 1,
  boxes: [],
  picture: { frame: `f-${n}`, capturedAt: n },
})
const filled = (count: number, bytes = 10): Recorder => {
  const recorder = new Recorder()
  for (let n = 0; n < count; n++) recorder.take(header(n), new Uint8Array(bytes))
  return recorder
}

test('a paused camera is stepped through, back to the oldest that is kept and forth to the newest', () => {
  const recorder = filled(200)
  recorder.pause(true)
  assert.deepEqual([recorder.step(-1)?.header.frame, recorder.step(-1)?.behind], ['f-198', 2])
  assert.equal(recorder.step(-1000)?.header.frame, 'f-50')
  assert.deepEqual([recorder.step(1000)?.header.frame, recorder.step(1)?.behind], ['f-199', 0])
})

test('what comes while it is paused changes nothing', () => {
  const recorder = filled(3)
  recorder.pause(true)
  recorder.take(header(9), new Uint8Array(1))
  assert.equal(recorder.step(5)?.header.frame, 'f-2')
  recorder.pause(false)
  recorder.take(header(10), new Uint8Array(1))
  recorder.pause(true)
  assert.equal(recorder.step(0)?.header.frame, 'f-10')
})

test('large pictures are kept by their bytes, and nothing recorded is nothing to show', () => {
  const recorder = filled(10, 8 * 1024 * 1024)
  recorder.pause(true)
  assert.equal(recorder.step(-1000)?.behind, 3)
  assert.equal(new Recorder().step(-1), undefined)
})
