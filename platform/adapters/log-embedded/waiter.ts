/** Remembers a wake that comes before the wait, so that none is lost between a look and the wait. */
export class Waiter implements Disposable {
  readonly #signal: AbortSignal
  #woken = false
  #resolve: (() => void) | undefined

  constructor(signal: AbortSignal) {
    this.#signal = signal
    signal.addEventListener('abort', this.wake)
  }

  [Symbol.dispose](): void {
    this.#signal.removeEventListener('abort', this.wake)
  }

  readonly wake = (): void => {
    this.#woken = true
    this.#resolve?.()
  }

  async wait(): Promise<void> {
    if (!this.#woken) await new Promise<void>((resolve) => (this.#resolve = resolve))
    this.#woken = false
    this.#resolve = undefined
  }
}
