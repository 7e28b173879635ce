import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { clockContract } from '../ports/clock.contract.ts'
import { systemClock } from './system-clock.ts'

clockContract('system', () => ({ clock: systemClock, pass: (ms) => delay(ms) }))

test('the system’s clock is that of the machine, with fractions of a millisecond', () => {
  assert.ok(Math.abs(systemClock.now() - Date.now()) < 5)
  const readings = Array.from({ length: 50 }, () => systemClock.now())
  assert.ok(readings.some((now) => now % 1 !== 0))
})
