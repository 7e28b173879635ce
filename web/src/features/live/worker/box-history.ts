import type { LiveBox } from './protocol.ts'

/** Sets of boxes are kept for so long, µs of capture time: longer than any picture waits for its boxes. */
const KEEP_US = 6_000_000
/** Older boxes are no longer shown over a newer picture. */
const HOLD_US = 1_000_000
/** An object is not carried on beyond its last box for longer than this. */
const CARRY_US = 400_000

interface BoxSet {
  /** µs since the epoch. */
  readonly at: number
  readonly boxes: readonly LiveBox[]
}

export interface BoxesAt {
  readonly boxes: readonly LiveBox[]
  /** How much older than the picture the boxes are that it got, µs; 0 where the detector saw this very picture. */
  readonly ageUs: number
}

/** What the detector saw lately, for the pictures between those that it looked at. */
export class BoxHistory {
  #sets: BoxSet[] = []

  add(set: BoxSet): void {
    this.#sets = [...this.#sets.filter(({ at }) => at < set.at && set.at - at < KEEP_US), set]
  }

  /**
   * The boxes of the picture that was captured at `at`, µs: those of that very picture where there are such. Else tracked
   * objects lie between their boxes before and after, or go on as they moved last; all others stay where they were.
   */
  at(at: number): BoxesAt {
    const index = this.#sets.findLastIndex((set) => set.at <= at)
    const before = this.#sets[index]
    if (!before || at - before.at > HOLD_US) return { boxes: [], ageUs: before ? at - before.at : 0 }
    const ageUs = at - before.at
    const other = this.#sets[index + 1] ?? this.#sets[index - 1]
    if (ageUs === 0 || !other) return { boxes: before.boxes, ageUs }
    const share = (Math.min(at, before.at + CARRY_US) - before.at) / (other.at - before.at)
    return { ageUs, boxes: before.boxes.map((box) => moved(box, other.boxes, share)) }
  }
}

/** @param share of the way from the box to the same object's box in `others`; below 0 on the other side. */
function moved(box: LiveBox, others: readonly LiveBox[], share: number): LiveBox {
  const other = box.trackId === undefined ? undefined : others.find(({ trackId }) => trackId === box.trackId)
  if (!other) return box
  const place = box.box.map((value, i) => value + (other.box[i]! - value) * share)
  return { ...box, box: place as unknown as LiveBox['box'] }
}
