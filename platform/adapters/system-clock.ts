import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../ports/clock.ts'

/** `Date.now` steps when the machine's clock is set; the finer counter follows it as soon as they differ by this. */
const MAX_DRIFT_MS = 2

let anchor = performance.timeOrigin

function now(): number {
  const fine = anchor + performance.now()
  const drift = Date.now() - fine
  if (Math.abs(drift) <= MAX_DRIFT_MS) return fine
  anchor += drift
  return fine + drift
}

export const systemClock: Clock = {
  now,
  sleep: (ms, signal) =>
    delay(ms, undefined, signal && { signal }).catch((error: Error) => {
      if (error.name !== 'AbortError') throw error
    }),
}
