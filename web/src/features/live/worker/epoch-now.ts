/** ms since the epoch, finer than Date.now. */
export function epochNow(): number {
  return performance.timeOrigin + performance.now()
}
