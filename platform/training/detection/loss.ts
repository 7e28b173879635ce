import { type Answers, type LevelAnswers, rawAt, sigmoid } from './answers.ts'
import { type Cell, type Centred, completeOverlap } from './boxes.ts'
import type { Positive, Targets } from './targets.ts'

/** Weight of the boxes' term, as the base detector is trained (detector/loss.py). */
const BOX_WEIGHT = 5

/**
 * Loss of one picture: cross-entropy of objectness in every cell that is asked, and where an object is cross-entropy of the classes
 * and 5·(1 − CIoU) of the box; of an old answer 5 times the squared distance of its numbers. Without objectness the classes are asked
 * in every cell.
 *
 * @param share what it is multiplied by.
 * @param derivatives by the answers, filled.
 */
export function lossOf(answers: Answers, targets: Targets, share: number, derivatives: Answers): number {
  let loss = 0
  for (const [at, level] of answers.entries()) {
    const lossIn = level.isBare ? emptyLoss : objectnessLoss
    loss += lossIn(level, at, targets, share, derivatives[at]!)
  }
  for (const positive of targets.positives) loss += positiveLoss(answers, positive, targets.classes, share, derivatives)
  return loss
}

function objectnessLoss(
  { objectness }: LevelAnswers,
  at: number,
  targets: Targets,
  share: number,
  derivatives: LevelAnswers,
): number {
  const [wanted, by] = [targets.objectness[at]!, derivatives.objectness]
  let loss = 0
  for (const [cell, logit] of objectness.entries()) {
    if (wanted[cell]! < 0) continue
    loss += share * crossEntropy(logit, wanted[cell]!)
    by[cell] = share * (sigmoid(logit) - wanted[cell]!)
  }
  return loss
}

/** Of the cells that answer for nothing, by their classes. */
function emptyLoss(
  level: LevelAnswers,
  at: number,
  targets: Targets,
  share: number,
  derivatives: LevelAnswers,
): number {
  const { classes, objectness } = level
  const wanted = targets.objectness[at]!
  const taken = new Set(targets.positives.flatMap(({ level, index }) => (level === at ? [index] : [])))
  let loss = 0
  for (const cell of objectness.keys()) {
    if (wanted[cell]! < 0 || taken.has(cell)) continue
    for (const one of targets.classes) {
      const logit = classes[one * objectness.length + cell]!
      loss += share * crossEntropy(logit, 0)
      derivatives.classes[one * objectness.length + cell] = share * sigmoid(logit)
    }
  }
  return loss
}

function positiveLoss(
  answers: Answers,
  { level, index, cell, box, classes: wanted, weight }: Positive,
  judged: readonly number[],
  share: number,
  derivatives: Answers,
): number {
  const [of, by] = [answers[level]!, derivatives[level]!]
  const cells = of.objectness.length
  // Without objectness what is wanted of the classes says how much the cell counts.
  const scale = of.isBare ? share : share * weight
  let loss = 0
  for (const one of judged) {
    const at = one * cells + index
    loss += scale * crossEntropy(of.classes[at]!, wanted[one]!)
    by.classes[at]! += scale * (sigmoid(of.classes[at]!) - wanted[one]!)
  }
  if (!box) return loss
  const raw = rawAt(of, index)
  const slopes = new Float64Array(raw.length)
  const factor = share * weight * BOX_WEIGHT
  loss += factor * (box instanceof Float64Array ? awayFrom(raw, box, slopes) : missed(raw, cell, box, slopes))
  for (const [at, slope] of slopes.entries()) by.boxes[at * cells + index]! += factor * slope
  return loss
}

/** 1 − CIoU, and its derivatives. */
function missed(raw: Float64Array, cell: Cell, box: Centred, slopes: Float64Array): number {
  const loss = 1 - completeOverlap(raw, cell, box, slopes)
  for (const [at, slope] of slopes.entries()) slopes[at] = -slope
  return loss
}

/** Squared distance of the numbers, as if they were four, and its derivatives. */
function awayFrom(raw: Float64Array, wanted: Float64Array, slopes: Float64Array): number {
  const share = 4 / raw.length
  let loss = 0
  for (const [at, value] of raw.entries()) {
    const away = value - wanted[at]!
    loss += share * away * away
    slopes[at] = share * 2 * away
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
