import type { Slot } from './parameters.ts'

/**
 * One output channel of a layer in all cells.
 *
 * @param input [ins][cells].
 */
export function channel(values: Float64Array, { weight, bias, ins }: Slot, input: Float32Array, out = 0): Float64Array {
  const cells = input.length / ins
  const answer = new Float64Array(cells).fill(values[bias + out]!)
  for (let i = 0, at = 0; i < ins; i++) {
    const factor = values[weight + out * ins + i]!
    for (let cell = 0; cell < cells; cell++) answer[cell]! += factor * input[at++]!
  }
  return answer
}

/** Adds to the gradient what one output channel has to do with its errors [cells]. */
export function channelGradient(
  gradient: Float64Array,
  { weight, bias, ins }: Slot,
  input: Float32Array,
  errors: Float64Array,
): void {
  for (let i = 0, at = 0; i < ins; i++) {
    let sum = 0
    for (let cell = 0; cell < errors.length; cell++) sum += errors[cell]! * input[at++]!
    gradient[weight + i]! += sum
  }
  let sum = 0
  for (const error of errors) sum += error
  gradient[bias]! += sum
}

/**
 * Some output channels in one cell.
 *
 * @param input [ins].
 * @param answer [outs], filled where `channels` says.
 */
export function apply(
  values: Float64Array,
  { weight, bias, ins }: Slot,
  input: Float32Array,
  answer: Float64Array,
  channels: readonly number[],
): void {
  for (const out of channels) {
    let sum = values[bias + out]!
    for (let i = 0, at = weight + out * ins; i < ins; i++) sum += values[at++]! * input[i]!
    answer[out] = sum
  }
}

/** Adds to the gradient what some output channels have to do with their errors [outs] in one cell. */
export function applyGradient(
  gradient: Float64Array,
  { weight, bias, ins }: Slot,
  input: Float32Array,
  errors: Float64Array,
  channels: readonly number[],
): void {
  for (const out of channels) {
    const error = errors[out]!
    for (let i = 0, at = weight + out * ins; i < ins; i++) gradient[at++]! += error * input[i]!
    gradient[bias + out]! += error
  }
}

/** The four numbers of a box. */
export const BOX_CHANNELS: readonly number[] = [0, 1, 2, 3]

export const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit))

/** Binary cross-entropy of a logit against a target of 0..1; its derivative by the logit is sigmoid(logit) − target. */
export function crossEntropy(logit: number, target: number): number {
  return Math.max(logit, 0) - logit * target + Math.log1p(Math.exp(-Math.abs(logit)))
}
