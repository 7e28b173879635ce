import { assign, type Truth } from './assign.ts'
import type { Parameters } from './parameters.ts'
import { answerIn, type CellAnswer, objectnessOf } from './predict.ts'
import type { LevelFeatures, Positive, Sample } from './sample.ts'

/** From this objectness on an old answer is worth keeping: class and box too. */
const WORTH_KEEPING = 0.1

/** A picture whose boxes a person certified to be all there are. */
export function taught(old: Parameters, features: readonly LevelFeatures[], truths: readonly Truth[]): Sample {
  const before = objectnessOf(old, features)
  const objectness = before.map(({ length }) => new Float32Array(length))
  const positives = assign(old, features, before, truths).map(({ answer, truth }): Positive => {
    objectness[answer.level]![answer.index] = 1
    const classes = new Float32Array(answer.classes.length)
    classes[truth.classIndex] = 1
    return { ...inputsOf(answer), box: truth.box, classes, weight: 1, isGraded: true }
  })
  return { features, objectness, positives }
}

/** A picture of before, to be answered as the old model does: nobody needs to have labelled it. */
export function rehearsed(old: Parameters, features: readonly LevelFeatures[]): Sample {
  const before = objectnessOf(old, features)
  const positives = before.flatMap((scores, level) =>
    [...scores.keys()]
      .filter((index) => scores[index]! >= WORTH_KEEPING)
      .map((index): Positive => {
        const answer = answerIn(old, features, before, level, index)
        const { box, objectness: weight } = answer
        return { ...inputsOf(answer), box, classes: Float32Array.from(answer.classes), weight, isGraded: false }
      }),
  )
  return { features, objectness: before.map((scores) => Float32Array.from(scores)), positives }
}

function inputsOf({ level, cell, boxInput, classInput }: CellAnswer) {
  return { level, cell, boxInput, classInput }
}
