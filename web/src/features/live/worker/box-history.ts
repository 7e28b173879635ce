import type { LiveBox } from './protocol.ts'

/** Longer than any picture waits for its boxes, µs of capture time. */
const KEEP_US = 6_000_000
/** Nothing is told of a picture between two that lie further apart. */
const MOST_BETWEEN_US = 2_000_000
/** An object is not carried on beyond its last box for longer than this. */
const CARRY_US = 400_000
/** Least overlap of two boxes that have no track and are taken for the same object. */
const SAME_FROM = 0.3

interface BoxSet {
  /** µs since the epoch. */
  readonly at: number
  readonly boxes: readonly LiveBox[]
}

/** A box where the detector did not see it, but where the object should be by now, as it moved last. */
export interface ShownBox extends LiveBox {
  readonly isPredicted?: boolean
}

export interface BoxesAt {
  readonly boxes: readonly ShownBox[]
  /** How much older than the picture the boxes are that it got, µs; 0 where the detector saw this very picture. */
  readonly ageUs: number
}

/** What the detector saw lately, for the pictures between those that it looked at. */
export class BoxHistory {
  readonly #keepUs: number
  readonly #sameUs: number
  #sets: BoxSet[] = []

  /**
   * @param options.keepUs for how long sets of boxes are kept, µs of capture time.
   * @param options.sameUs how far the times of a picture and of its boxes may be apart, µs: less than two pictures are.
   */
  constructor({ keepUs = KEEP_US, sameUs = 0 } = {}) {
    this.#keepUs = keepUs
    this.#sameUs = sameUs
  }

  add(set: BoxSet): void {
    this.#sets = [...this.#sets.filter(({ at }) => at < set.at && set.at - at < this.#keepUs), set]
  }

  /** Whether there are boxes of a picture between two others, and of neither; µs. */
  hasBetween(from: number, to: number): boolean {
    return this.#sets.some(({ at }) => at - from > this.#sameUs && to - at > this.#sameUs)
  }

  /**
   * The boxes of the picture that was captured at `at`, µs: those of that very picture where there are such. Between two that
   * the detector saw, the objects that are in both, on their way from one to the other. After the last one only what is
   * tracked, as it moved, for a short time and as predicted. A box that belongs to another picture is never among them.
   */
  at(at: number): BoxesAt {
    const own = this.#sets.find((set) => Math.abs(set.at - at) <= this.#sameUs)
    if (own) return { boxes: own.boxes, ageUs: 0 }
    const index = this.#sets.findLastIndex((set) => set.at < at)
    const before = this.#sets[index]
    if (!before) return { boxes: [], ageUs: 0 }
    const ageUs = at - before.at
    const after = this.#sets[index + 1]
    return { ageUs, boxes: after ? between(before, after, at) : predicted(this.#sets[index - 1], before, at) }
  }
}

function between(before: BoxSet, after: BoxSet, at: number): ShownBox[] {
  if (after.at - before.at > MOST_BETWEEN_US) return []
  const share = (at - before.at) / (after.at - before.at)
  return before.boxes.flatMap((box) => {
    const next = sameIn(after.boxes, box)
    return next ? [moved(box, next, share)] : []
  })
}

function predicted(earlier: BoxSet | undefined, last: BoxSet, at: number): ShownBox[] {
  if (!earlier || at - last.at > CARRY_US) return []
  const share = (at - last.at) / (earlier.at - last.at)
  return last.boxes.flatMap((box) => {
    const known = box.trackId === undefined ? undefined : sameIn(earlier.boxes, box)
    return known ? [{ ...moved(box, known, share), isPredicted: true }] : []
  })
}

/** The same object: by its track, else the box of its class that it overlaps most. */
function sameIn(boxes: readonly LiveBox[], { trackId, class: name, box }: LiveBox): LiveBox | undefined {
  if (trackId !== undefined) return boxes.find((other) => other.trackId === trackId)
  const [most] = boxes
    .filter((other) => other.class === name && other.trackId === undefined)
    .map((other) => ({ other, overlap: overlapOf(box, other.box) }))
    .sort((a, b) => b.overlap - a.overlap)
  return most && most.overlap >= SAME_FROM ? most.other : undefined
}

/** Intersection over union. */
function overlapOf(a: LiveBox['box'], b: LiveBox['box']): number {
  const shared = (at: 0 | 1): number =>
    Math.max(0, Math.min(a[at] + a[at + 2]!, b[at] + b[at + 2]!) - Math.max(a[at], b[at]))
  const both = shared(0) * shared(1)
  return both / (a[2] * a[3] + b[2] * b[3] - both)
}

/** @param share of the way from the box to the other one; below 0 away from it. */
function moved(box: LiveBox, other: LiveBox, share: number): LiveBox {
  const place = box.box.map((value, i) => value + (other.box[i]! - value) * share)
  return { ...box, box: place as unknown as LiveBox['box'] }
}
