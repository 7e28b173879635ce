import { createHash } from 'node:crypto'
import { canonicalJson } from '../datasets/canonical.ts'
import type { Recipe } from '../events/training.ts'

/** Near what did best of a few settings on yolox_nano; as a whole it was not measured (docs/decisions/013-learning.md). */
export function lastRecipe(parent: string): Recipe {
  return { method: 'last', parent, seed: 1, steps: 200, learningRate: 0.02, pull: 0.0001, rehearsal: 0.3 }
}

/** The same data and the same recipe are the same run. */
export function runIdOf(dataset: string, recipe: Recipe): string {
  return createHash('sha256').update(canonicalJson({ dataset, recipe })).digest('hex').slice(0, 32)
}
