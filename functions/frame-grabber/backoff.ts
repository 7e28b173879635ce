import type { OfflineReason } from '../../platform/events/camera.ts'

const FIRST_MS = 1000
const MAX_MS = 60_000
/** Failures that only a person can mend are looked at again now and then. */
const SLOW: ReadonlySet<OfflineReason> = new Set(['ended', 'not-found', 'unauthorized', 'refused', 'not-video', 'tls'])
const SLOW_MS = 20_000

/**
 * How long to wait before the next attempt, milliseconds: exponential, each camera at its own point of the upper half, so that
 * cameras that failed together do not come back together.
 *
 * @param attempt 1 after the first failure.
 */
export function backoff(cameraId: string, attempt: number, reason: OfflineReason): number {
  const bound = Math.min(MAX_MS, Math.max(SLOW.has(reason) ? SLOW_MS : 0, FIRST_MS * 2 ** (attempt - 1)))
  return bound * (0.5 + fraction(`${cameraId}/${attempt}`) / 2)
}

/** FNV-1a to 0..1: chance enough to spread, and the same again for the same camera and attempt. */
function fraction(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash >>> 0) / 2 ** 32
}
