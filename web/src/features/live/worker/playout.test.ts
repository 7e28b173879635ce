import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Playout } from './playout.ts'

/** Camera and browser disagree by an hour; packets take 20 ms. */
const OFF = 3_600_000
const TRANSIT = 20

/** Packets every 40 ms and boxes every `every` ms that come `boxesMs` after the capture, from one moment to another. */
function play(playout: Playout, [from, to]: readonly [number, number], boxesMs: number, every = 200): Playout {
  const events = []
  for (let at = from; at < to; at += 40) events.push({ at, now: at + TRANSIT, isPacket: true })
  for (let at = from; at < to; at += every) events.push({ at, now: at + boxesMs, isPacket: false })
  for (const { at, now, isPacket } of events.filter(({ now }) => now < to).sort((a, b) => a.now - b.now)) {
    if (isPacket) playout.packetCame(at, now + OFF)
    else playout.boxesCame(at, now + OFF)
  }
  return playout
}
const delay = (playout: Playout): number => playout.dueAt(0) - OFF

test('the picture after one with boxes is shown when the next boxes come, whatever the clocks say', () => {
  const playout = play(new Playout(), [0, 9000], 120)
  assert.equal(Math.round(playout.dueAt(8040) - OFF), 8200 + 120)
})

test('a detector that lags delays the picture, which slows down and never goes back or stands still', () => {
  const playout = play(new Playout(), [0, 4000], 120)
  const shown: number[] = []
  for (let now = 4000; now < 14_000; now += 200) {
    playout.boxesCame(now - 2000, now + OFF)
    for (let at = now; at < now + 200; at += 40) playout.packetCame(at, at + TRANSIT + OFF)
    shown.push(now - delay(playout))
  }
  const steps = shown.slice(1).map((at, i) => at - shown[i]!)
  assert.ok(Math.min(...steps) >= 100, `the pace falls to ${Math.min(...steps)} ms in 200`)
  assert.equal(Math.round(delay(playout)), 2000 + 200 - 40)
  assert.equal(Math.round(playout.lagAt(13_800 + OFF)), 1980)
})

test('boxes that take longer than three seconds are not waited for, and their lag is told', () => {
  const playout = play(new Playout(), [0, 20_000], 5000)
  assert.equal(Math.round(delay(playout)), TRANSIT + 3000)
  assert.equal(playout.lagAt(20_000 + OFF), 4980)
})

test('one set of boxes that is late delays nothing for long', () => {
  const playout = play(new Playout(), [0, 9000], 120)
  playout.boxesCame(9000, 11_500 + OFF)
  assert.ok(delay(playout) < 330)
  assert.ok(delay(play(playout, [11_600, 16_000], 120)) < 330)
})

test('boxes that come no more lag ever further behind', () => {
  const playout = play(new Playout(), [0, 4000], 120)
  assert.equal(Math.round(playout.lagAt(4000 + OFF)), 100)
  assert.ok(playout.lagAt(9000 + OFF) > 4500)
})

test('where the detector looks but once a second the picture waits for as long', () => {
  assert.equal(Math.round(delay(play(new Playout(), [0, 40_000], 120, 1000))), 1120 - 40)
})

test('the video of a camera that is lagging already begins where its boxes are', () => {
  const playout = new Playout()
  playout.boxesCame(1000, 2500 + OFF)
  playout.packetCame(2490, 2510 + OFF)
  assert.equal(delay(playout), 1500)
})

test('without any boxes a picture is shown as it comes', () => {
  const playout = new Playout()
  playout.packetCame(0, 30)
  assert.deepEqual([playout.dueAt(40), playout.lagAt(9000)], [70, 0])
})
