import { type Matching, THRESHOLDS } from './matching.ts'

/** Recalls at which precision is read: 0, 0.01, … 1. */
const RECALLS = Array.from({ length: 101 }, (_, i) => (i === 100 ? 1 : i * 0.01))

/** Of one class and range of areas; at each of `THRESHOLDS`. */
export interface Curve {
  /** Mean precision at 101 recalls. */
  readonly averagePrecision: readonly number[]
  /** With every box that was found. */
  readonly recall: readonly number[]
}

/** All pictures together; undefined where there is nothing to find. */
export function curveOf(matchings: readonly Matching[]): Curve | undefined {
  const counted = matchings.reduce((sum, matching) => sum + matching.counted, 0)
  if (counted === 0) return undefined
  const ranked = rank(matchings)
  const curves = THRESHOLDS.map((_, threshold) => curveAt(ranked, threshold, counted))
  return {
    averagePrecision: curves.map(({ precision }) => precision),
    recall: curves.map(({ recall }) => recall),
  }
}

/** What a person sees who hides all boxes below `score`, at an overlap of 0.5. */
export function hitsAbove(matchings: readonly Matching[], score: number): { right: number; wrong: number } {
  let [right, wrong] = [0, 0]
  for (const { scores, hits, ignored } of matchings) {
    for (const [at, each] of scores.entries()) {
      if (each < score || ignored[at]) continue
      if (hits[at]) right++
      else wrong++
    }
  }
  return { right, wrong }
}

type Ranked = readonly { readonly matching: Matching; readonly at: number; readonly score: number }[]

/** All boxes, best first; of equal ones those of earlier pictures. */
function rank(matchings: readonly Matching[]): Ranked {
  return matchings
    .flatMap((matching) => matching.scores.map((score, at) => ({ matching, at, score })))
    .sort((a, b) => b.score - a.score)
}

function curveAt(ranked: Ranked, threshold: number, counted: number): { precision: number; recall: number } {
  const recalls: number[] = []
  const precisions: number[] = []
  let [right, wrong] = [0, 0]
  for (const { matching, at } of ranked) {
    const index = threshold * matching.scores.length + at
    if (!matching.ignored[index]) {
      if (matching.hits[index]) right++
      else wrong++
    }
    recalls.push(right / counted)
    precisions.push(right / Math.max(1, right + wrong))
  }
  return { precision: averagePrecision(recalls, precisions), recall: recalls.at(-1) ?? 0 }
}

/** Precision at a recall is the best at that recall or any higher one, and 0 where it is not reached. */
function averagePrecision(recalls: readonly number[], precisions: number[]): number {
  for (let i = precisions.length - 2; i >= 0; i--) precisions[i] = Math.max(precisions[i]!, precisions[i + 1]!)
  let sum = 0
  let at = 0
  for (const recall of RECALLS) {
    while (at < recalls.length && recalls[at]! < recall) at++
    sum += precisions[at] ?? 0
  }
  return sum / RECALLS.length
}
