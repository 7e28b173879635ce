import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { describe, test } from 'node:test'
import type { Clock } from './clock.ts'

export interface ClockUnderTest {
  readonly clock: Clock
  /** Lets so many milliseconds go by. */
  pass(ms: number): Promise<void>
}

const DAY_MS = 86_400_000

/** What every clock must do, whoever moves it. */
export function clockContract(name: string, open: () => ClockUnderTest): void {
  describe(`clock contract: ${name}`, () => {
    test('time goes on by what passes, and never back', async () => {
      const { clock, pass } = open()
      const started = clock.now()
      const readings = [started]
      for (let n = 0; n < 20; n++) {
        await pass(2)
        readings.push(clock.now())
      }
      assert.ok(readings.every((now, i) => i === 0 || now > readings[i - 1]!))
      assert.ok(clock.now() - started >= 40, `${clock.now() - started} ms`)
    })

    test('now is in milliseconds since the epoch', () => {
      const now = open().clock.now()
      assert.ok(now > Date.parse('2026-01-01T00:00:00Z') && now < Date.parse('2100-01-01T00:00:00Z'))
    })

    test('who sleeps wakes after its time and not before, the shorter sleep first', async () => {
      const { clock, pass } = open()
      const started = clock.now()
      const woken: [string, number][] = []
      const sleep = async (who: string, ms: number): Promise<void> => {
        await clock.sleep(ms)
        woken.push([who, clock.now() - started])
      }
      const sleepers = Promise.all([sleep('late', 60), sleep('early', 20)])
      while (woken.length < 2) await pass(5)
      await sleepers
      assert.deepEqual(
        woken.map(([who]) => who),
        ['early', 'late'],
      )
      assert.ok(woken[0]![1] >= 19 && woken[1]![1] >= 59, String(woken))
    })

    test('an abort ends a sleep at once without an error, also one that came before it', async () => {
      const { clock } = open()
      const abort = new AbortController()
      const asleep = clock.sleep(DAY_MS, abort.signal)
      abort.abort()
      await asleep
      await clock.sleep(DAY_MS, abort.signal)
    })

    test('a signal that outlives many sleeps does not remember them', async () => {
      const { clock, pass } = open()
      const { signal } = new AbortController()
      for (let n = 0; n < 5; n++) {
        const asleep = clock.sleep(1, signal)
        await pass(2)
        await asleep
      }
      assert.equal(getEventListeners(signal, 'abort').length, 0)
    })

    test('a sleep of many days does not end at once', async () => {
      const { clock, pass } = open()
      const abort = new AbortController()
      let isAwake = false
      const asleep = clock.sleep(40 * DAY_MS, abort.signal).then(() => {
        isAwake = true
      })
      await pass(30)
      assert.equal(isAwake, false)
      abort.abort()
      await asleep
    })
  })
}
