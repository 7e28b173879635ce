/** Time as a port: handlers and tests are given it. */
export interface Clock {
  /** Milliseconds since the epoch, with fractions down to a microsecond. */
  now(): number
  /** Resolves after `ms`, or at once when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}
