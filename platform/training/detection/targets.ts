import { type Answers, cellAt, classesAt, rawAt, sigmoid } from './answers.ts'
import type { Cell, Centred } from './boxes.ts'

/** A cell that answers for an object. */
export interface Positive {
  readonly level: number
  readonly index: number
  readonly cell: Cell
  /** Where it is, or the four numbers of the box layer that are right: those of an old answer have a loss without a kink. */
  readonly box: Centred | Float64Array
  /** Score of each class that is right there, 0..1. */
  readonly classes: Float32Array
  /** How much it counts. */
  readonly weight: number
}

/** What a picture should be answered with. */
export interface Targets {
  /** For each level and cell the objectness that is right, 0..1; below 0 where nobody is asked. */
  readonly objectness: readonly Float32Array[]
  readonly positives: readonly Positive[]
  /** Classes that are judged. */
  readonly classes: readonly number[]
}

/** From this objectness on an old answer is worth keeping: class and box too. */
const WORTH_KEEPING = 0.1

/** The old model's own answers, for a picture of before: nobody needs to have labelled it. */
export function asBefore(before: Answers): Targets {
  const objectness = before.map((level) => level.objectness.map(sigmoid))
  const positives = before.flatMap((level, at) =>
    [...objectness[at]!.keys()]
      .filter((index) => objectness[at]![index]! >= WORTH_KEEPING)
      .map((index): Positive => {
        const cell = cellAt(level, index)
        return {
          level: at,
          index,
          cell,
          box: rawAt(level, index),
          classes: classesAt(level, index),
          weight: objectness[at]![index]!,
        }
      }),
  )
  const count = before[0]!.classes.length / before[0]!.objectness.length
  return { objectness, positives, classes: [...Array(count).keys()] }
}
