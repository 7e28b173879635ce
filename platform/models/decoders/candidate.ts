import type { Candidate } from '../nms.ts'
import { type BestTwo, bestTwo } from './best-two.ts'
import type { RawOutput } from './decoder.ts'

/** In input pixels. */
export interface CentredBox {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** @param certainty by which the scores of its classes are multiplied. */
export function candidateOf({ x, y, width, height }: CentredBox, best: BestTwo, certainty: number): Candidate {
  return {
    left: x - width / 2,
    top: y - height / 2,
    right: x + width / 2,
    bottom: y + height / 2,
    classIndex: best.first,
    score: certainty * best.firstScore,
    runnerUpIndex: best.second,
    runnerUpScore: certainty * best.secondScore,
  }
}

/** Four numbers of the box, objectness; then one score a class. */
export const ROW_HEAD = 5

/** Detectors that write one row a box: [1, rows, 5 + classes]. @param boxOf what the four numbers at `at` of a row mean. */
export function readRows(
  { data, dimensions }: RawOutput,
  scoreThreshold: number,
  boxOf: (data: Float32Array, at: number, row: number) => CentredBox,
): Candidate[] {
  const columns = dimensions[2]!
  const candidates: Candidate[] = []
  for (let row = 0, at = 0; at < data.length; row++, at += columns) {
    const objectness = data[at + 4]!
    // No class can lift a box above its objectness.
    if (objectness < scoreThreshold) continue
    const best = bestTwo(data, at + ROW_HEAD, at + columns)
    if (objectness * best.firstScore < scoreThreshold) continue
    candidates.push(candidateOf(boxOf(data, at, row), best, objectness))
  }
  return candidates
}

/** The four numbers as they are: centre and size in input pixels. */
export function boxAt(data: Float32Array, at: number): CentredBox {
  return { x: data[at]!, y: data[at + 1]!, width: data[at + 2]!, height: data[at + 3]! }
}
