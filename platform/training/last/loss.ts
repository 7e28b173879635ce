import { overlapOfRaw } from './boxes.ts'
import { apply, applyGradient, BOX_CHANNELS, channel, channelGradient, crossEntropy, sigmoid } from './layer.ts'
import type { Parameters } from './parameters.ts'
import type { Positive, Sample } from './sample.ts'

/** Weight of the boxes' term (Ge et al., "YOLOX", arXiv:2107.08430). */
const BOX_WEIGHT = 5

/**
 * Loss of the last layers on some pictures, per object: cross-entropy of objectness in every cell, and where an object is
 * cross-entropy of the classes and 5·(1 − IoU²) of the box.
 *
 * @param qualities for each sample and positive what its class scores are multiplied by.
 * @param gradient its derivatives are added there, times `factor`; none without it.
 */
export function lossOn(
  parameters: Parameters,
  samples: readonly Sample[],
  qualities: readonly Float32Array[],
  factor: number,
  gradient?: Float64Array,
): number {
  const objects = samples.reduce((sum, { positives }) => sum + weightOf(positives), 0)
  const share = factor / Math.max(1, objects)
  let loss = 0
  for (const [at, sample] of samples.entries()) {
    loss += objectnessLoss(parameters, sample, share, gradient)
    for (const [n, positive] of sample.positives.entries())
      loss += positiveLoss(parameters, positive, qualities[at]![n]!, share, gradient)
  }
  return loss
}

function weightOf(positives: readonly Positive[]): number {
  return positives.reduce((sum, { weight }) => sum + weight, 0)
}

function objectnessLoss(
  { values, levels }: Parameters,
  { features, objectness }: Sample,
  share: number,
  gradient: Float64Array | undefined,
): number {
  let loss = 0
  for (const [level, { objectness: input }] of features.entries()) {
    const slot = levels[level]!.objectness
    const logits = channel(values, slot, input)
    const targets = objectness[level]!
    for (let cell = 0; cell < logits.length; cell++) {
      const logit = logits[cell]!
      loss += share * crossEntropy(logit, targets[cell]!)
      logits[cell] = share * (sigmoid(logit) - targets[cell]!)
    }
    if (gradient) channelGradient(gradient, slot, input, logits)
  }
  return loss
}

function positiveLoss(
  { values, levels, classes: taught }: Parameters,
  { level, cell, boxInput, classInput, box, classes, weight }: Positive,
  quality: number,
  share: number,
  gradient: Float64Array | undefined,
): number {
  const scale = share * weight
  const slots = levels[level]!
  const scores = new Float64Array(slots.classes.outs)
  apply(values, slots.classes, classInput, scores, taught)
  let loss = 0
  for (const at of taught) {
    const target = classes[at]! * quality
    loss += scale * crossEntropy(scores[at]!, target)
    scores[at] = scale * (sigmoid(scores[at]!) - target)
  }
  const raw = new Float64Array(4)
  apply(values, slots.boxes, boxInput, raw, BOX_CHANNELS)
  const errors = new Float64Array(4)
  const shared = overlapOfRaw(raw, cell, box, errors)
  loss += scale * BOX_WEIGHT * (1 - shared * shared)
  if (!gradient) return loss
  for (let at = 0; at < 4; at++) errors[at]! *= -2 * scale * BOX_WEIGHT * shared
  applyGradient(gradient, slots.classes, classInput, scores, taught)
  applyGradient(gradient, slots.boxes, boxInput, errors, BOX_CHANNELS)
  return loss
}

/** How well the box of each positive fits now, where scores should tell it; 1 elsewhere. */
export function qualitiesOf({ values, levels }: Parameters, samples: readonly Sample[]): Float32Array[] {
  const raw = new Float64Array(4)
  const unused = new Float64Array(4)
  return samples.map(({ positives }) =>
    Float32Array.from(positives, ({ isGraded, level, boxInput, cell, box }) => {
      if (!isGraded) return 1
      apply(values, levels[level]!.boxes, boxInput, raw, BOX_CHANNELS)
      return overlapOfRaw(raw, cell, box, unused)
    }),
  )
}
