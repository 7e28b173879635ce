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

/** A timer of Node's that is longer than this fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    for (let left = ms; left > LONGEST_TIMER_MS; left -= LONGEST_TIMER_MS)
      await delay(LONGEST_TIMER_MS, undefined, signal && { signal })
    await delay(ms % LONGEST_TIMER_MS, undefined, signal && { signal })
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw error
  }
}

export const systemClock: Clock = { now, sleep }
