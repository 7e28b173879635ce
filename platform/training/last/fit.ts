import type { Recipe } from '../../events/training.ts'
import { lossOn, qualitiesOf } from './loss.ts'
import type { Parameters } from './parameters.ts'
import type { Sample } from './sample.ts'

/** Adam (Kingma and Ba, arXiv:1412.6980) with its usual constants. */
const [FIRST, SECOND, TINY] = [0.9, 0.999, 1e-8]
/** Steps between two looks at the pictures for judging, and how many looks without gain end it. */
const LOOK_EVERY = 10
const PATIENCE = 6

export interface Material {
  readonly taught: readonly Sample[]
  readonly rehearsed: readonly Sample[]
  /** For judging. */
  readonly val: readonly Sample[]
}

export interface FitStep {
  readonly step: number
  readonly loss: number
  /** Null where there is nothing to judge by. */
  readonly valLoss: number | null
  /** Of what is rehearsed: how far it is from what the old model said. */
  readonly driftLoss: number
}

export interface Fitted {
  readonly parameters: Parameters
  readonly before: FitStep
  readonly after: FitStep
}

export interface FitOptions {
  readonly recipe: Pick<Recipe, 'steps' | 'learningRate' | 'pull' | 'rehearsal'>
  /** Hears of every look; what it returns is waited for, and what it throws ends the fit. */
  readonly onLook?: (step: FitStep) => void | Promise<void>
}

/** Teaches the last layers, all three of each stride together. The parameters that judge best are kept. */
export async function fit(old: Parameters, material: Material, { recipe, onLook }: FitOptions): Promise<Fitted> {
  const now: Parameters = { ...old, values: old.values.slice() }
  const [mean, square] = [new Float64Array(now.values.length), new Float64Array(now.values.length)]
  const judged = ({ valLoss, loss, driftLoss }: FitStep): number => (valLoss ?? loss) + recipe.rehearsal * driftLoss
  const before = look(now, material, 0)
  let best = { values: old.values, at: before }
  for (let step = 1; step <= recipe.steps; step++) {
    const gradient = gradientAt(now, old, material, recipe)
    const rate = recipe.learningRate * cosine(step / recipe.steps)
    descend(now.values, gradient, { mean, square, rate, step })
    if (step % LOOK_EVERY !== 0 && step !== recipe.steps) continue
    const at = look(now, material, step)
    await onLook?.(at)
    if (judged(at) < judged(best.at)) best = { values: now.values.slice(), at }
    if (step - best.at.step >= LOOK_EVERY * PATIENCE) break
  }
  return { parameters: { ...old, values: best.values }, before, after: best.at }
}

/** From 1 to 0, slow at both ends. */
const cosine = (progress: number): number => (1 + Math.cos(Math.PI * progress)) / 2

function look(now: Parameters, { taught, rehearsed, val }: Material, step: number): FitStep {
  const lossOf = (samples: readonly Sample[]): number => lossOn(now, samples, qualitiesOf(now, samples), 1)
  const valLoss = val.length > 0 ? lossOf(val) : null
  return { step, loss: lossOf(taught), valLoss, driftLoss: lossOf(rehearsed) }
}

/** Of what is taught, what must not be forgotten, and the pull to the old weights. */
export function gradientAt(
  now: Parameters,
  old: Parameters,
  { taught, rehearsed }: Pick<Material, 'taught' | 'rehearsed'>,
  { pull, rehearsal }: Pick<Recipe, 'pull' | 'rehearsal'>,
): Float64Array {
  const gradient = new Float64Array(now.values.length)
  lossOn(now, taught, qualitiesOf(now, taught), 1, gradient)
  lossOn(now, rehearsed, qualitiesOf(now, rehearsed), rehearsal, gradient)
  for (let i = 0; i < gradient.length; i++) gradient[i]! += pull * (now.values[i]! - old.values[i]!)
  return gradient
}

interface Descent {
  readonly mean: Float64Array
  readonly square: Float64Array
  readonly rate: number
  readonly step: number
}

function descend(values: Float64Array, gradient: Float64Array, { mean, square, rate, step }: Descent): void {
  const [meanBias, squareBias] = [1 - FIRST ** step, 1 - SECOND ** step]
  for (let i = 0; i < values.length; i++) {
    const slope = gradient[i]!
    mean[i] = FIRST * mean[i]! + (1 - FIRST) * slope
    square[i] = SECOND * square[i]! + (1 - SECOND) * slope * slope
    values[i]! -= (rate * (mean[i]! / meanBias)) / (Math.sqrt(square[i]! / squareBias) + TINY)
  }
}
