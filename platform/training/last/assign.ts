import { type Centred, overlap } from './boxes.ts'
import type { Parameters } from './parameters.ts'
import { answerIn, type CellAnswer } from './predict.ts'
import type { LevelFeatures } from './sample.ts'

/** What a person says is in a picture. */
export interface Truth {
  readonly classIndex: number
  readonly box: Centred
}

export interface Assigned {
  readonly answer: CellAnswer
  readonly truth: Truth
}

/** Cells whose centre is at most so many strides from an object's may find it, besides those inside it. */
const REACH = 2.5
/** An object gets as many cells as its best overlaps add up to, of so many. */
const MOST_CELLS = 10
/** Cost of a bad box against that of a wrong class, and of a cell that is not both inside and near. */
const BOX_COST = 3
const FAR_COST = 1e5
const TINY = 1e-8

/**
 * Which cells learn which object, by what the model says there now: SimOTA (Ge et al., "YOLOX", arXiv:2107.08430, 2.1). A cell
 * that two objects ask for goes to the one for which it costs less.
 */
export function assign(
  parameters: Parameters,
  features: readonly LevelFeatures[],
  objectness: readonly Float64Array[],
  truths: readonly Truth[],
): Assigned[] {
  const taken = new Map<string, Assigned & { readonly cost: number }>()
  for (const truth of truths) {
    for (const chosen of cellsFor(parameters, features, objectness, truth)) {
      const key = `${chosen.answer.level}/${chosen.answer.index}`
      const other = taken.get(key)
      if (!other || chosen.cost < other.cost) taken.set(key, { ...chosen, truth })
    }
  }
  return [...taken.values()]
}

function cellsFor(
  parameters: Parameters,
  features: readonly LevelFeatures[],
  objectness: readonly Float64Array[],
  truth: Truth,
) {
  const candidates = features.flatMap((level, at) =>
    candidateCells(level, objectness[at]!.length, truth.box).map(({ index, isFar }) => {
      const answer = answerIn(parameters, features, objectness, at, index)
      const shared = overlap(answer.box, truth.box)
      return { answer, shared, cost: costOf(answer, shared, truth) + (isFar ? FAR_COST : 0) }
    }),
  )
  const best = candidates.map(({ shared }) => shared).sort((a, b) => b - a)
  const sum = best.slice(0, MOST_CELLS).reduce((total, each) => total + each, 0)
  return candidates.sort((a, b) => a.cost - b.cost).slice(0, Math.max(1, Math.floor(sum)))
}

/** Cells whose centre lies in the object or near its middle; `isFar` where not both. */
function candidateCells({ columns, stride }: LevelFeatures, cells: number, [x, y, width, height]: Centred) {
  const found: { index: number; isFar: boolean }[] = []
  const lines = cells / columns
  const span = (centre: number, size: number, most: number): [number, number] => {
    const half = Math.max(size / 2, REACH * stride)
    return [Math.max(0, Math.floor((centre - half) / stride)), Math.min(most - 1, Math.floor((centre + half) / stride))]
  }
  const [left, right] = span(x, width, columns)
  const [top, bottom] = span(y, height, lines)
  for (let line = top; line <= bottom; line++)
    for (let column = left; column <= right; column++) {
      const [dx, dy] = [Math.abs((column + 0.5) * stride - x), Math.abs((line + 0.5) * stride - y)]
      const isInside = dx < width / 2 && dy < height / 2
      const isNear = dx < REACH * stride && dy < REACH * stride
      if (isInside || isNear) found.push({ index: line * columns + column, isFar: !(isInside && isNear) })
    }
  return found
}

/** Cross-entropy of the classes' scores and the logarithm of the overlap. */
function costOf({ classes, objectness }: CellAnswer, shared: number, { classIndex }: Truth): number {
  let cost = -BOX_COST * Math.log(shared + TINY)
  for (const [at, score] of classes.entries()) {
    const joint = Math.min(1 - TINY, Math.max(TINY, Math.sqrt(score * objectness)))
    cost -= Math.log(at === classIndex ? joint : 1 - joint)
  }
  return cost
}
