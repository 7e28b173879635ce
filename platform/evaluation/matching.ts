import { areaOf, type FoundBox, overlapWith, type TruthBox } from './boxes.ts'

/** Least overlaps at which a box counts as found: 0.50, 0.55, … 0.95. */
export const THRESHOLDS: readonly number[] = Array.from({ length: 10 }, (_, i) =>
  i === 9 ? 0.95 : 0.5 + i * ((0.95 - 0.5) / 9),
)
/** Of a class in a picture only so many boxes count, the best first. */
export const MOST_BOXES = 100

/** Pixels², both ends included. */
export interface AreaRange {
  readonly from: number
  readonly to: number
}

/** One class of one picture against its truth. Index of `hits` and `ignored`: threshold · boxes + box. */
export interface Matching {
  /** Descending. */
  readonly scores: readonly number[]
  readonly hits: Uint8Array
  /** Neither right nor wrong: it lies on truth that does not count, or has nothing and is outside the range of areas. */
  readonly ignored: Uint8Array
  /** Boxes of truth that count. */
  readonly counted: number
}

/**
 * Matches boxes to truth by the rules of the COCO evaluation (Lin et al., "Microsoft COCO", ECCV 2014; cocodataset.org,
 * "Detection evaluation"): best score first, each to the truth that it overlaps most and that no better one has taken;
 * truth that counts goes before truth that does not.
 *
 * @returns one matching for each range of areas.
 */
export function matchEach(
  truth: readonly TruthBox[],
  found: readonly FoundBox[],
  ranges: readonly AreaRange[],
): Matching[] {
  const best = found.toSorted((a, b) => b.score - a.score).slice(0, MOST_BOXES)
  const overlaps = best.map(({ box }) => truth.map((each) => overlapWith(each, box)))
  return ranges.map((range) => match(truth, best, overlaps, range))
}

function match(
  truth: readonly TruthBox[],
  found: readonly FoundBox[],
  overlaps: readonly (readonly number[])[],
  range: AreaRange,
): Matching {
  const isOut = truth.map((each) => !counts(each, range))
  const order = [...truth.keys()].sort((a, b) => Number(isOut[a]) - Number(isOut[b]))
  const hits = new Uint8Array(THRESHOLDS.length * found.length)
  const ignored = new Uint8Array(hits.length)
  for (const [t, threshold] of THRESHOLDS.entries()) {
    const taken = new Set<number>()
    for (const [at, { box }] of found.entries()) {
      const matched = bestTruth(
        order,
        overlaps[at]!,
        threshold,
        isOut,
        (each) => taken.has(each) && !truth[each]!.isCrowd,
      )
      if (matched !== undefined) taken.add(matched)
      const index = t * found.length + at
      hits[index] = Number(matched !== undefined)
      ignored[index] = Number(matched === undefined ? !isInside(areaOf(box), range) : isOut[matched])
    }
  }
  return { scores: found.map(({ score }) => score), hits, ignored, counted: isOut.filter((out) => !out).length }
}

/** Of two that overlap equally the later one. */
function bestTruth(
  order: readonly number[],
  overlaps: readonly number[],
  threshold: number,
  isOut: readonly boolean[],
  isTaken: (truth: number) => boolean,
): number | undefined {
  let best: number | undefined
  let most = threshold
  for (const each of order) {
    if (isTaken(each)) continue
    if (best !== undefined && !isOut[best] && isOut[each]) break
    if (overlaps[each]! < most) continue
    most = overlaps[each]!
    best = each
  }
  return best
}

function counts({ box, area = areaOf(box), isCrowd, isIgnored }: TruthBox, range: AreaRange): boolean {
  return !isCrowd && !isIgnored && isInside(area, range)
}

const isInside = (area: number, { from, to }: AreaRange): boolean => area >= from && area <= to
