/** Chooses which frames to take: evenly spaced by presentation time, never more than wanted a second. */
export class Selection {
  readonly #interval: number
  #due = Number.NEGATIVE_INFINITY
  #last = Number.NEGATIVE_INFINITY

  constructor(fps: number) {
    this.#interval = 1 / fps
  }

  /** @param time presentation time in seconds; one that jumps back begins anew. */
  takes(time: number): boolean {
    const gap = time - this.#last
    this.#last = time
    if (gap < 0 || gap > 10) this.#due = Number.NEGATIVE_INFINITY
    // A source of nearly the wanted rate must not lose every other frame to rounding.
    if (time < this.#due - this.#interval * 0.1) return false
    this.#due = time - this.#due > this.#interval ? time + this.#interval : this.#due + this.#interval
    return true
  }
}
