import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Selection } from './selection.ts'

interface Source {
  readonly fps: number
  /** Packets from one key frame to the next. */
  readonly group: number
}

/** Ten minutes of a source: how many packets are decoded, and when the frames are that are taken. */
function play(wanted: number, { fps, group }: Source): { decoded: number; taken: number[] } {
  const selection = new Selection(wanted)
  const times = Array.from({ length: 600 * fps }, (_, n) => n / fps)
  const decoded = times.filter((time, n) => !selection.skips(time, n % group === 0))
  return { decoded: decoded.length, taken: decoded.filter((time) => selection.takes(time)) }
}

const rateOf = (taken: readonly number[]): number => (taken.length - 1) / (taken.at(-1)! - taken[0]!)

describe('frames that are wanted', () => {
  for (const [wanted, fps] of [
    [5, 25],
    [10, 25],
    [7, 30],
    [15, 29.97],
    [25, 25],
  ] as const) {
    test(`${wanted} of ${fps} a second come as often as that, and evenly`, () => {
      const { taken } = play(wanted, { fps, group: 250 })
      assert.ok(Math.abs(rateOf(taken) / wanted - 1) < 0.02, `${rateOf(taken)} a second`)
      const gaps = taken.slice(1).map((time, i) => time - taken[i]!)
      assert.ok(Math.max(...gaps) < 1 / wanted + 1.01 / fps)
    })
  }

  test('are key frames alone where these come often enough, and nothing else is decoded', () => {
    const { decoded, taken } = play(1, { fps: 25, group: 25 })
    assert.ok(Math.abs(rateOf(taken) - 1) < 0.02, `${rateOf(taken)} a second`)
    assert.ok(decoded < 660, `${decoded} packets decoded for 600 frames`)
  })

  test('are never fewer because key frames come at odd times', () => {
    const { decoded, taken } = play(1, { fps: 25, group: 20 })
    assert.ok(rateOf(taken) > 0.95, `${rateOf(taken)} a second`)
    assert.equal(decoded, 15_000)
  })

  test('come again after the source’s time jumps back', () => {
    const selection = new Selection(5)
    assert.deepEqual(
      [100, 100.1, 100.2, 0, 0.1, 0.2].map((time) => selection.takes(time)),
      [true, false, true, true, false, true],
    )
  })
})
