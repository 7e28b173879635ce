/** How long a picture waits at most for the boxes that belong to it, ms. */
const MOST_MS = 400
const LOOK_BACK = 20
/** The wait follows what is measured this much with each set of boxes, so that the pictures' pace stays even. */
const FOLLOW = 0.2

/**
 * When a picture of the video is to be shown: as soon as the boxes of its time have usually come, for they take longer than
 * it does. Works with any difference between the clocks of camera and browser. All in ms.
 */
export class Playout {
  readonly #transits: number[] = []
  readonly #boxes: number[] = []
  #wait = 0

  packetCame(capturedAt: number, now: number): void {
    remember(this.#transits, now - capturedAt)
  }

  boxesCame(capturedAt: number, now: number): void {
    remember(this.#boxes, now - capturedAt)
    const later = Math.max(...this.#boxes) - Math.min(...this.#transits)
    if (Number.isFinite(later)) this.#wait += (Math.min(MOST_MS, Math.max(0, later)) - this.#wait) * FOLLOW
  }

  /** By the browser's clock. */
  dueAt(capturedAt: number): number {
    return capturedAt + Math.min(...this.#transits) + this.#wait
  }
}

function remember(values: number[], value: number): void {
  values.push(value)
  if (values.length > LOOK_BACK) values.shift()
}
