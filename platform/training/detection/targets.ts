import { type Answers, cellAt, classesAt, type LevelAnswers, rawAt, sigmoid } from './answers.ts'
import type { Cell, Centred } from './boxes.ts'

/** A cell that answers for an object. */
export interface Positive {
  readonly level: number
  readonly index: number
  readonly cell: Cell
  /**
   * Where it is, or the numbers of the box layer that are right: those of an old answer have a loss without a kink. Undefined where
   * nobody asks.
   */
  readonly box: Centred | Float64Array | undefined
  /** Score of each class that is right there, 0..1. */
  readonly classes: Float32Array
  /** How much it counts. */
  readonly weight: number
}

/** What a picture should be answered with. */
export interface Targets {
  /** For each level and cell the objectness that is right, 0..1, or how well it does where there is none; below 0 where nobody is asked. */
  readonly objectness: readonly Float32Array[]
  readonly positives: readonly Positive[]
  /** Classes that are judged. */
  readonly classes: readonly number[]
}

/** From this objectness on an old answer is worth keeping: class and box too. */
const WORTH_KEEPING = 0.1

/** The old model's own answers, for a picture of before: nobody needs to have labelled it. */
export function asBefore(before: Answers): Targets {
  const objectness = before.map((level) => level.objectness.map((_, index) => certaintyOf(level, index)))
  const positives = before.flatMap((level, at) =>
    [...level.objectness.keys()].flatMap((index) => keptAt(level, at, index, objectness[at]![index]!)),
  )
  const count = before[0]!.classes.length / before[0]!.objectness.length
  return { objectness, positives, classes: [...Array(count).keys()] }
}

/** That there is anything in a cell, 0..1. */
function certaintyOf(level: LevelAnswers, index: number): number {
  return level.isBare ? Math.max(...classesAt(level, index)) : sigmoid(level.objectness[index]!)
}

/** Without objectness every cell says by its classes that there is nothing. */
function keptAt(level: LevelAnswers, at: number, index: number, certainty: number): Positive[] {
  const isKept = certainty >= WORTH_KEEPING
  if (!isKept && !level.isBare) return []
  const classes = classesAt(level, index)
  const box = isKept ? rawAt(level, index) : undefined
  return [{ level: at, index, cell: cellAt(level, index), box, classes, weight: isKept ? certainty : 0 }]
}
