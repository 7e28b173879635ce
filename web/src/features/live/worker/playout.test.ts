import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Playout } from './playout.ts'

/** Camera and browser disagree by an hour; packets take 20 ms. */
const OFF = 3_600_000
const played = (boxesMs: number): Playout => {
  const playout = new Playout()
  for (let at = 0; at < 4000; at += 40) {
    playout.packetCame(at, at + OFF + 20)
    if (at % 200 === 0) playout.boxesCame(at, at + OFF + boxesMs)
  }
  return playout
}

test('a picture is shown when its boxes come, whatever the clocks say', () => {
  assert.ok(Math.abs(played(120).dueAt(5000) - (5000 + OFF + 120)) < 5)
})

test('boxes that take too long are not waited for, and without any a picture is shown as it comes', () => {
  assert.ok(Math.abs(played(5000).dueAt(5000) - (5000 + OFF + 20 + 400)) < 10)
  const playout = new Playout()
  playout.packetCame(0, 30)
  assert.equal(playout.dueAt(40), 70)
})
