import type { Recipe } from '../../../platform/events/training.ts'
import { recipeOf } from '../../../platform/training/recipe.ts'

export interface Lesson {
  readonly method: Recipe['method']
  readonly frames: number
  readonly order: 'queue' | 'random'
  readonly seed: number
  readonly mistakes: number
  /** Only half of the cameras are there, others for each seed: what is chosen hangs on what there is to choose from. */
  readonly isHalf?: boolean
}

/** Of 20 to 30 boxes each. */
export const FRAMES = 25
/** From so few frames it shows whether they are well chosen. */
export const FEW = [5, 10] as const
const SEEDS = [1, 2, 3]
const SEEDS_OF_FEW = [1, 2, 3, 4, 5, 6, 7, 8]

export const METHOD = recipeOf('', FRAMES).method
const USUAL: Lesson = { method: METHOD, frames: FRAMES, order: 'queue', seed: 1, mistakes: 0 }

/** Every question is asked with all else as it is shipped. */
export function lessonsOf(isQuick: boolean): Lesson[] {
  if (isQuick) return inBothOrders(USUAL)
  return [
    ...SEEDS.flatMap((seed) => inBothOrders({ ...USUAL, seed })),
    ...FEW.flatMap((frames) => SEEDS_OF_FEW.flatMap((seed) => inBothOrders({ ...USUAL, frames, seed, isHalf: true }))),
    ...[10, 50, 100].map((frames) => ({ ...USUAL, frames })),
    ...[0.05, 0.1].map((mistakes) => ({ ...USUAL, mistakes })),
    ...(['last', 'head', 'whole'] as const)
      .filter((method) => method !== USUAL.method)
      .map((method) => ({ ...USUAL, method })),
  ]
}

const inBothOrders = (lesson: Lesson): Lesson[] => [lesson, { ...lesson, order: 'random' }]

export function nameOf({ method, frames, order, seed, mistakes, isHalf }: Lesson): string {
  return `${isHalf ? 'half.' : ''}${method}.${order}.frames${frames}.seed${seed}.mistakes${mistakes * 100}`
}
