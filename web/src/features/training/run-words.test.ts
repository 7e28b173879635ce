import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Progress } from './api/training.ts'
import { durationText, fitLines, shareDone, tookMs } from './run-words.ts'

const step = (
  done: number,
  loss: number | null,
  valLoss: number | null,
  stage: Progress['stage'] = 'FIT',
  ap50: number | null = null,
): Progress => ({
  stage,
  done,
  total: 200,
  loss,
  valLoss,
  ap50,
})

test('curves show the fit, each figure where it was measured, the precision in percent', () => {
  const looks = [step(0, 4, 5, 'FIT', 0.25), step(10, 3, null), step(20, 2, 3, 'FIT', 0.5)]
  const lines = fitLines([step(5, null, null, 'FEATURES'), ...looks])
  assert.deepEqual(lines, {
    loss: [
      [0, 4],
      [10, 3],
      [20, 2],
    ],
    valLoss: [
      [0, 5],
      [20, 3],
    ],
    precision: [
      [0, 25],
      [20, 50],
    ],
  })
})

test('how far a training is is unknown before its first step', () => {
  assert.equal(shareDone(null), undefined)
  assert.equal(shareDone(step(50, null, null)), 0.25)
})

test('a training that goes on has taken until now, one that waits nothing yet', () => {
  const at = (second: number): string => new Date(second * 1000).toISOString()
  const run = { startedAt: at(10), finishedAt: at(75) } as Parameters<typeof tookMs>[0]
  assert.equal(durationText(tookMs(run, 0)!), '1 min 05 s')
  assert.equal(durationText(tookMs({ ...run, finishedAt: null }, 22_000)!), '12 s')
  assert.equal(tookMs({ ...run, startedAt: null }, 0), undefined)
})
