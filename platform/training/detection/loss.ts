import { type Answers, rawAt, sigmoid } from './answers.ts'
import { type Cell, type Centred, completeOverlap } from './boxes.ts'
import type { Positive, Targets } from './targets.ts'

/** Weight of the boxes' term, as the base detector is trained (detector/loss.py). */
const BOX_WEIGHT = 5

/**
 * Loss of one picture: cross-entropy of objectness in every cell that is asked, and where an object is cross-entropy of the classes
 * and 5·(1 − CIoU) of the box; of an old answer 5 times the squared distance of its four numbers.
 *
 * @param share what it is multiplied by.
 * @param derivatives by the answers, filled.
 */
export function lossOf(answers: Answers, targets: Targets, share: number, derivatives: Answers): number {
  let loss = 0
  for (const [at, { objectness }] of answers.entries()) {
    const [wanted, by] = [targets.objectness[at]!, derivatives[at]!.objectness]
    for (const [cell, logit] of objectness.entries()) {
      if (wanted[cell]! < 0) continue
      loss += share * crossEntropy(logit, wanted[cell]!)
      by[cell] = share * (sigmoid(logit) - wanted[cell]!)
    }
  }
  for (const positive of targets.positives)
    loss += positiveLoss(answers, positive, targets.classes, share * positive.weight, derivatives)
  return loss
}

function positiveLoss(
  answers: Answers,
  { level, index, cell, box, classes: wanted }: Positive,
  judged: readonly number[],
  scale: number,
  derivatives: Answers,
): number {
  const [of, by] = [answers[level]!, derivatives[level]!]
  const cells = of.objectness.length
  let loss = 0
  for (const one of judged) {
    const at = one * cells + index
    loss += scale * crossEntropy(of.classes[at]!, wanted[one]!)
    by.classes[at]! += scale * (sigmoid(of.classes[at]!) - wanted[one]!)
  }
  const slopes = new Float64Array(4)
  const raw = rawAt(of, index)
  loss +=
    scale * BOX_WEIGHT * (box instanceof Float64Array ? awayFrom(raw, box, slopes) : missed(raw, cell, box, slopes))
  for (const [at, slope] of slopes.entries()) by.boxes[at * cells + index]! += scale * BOX_WEIGHT * slope
  return loss
}

/** 1 − CIoU, and its derivatives. */
function missed(raw: Float64Array, cell: Cell, box: Centred, slopes: Float64Array): number {
  const loss = 1 - completeOverlap(raw, cell, box, slopes)
  for (const [at, slope] of slopes.entries()) slopes[at] = -slope
  return loss
}

/** Squared distance of the four numbers, and its derivatives. */
function awayFrom(raw: Float64Array, wanted: Float64Array, slopes: Float64Array): number {
  let loss = 0
  for (const [at, value] of raw.entries()) {
    const away = value - wanted[at]!
    loss += away * away
    slopes[at] = 2 * away
  }
  return loss
}

/** How much there is to find: losses are divided by it, so that every object counts the same. */
export function weightOf({ positives }: Targets): number {
  return positives.reduce((sum, { weight }) => sum + weight, 0)
}

/** Binary cross-entropy of a logit against a target of 0..1; its derivative by the logit is sigmoid(logit) − target. */
function crossEntropy(logit: number, target: number): number {
  return Math.max(logit, 0) - logit * target + Math.log1p(Math.exp(-Math.abs(logit)))
}
