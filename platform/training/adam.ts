import type { Weights } from './engine.ts'

/** Adam (Kingma and Ba, arXiv:1412.6980) with its usual constants. */
const [FIRST, SECOND, TINY] = [0.9, 0.999, 1e-12]
/** Norm of the whole gradient beyond which it is shortened. */
const MOST = 10
/** Offsets are as large as what is added to them, and every cell feels them: they move by less. */
const OFFSETS = 0.1
/** Layers of nothing but zeros move too. */
const LEAST_SIZE = 1e-3

/** What Adam remembers of each layer: running means of the slope and of its square. */
export type Momentum = ReadonlyMap<
  string,
  { readonly mean: Float32Array; readonly square: Float32Array; readonly size: number }
>

/** @param offsets names of those weights that are added and not multiplied with. */
export function momentumOf(weights: Weights, offsets: ReadonlySet<string>): Momentum {
  return new Map(
    [...weights].map(([name, values]) => {
      const mean = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)
      const size = Math.max(LEAST_SIZE, mean) * (offsets.has(name) ? OFFSETS : 1)
      return [name, { mean: new Float32Array(values.length), square: new Float32Array(values.length), size }]
    }),
  )
}

/**
 * One step down. It is as long as a share of the size that a layer's weights had at the beginning (as in Shazeer and Stern, Adafactor,
 * arXiv:1804.04235): a layer into which a scale of the input was folded needs no rate of its own.
 */
export function descend(
  weights: Weights,
  gradient: Weights,
  momentum: Momentum,
  { rate, step }: { readonly rate: number; readonly step: number },
): void {
  const [meanBias, squareBias] = [1 - FIRST ** step, 1 - SECOND ** step]
  const shorten = Math.min(1, MOST / (normOf(gradient) + TINY))
  for (const [name, values] of weights) {
    const { mean, square, size } = momentum.get(name)!
    const slopes = gradient.get(name)!
    for (let i = 0; i < values.length; i++) {
      const slope = slopes[i]! * shorten
      mean[i] = FIRST * mean[i]! + (1 - FIRST) * slope
      square[i] = SECOND * square[i]! + (1 - SECOND) * slope * slope
      values[i]! -= (rate * size * (mean[i]! / meanBias)) / (Math.sqrt(square[i]! / squareBias) + TINY)
    }
  }
}

function normOf(gradient: Weights): number {
  let sum = 0
  for (const slopes of gradient.values()) for (const slope of slopes) sum += slope * slope
  return Math.sqrt(sum)
}
