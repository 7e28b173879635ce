/** Anchors that are remembered: a minute of parts of a fifth of a second. */
const MOST = 300

interface Anchor {
  /** Of a segment or a part of one, on the media's own clock, s. */
  readonly start: number
  /** µs since the epoch. */
  readonly at: number
}

/** When the pictures of a stream were captured: each segment, and each part, says it of its first picture, and the media's clock goes on from there. */
export class StreamClock {
  #anchors: Anchor[] = []

  /**
   * @param start of a segment or a part on the media's own clock, s. One that is there already is told anew.
   * @param date when its first picture was captured, ms since the epoch.
   */
  anchor(start: number, date: number): void {
    const others = this.#anchors.filter((anchor) => anchor.start !== start)
    this.#anchors = [...others, { start, at: date * 1000 }].sort((a, b) => a.start - b.start).slice(-MOST)
  }

  /** µs since the epoch, of the picture at this time of the media's clock, s; undefined where no segment before it is known. */
  at(mediaTime: number): number | undefined {
    // The media's clock comes in fractions that miss the start of a segment by less than this.
    const anchor = this.#anchors.findLast(({ start }) => start <= mediaTime + 1e-4)
    return anchor && Math.round(anchor.at + Math.max(0, mediaTime - anchor.start) * 1e6)
  }
}
