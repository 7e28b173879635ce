/** In intervals: a source of nearly the wanted rate must not lose every other frame to rounding. */
const TOLERANCE = 0.1

/** Chooses which frames to take: evenly spaced by presentation time, never more than wanted a second. */
export class Selection {
  readonly #interval: number
  #due = Number.NEGATIVE_INFINITY
  #last = Number.NEGATIVE_INFINITY
  #lastKey = Number.NEGATIVE_INFINITY
  #keysSuffice = false

  constructor(fps: number) {
    this.#interval = 1 / fps
  }

  /**
   * Whether this packet need not even be decoded, because key frames alone come often and evenly enough.
   *
   * @param time presentation time in seconds.
   */
  skips(time: number, isKeyframe: boolean): boolean {
    if (!isKeyframe) return this.#keysSuffice
    const gap = time - this.#lastKey
    this.#lastKey = time
    // Key frames that are taken lie a whole number of gaps apart.
    const spacing = Math.max(1, Math.ceil(this.#interval / gap - TOLERANCE)) * gap
    this.#keysSuffice = gap > 0 && spacing <= this.#interval * (1 + TOLERANCE)
    return false
  }

  /** @param time presentation time in seconds; one that jumps back begins anew. */
  takes(time: number): boolean {
    const gap = time - this.#last
    this.#last = time
    if (gap < 0 || gap > 10) this.#due = Number.NEGATIVE_INFINITY
    if (time < this.#due - this.#interval * TOLERANCE) return false
    this.#due = time - this.#due > this.#interval ? time + this.#interval : this.#due + this.#interval
    return true
  }
}
