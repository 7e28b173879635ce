/** How long a picture waits at most for the boxes that belong to it, ms: what is shown stays no more than seconds old. */
const MOST_WAIT_MS = 3000
const LOOK_BACK = 20
/** The wait follows what is measured this much with each set of boxes, so that the pictures' pace stays even. */
const FOLLOW = 0.2
/** Nor does it grow by more than this for each ms that goes by: the video plays slower for a while, and never stands still. */
const SLOW_DOWN = 0.5

/**
 * When a picture of the video is to be shown: as soon as the boxes before it and after it have usually come, between which its
 * own lie. The picture that waits longest is the next one after a picture with boxes. Works with any difference between the
 * clocks of camera and browser. All in ms.
 */
export class Playout {
  readonly #transits: number[] = []
  readonly #boxes: number[] = []
  #wait = 0
  /** When the wait was set last. */
  #setAt: number | undefined
  #last = Number.NEGATIVE_INFINITY
  readonly #intervals: number[] = []
  #lastPacket = Number.NEGATIVE_INFINITY
  readonly #steps: number[] = []

  packetCame(capturedAt: number, now: number): void {
    remember(this.#transits, now - capturedAt)
    if (Number.isFinite(this.#lastPacket)) remember(this.#steps, Math.max(0, capturedAt - this.#lastPacket))
    this.#lastPacket = capturedAt
    // Nothing has been shown yet, and so nothing can jump.
    if (this.#transits.length === 1) this.#follow(now, true)
  }

  boxesCame(capturedAt: number, now: number): void {
    remember(this.#boxes, now - capturedAt)
    if (capturedAt > this.#last) {
      if (Number.isFinite(this.#last)) remember(this.#intervals, capturedAt - this.#last)
      this.#last = capturedAt
    }
    this.#follow(now)
  }

  /** How much later than its picture a set of boxes comes, or the one that is awaited already is; 0 before there are both. */
  lagAt(now: number): number {
    const overdue = now - this.#last - this.#interval - Math.min(...this.#transits)
    return Math.max(this.#measured ?? 0, Number.isFinite(overdue) ? overdue : 0)
  }

  /** By the browser's clock. */
  dueAt(capturedAt: number): number {
    return capturedAt + Math.min(...this.#transits) + this.#wait
  }

  /** Between two sets of boxes, when none was left out; 0 before there are two. */
  get #interval(): number {
    return this.#intervals.length === 0 ? 0 : Math.min(...this.#intervals)
  }

  /** From one picture of the video to the next, the shortest of late; 0 before there are two. */
  get #step(): number {
    return this.#steps.length === 0 ? 0 : Math.min(...this.#steps)
  }

  get #measured(): number | undefined {
    if (this.#boxes.length === 0 || this.#transits.length === 0) return undefined
    return Math.max(0, usualOf(this.#boxes) - Math.min(...this.#transits))
  }

  #follow(now: number, isFirst = false): void {
    if (this.#measured === undefined) return
    const wanted = Math.min(MOST_WAIT_MS, this.#measured + Math.max(0, this.#interval - this.#step))
    const room = Math.max(0, now - (this.#setAt ?? now)) * SLOW_DOWN
    this.#wait = isFirst ? wanted : this.#wait + Math.min((wanted - this.#wait) * FOLLOW, room)
    this.#setAt = now
  }
}

/** What nine of ten do not exceed: a single one that is late must not delay everything. */
function usualOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * 0.9)]!
}

function remember(values: number[], value: number): void {
  values.push(value)
  if (values.length > LOOK_BACK) values.shift()
}
