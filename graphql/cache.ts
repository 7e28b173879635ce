import type { Clock } from '../platform/ports/clock.ts'

/**
 * Remembers for a moment. A request ends before it forgets, so one answer agrees with itself; a subscription, which lives for
 * days, sees what has changed and does not grow.
 */
export class MomentaryCache<Key, Value> {
  readonly #clock: Clock
  readonly #lifeMs: number
  readonly #values = new Map<Key, Value>()
  #forgetAt = 0

  constructor(clock: Clock, lifeMs: number) {
    this.#clock = clock
    this.#lifeMs = lifeMs
  }

  get(key: Key): Value | undefined {
    if (this.#clock.now() >= this.#forgetAt) this.clear()
    return this.#values.get(key)
  }

  set(key: Key, value: Value): void {
    if (this.#values.size === 0) this.#forgetAt = this.#clock.now() + this.#lifeMs
    this.#values.set(key, value)
  }

  delete(key: Key): void {
    this.#values.delete(key)
  }

  clear(): void {
    this.#values.clear()
  }
}
