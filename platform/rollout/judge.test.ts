import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { judgeRollout } from './judge.ts'
import type { Performance, Signals } from './signals.ts'

const RULES = {
  ...{ watchSeconds: 300, watchFrames: 30, watchFewer: 0.5, watchMore: 3, watchLatency: 2, watchFrameRate: 0.5 },
  ...{ watchRejected: 0.5, watchVerdicts: 5 },
}
const WELL: Performance = { frames: 100, boxesPerFrame: 4, framesPerSecond: 5, latencyMs: 20, verdicts: 0, rejected: 0 }

const judged = (now: Partial<Performance>, more: Partial<Signals> = {}, before: Partial<Performance> = {}) =>
  judgeRollout(
    { now: { ...WELL, ...now }, before: { ...WELL, ...before }, seconds: 60, isWatched: true, ...more },
    RULES,
  )

describe('live signals', () => {
  test('a model is good only after its whole watch', () => {
    assert.equal(judged({}).decision, 'wait')
    assert.equal(judged({}, { seconds: 301 }).decision, 'good')
  })

  test('each signal alone takes it back at once, with both figures', () => {
    const bad: [Partial<Performance>, RegExp][] = [
      [{ boxesPerFrame: 0.5 }, /0\.50 boxes a frame where the model before it found 4\.00/],
      [{ boxesPerFrame: 13 }, /13\.00 boxes a frame where the model before it found only 4\.00/],
      [{ latencyMs: 50 }, /50\.00 ms a picture where .* took 20\.00 ms/],
      [{ framesPerSecond: 2 }, /answers 2\.00 frames a second .* it was 5\.00/],
      [{ verdicts: 6, rejected: 4 }, /rejected 4 of the 6 frames/],
    ]
    for (const [now, reason] of bad) {
      const judgement = judged(now)
      assert.equal(judgement.decision, 'bad', String(reason))
      assert.match(judgement.reason.text, reason)
    }
  })

  test('too few frames on either side say nothing, and while cameras show pictures it waits for more', () => {
    assert.equal(judged({ frames: 10, boxesPerFrame: 0 }, { seconds: 999 }).decision, 'wait')
    assert.equal(judged({ boxesPerFrame: 0 }, { seconds: 301 }, { frames: 3 }).decision, 'good')
    assert.equal(judged({ frames: 0 }, { seconds: 301, isWatched: false }).decision, 'good')
  })

  test('no answer at all for half a minute, from cameras that show pictures, is an error', () => {
    assert.equal(judged({ frames: 0 }, { seconds: 29 }).decision, 'wait')
    assert.match(judged({ frames: 0 }, { seconds: 31 }).reason.text, /answered no frame/)
    assert.equal(judged({ frames: 0 }, { seconds: 31, isWatched: false }).decision, 'wait')
  })

  test('a street that was empty before does not speak against a model that sees cars in it', () => {
    assert.equal(judged({ boxesPerFrame: 5 }, {}, { boxesPerFrame: 0 }).decision, 'wait')
  })
})
