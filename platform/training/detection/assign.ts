import { type Answers, cellAt, type LevelAnswers, rawAt, scoreAt, type Truth } from './answers.ts'
import { type Centred, decodeBox, overlap } from './boxes.ts'
import type { Positive, Targets } from './targets.ts'

/** Exponents of score and overlap in the alignment, and cells for an object, as the base detector is trained (detector/assign.py). */
const [SCORE_POWER, OVERLAP_POWER, CELLS_FOR_ONE] = [0.5, 4, 9]
/** On the finest level an object claims cells whose centres lie this near to its own, strides, however small it is. */
const REACH = 0.875
const TINY = 1e-4
/** In the input, the longer side of what must be found, pixels; what is smaller is neither object nor background. */
const LEAST_SIDE = 6.5

export interface Certified {
  /** All there is in the picture. */
  readonly truths: readonly Truth[]
  /** Classes that are taught. */
  readonly classes: readonly number[]
}

interface Claim {
  readonly level: number
  readonly index: number
  readonly truth: Truth
  readonly alignment: number
  readonly overlap: number
}

/**
 * Which cells answer for which object, by what the model says there now: task-aligned assignment (Feng et al., TOOD,
 * arXiv:2108.07755). A cell that two objects ask for goes to the one that it covers better. Objectness, or the class' score where
 * there is none, is to tell how well the cell does for its object.
 */
export function assign(answers: Answers, { truths, classes }: Certified): Targets {
  const objectness = answers.map(({ objectness: { length } }) => new Float32Array(length))
  const [asked, tiny] = [truths.filter(isAsked), truths.filter((truth) => !isAsked(truth))]
  for (const { box } of tiny) for (const { level, index } of candidates(answers, box)) objectness[level]![index] = -1
  const positives = [...Map.groupBy(undisputed(asked.flatMap((truth) => best(answers, truth))), ({ truth }) => truth)]
  return {
    classes,
    objectness,
    positives: positives.flatMap(([truth, claims]) => positivesOf(answers, truth, claims, objectness)),
  }
}

const isAsked = ({ box: [, , width, height] }: Truth): boolean => Math.max(width, height) >= LEAST_SIDE

/** The cells that do best for an object. */
function best(answers: Answers, truth: Truth): Claim[] {
  const claims = candidates(answers, truth.box).map(({ level, index }): Claim => {
    const of = answers[level]!
    const covered = overlap(decodeBox(rawAt(of, index), cellAt(of, index)), truth.box)
    const alignment = scoreAt(of, index, truth.classIndex) ** SCORE_POWER * (covered + TINY) ** OVERLAP_POWER
    return { level, index, truth, alignment, overlap: covered }
  })
  return claims.sort((a, b) => b.alignment - a.alignment).slice(0, CELLS_FOR_ONE)
}

/** Each cell answers for one object. */
function undisputed(claims: readonly Claim[]): Claim[] {
  const cells = new Map<string, Claim>()
  for (const claim of claims) {
    const key = `${claim.level}/${claim.index}`
    const other = cells.get(key)
    if (!other || claim.overlap > other.overlap) cells.set(key, claim)
  }
  return [...cells.values()]
}

/** An object's best cell counts whole, however badly it does. */
function positivesOf(
  answers: Answers,
  { box, classIndex }: Truth,
  claims: readonly Claim[],
  objectness: readonly Float32Array[],
): Positive[] {
  const most = Math.max(...claims.map(({ alignment }) => alignment))
  return claims.map(({ level, index, alignment, overlap: covered }) => {
    const weight = alignment / most
    objectness[level]![index] = weight * covered
    const of = answers[level]!
    const classes = new Float32Array(of.classes.length / of.objectness.length)
    classes[classIndex] = of.isBare ? weight * covered : 1
    return { level, index, cell: cellAt(of, index), box, classes, weight }
  })
}

/** Cells whose centre lies in the object, or on the finest level near its middle. */
function candidates(answers: Answers, box: Centred) {
  return answers.flatMap((level, at) =>
    cellsIn(level, box, level.stride === answers[0]!.stride ? REACH * level.stride : 0).map((index) => ({
      level: at,
      index,
    })),
  )
}

function cellsIn({ columns, stride, objectness }: LevelAnswers, [x, y, width, height]: Centred, reach: number) {
  const lines = objectness.length / columns
  const span = (centre: number, half: number, most: number): [number, number] => [
    Math.max(0, Math.ceil((centre - half) / stride - 0.5)),
    Math.min(most - 1, Math.floor((centre + half) / stride - 0.5)),
  ]
  const [left, right] = span(x, Math.max(width / 2, reach), columns)
  const [top, bottom] = span(y, Math.max(height / 2, reach), lines)
  const found: number[] = []
  for (let line = top; line <= bottom; line++)
    for (let column = left; column <= right; column++) {
      const [dx, dy] = [Math.abs((column + 0.5) * stride - x), Math.abs((line + 0.5) * stride - y)]
      if ((dx < width / 2 && dy < height / 2) || (dx < reach && dy < reach)) found.push(line * columns + column)
    }
  return found
}
