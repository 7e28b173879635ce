import { assign, FORBIDDEN } from '../assignment.ts'
import { overlapWith, type PixelBox } from './boxes.ts'

/** A box that has an identity. */
export interface IdentifiedBox {
  readonly id: string
  readonly box: PixelBox
}

export interface TrueObject extends IdentifiedBox {
  /** Too small or too hidden: neither missed nor counted, nor is a box that lies on it. */
  readonly isIgnored?: boolean
}

/** One frame: what was there, and what a tracker said was there. */
export interface TrackedFrame {
  readonly truth: readonly TrueObject[]
  readonly found: readonly IdentifiedBox[]
}

/** Sums, so that those of several cameras can be added. */
export interface TrackingCounts {
  /** Boxes of truth and of the tracker. */
  readonly truth: number
  readonly found: number
  readonly missed: number
  readonly wrong: number
  readonly switches: number
  /** Boxes whose identity is right under the best pairing of true and found identities. */
  readonly identified: number
}

/** Least overlap at which a box counts as its object. */
const LEAST_OVERLAP = 0.5

/**
 * Compares tracks with the truth of one camera, frame after frame: misses, false boxes and switches as the CLEAR MOT metrics
 * count them (Bernardin and Stiefelhagen, EURASIP 2008), identities as Ristani et al. ("Performance Measures and a Data Set
 * for Multi-target, Multi-camera Tracking", ECCV 2016).
 */
export function countTracking(frames: readonly TrackedFrame[]): TrackingCounts {
  const asked = frames.map(withoutIgnored)
  const clear = new ClearCount()
  for (const frame of asked) clear.add(frame)
  const sum = (of: (frame: TrackedFrame) => number): number => asked.reduce((total, frame) => total + of(frame), 0)
  return {
    truth: sum(({ truth }) => truth.length),
    found: sum(({ found }) => found.length),
    missed: clear.missed,
    wrong: clear.wrong,
    switches: clear.switches,
    identified: identified(asked),
  }
}

export function addCounts(counts: readonly TrackingCounts[]): TrackingCounts {
  const sum = (key: keyof TrackingCounts): number => counts.reduce((total, each) => total + each[key], 0)
  return {
    truth: sum('truth'),
    found: sum('found'),
    missed: sum('missed'),
    wrong: sum('wrong'),
    switches: sum('switches'),
    identified: sum('identified'),
  }
}

/** Share of boxes, true and found, whose identity is right; not a number where there are none. */
export function idf1({ identified, truth, found }: TrackingCounts): number {
  return (2 * identified) / (truth + found)
}

/** 1 less misses, false boxes and switches for each box of truth; may be below 0. */
export function mota({ truth, missed, wrong, switches }: TrackingCounts): number {
  return 1 - (missed + wrong + switches) / truth
}

function withoutIgnored({ truth, found }: TrackedFrame): TrackedFrame {
  const asked = truth.filter(({ isIgnored }) => !isIgnored)
  const ignored = truth.filter(({ isIgnored }) => isIgnored)
  const isOnIgnored = ({ box }: IdentifiedBox): boolean =>
    ignored.some((each) => lies(each, box)) && !asked.some((each) => lies(each, box))
  return { truth: asked, found: found.filter((box) => !isOnIgnored(box)) }
}

const overlap = ({ box }: IdentifiedBox, found: PixelBox): number => overlapWith({ class: '', box }, found)
const lies = (truth: IdentifiedBox, found: PixelBox): boolean => overlap(truth, found) >= LEAST_OVERLAP

/** An object stays with the track that it had while that one lies on it; the others are paired for the best overlap. */
class ClearCount {
  missed = 0
  wrong = 0
  switches = 0
  readonly #trackOf = new Map<string, string>()

  add({ truth, found }: TrackedFrame): void {
    const taken = new Set<IdentifiedBox>()
    const left = truth.filter((object) => !this.#keep(object, found, taken))
    const free = found.filter((box) => !taken.has(box))
    let matched = 0
    for (const [object, box] of pairs(left, free)) {
      const before = this.#trackOf.get(object.id)
      if (before !== undefined && before !== box.id) this.switches++
      this.#trackOf.set(object.id, box.id)
      matched++
    }
    this.missed += left.length - matched
    this.wrong += free.length - matched
  }

  #keep(object: TrueObject, found: readonly IdentifiedBox[], taken: Set<IdentifiedBox>): boolean {
    const track = this.#trackOf.get(object.id)
    const box = found.find((each) => each.id === track && !taken.has(each))
    if (!box || !lies(object, box.box)) return false
    taken.add(box)
    return true
  }
}

function pairs(truth: readonly TrueObject[], found: readonly IdentifiedBox[]): [TrueObject, IdentifiedBox][] {
  const costs = truth.map((object) =>
    found.map(({ box }) => {
      const shared = overlap(object, box)
      return shared >= LEAST_OVERLAP ? 1 - shared : FORBIDDEN
    }),
  )
  return assign(costs).flatMap((at, row) => (at >= 0 ? [[truth[row]!, found[at]!] as [TrueObject, IdentifiedBox]] : []))
}

/** The most frames in which every object can lie under its one track, each track belonging to one object. */
function identified(frames: readonly TrackedFrame[]): number {
  const together = new Map<string, Map<string, number>>()
  for (const { truth, found } of frames) {
    for (const object of truth) {
      const tracks = together.get(object.id) ?? new Map<string, number>()
      together.set(object.id, tracks)
      for (const { id, box } of found) if (lies(object, box)) tracks.set(id, (tracks.get(id) ?? 0) + 1)
    }
  }
  const objects = [...together.values()]
  const tracks = [...new Set(objects.flatMap((each) => [...each.keys()]))]
  const costs = objects.map((each) => tracks.map((track) => -(each.get(track) ?? 0)))
  return assign(costs).reduce((sum, at, row) => sum + (at < 0 ? 0 : (objects[row]!.get(tracks[at]!) ?? 0)), 0)
}
