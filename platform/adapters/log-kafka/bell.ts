/** Wakes the one who waits for it. A ring while nobody waits is kept for the next. */
export class Bell {
  #rung = false
  #wake: (() => void) | undefined

  ring(): void {
    this.#rung = true
    this.#wake?.()
  }

  /** Resolves at the next ring, or when `signal` aborts. */
  async next(signal: AbortSignal): Promise<void> {
    if (!this.#rung && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#wake = resolve
      signal.addEventListener('abort', this.#wake)
      await promise
      signal.removeEventListener('abort', this.#wake)
    }
    this.#rung = false
    this.#wake = undefined
  }
}
