import { BoxHistory } from './box-history.ts'
import type { PictureHeader } from './protocol.ts'
import type { VideoPicture } from './video-player.ts'

/** A stream that is cut into segments is seconds behind its camera, µs. */
const KEEP_US = 60_000_000
/** Playlists tell the time to the millisecond, and their segments' lengths are rounded. */
const SAME_US = 5000
/** Times of one clock are not further apart, µs. */
const ONE_CLOCK_US = 45_000_000
/** Without a picture for so long the stream counts as gone. */
const GONE_MS = 1500
/** Pictures that are further apart than so many of the shortest steps have others between them that were not shown. */
const MOST_STEPS = 1.5

/** Pictures of the media server's stream, which come decoded and late: each gets the boxes of its capture time. */
export class StreamedPictures {
  readonly #history = new BoxHistory({ keepUs: KEEP_US, sameUs: SAME_US })
  #newestBoxes: number | undefined
  #before: number | undefined
  #step = Number.POSITIVE_INFINITY
  #shownAt = Number.NEGATIVE_INFINITY
  /** Boxes that lay between two pictures that follow each other: the stream's clock is not that of the boxes. */
  skewed = 0

  get isPlaying(): boolean {
    return performance.now() - this.#shownAt < GONE_MS
  }

  takeBoxes({ boxes, capturedAt }: PictureHeader): void {
    this.#history.add({ at: capturedAt, boxes })
    this.#newestBoxes = capturedAt
  }

  /** @returns undefined where the clock of the stream is not that of the boxes, so that no box has a picture. */
  take(frame: VideoFrame, capturedAt: number): VideoPicture | undefined {
    const aheadUs = this.#newestBoxes === undefined ? 0 : capturedAt - this.#newestBoxes
    if (Math.abs(aheadUs) > ONE_CLOCK_US) return undefined
    this.#compare(capturedAt)
    this.#shownAt = performance.now()
    return { frame, capturedAt, lagMs: Math.max(0, aheadUs / 1000), ...this.#history.at(capturedAt) }
  }

  #compare(capturedAt: number): void {
    const before = this.#before
    this.#before = capturedAt
    if (before === undefined || capturedAt <= before) return
    const step = capturedAt - before
    this.#step = Math.min(this.#step, step)
    if (step <= this.#step * MOST_STEPS && this.#history.hasBetween(before, capturedAt)) this.skewed++
  }
}
