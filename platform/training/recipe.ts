import { createHash } from 'node:crypto'
import { canonicalJson } from '../datasets/canonical.ts'
import type { Recipe } from '../events/training.ts'

/** What was found to work by rain and night (figures in docs/decisions/013-learning.md). */
export function lastRecipe(parent: string): Recipe {
  return { method: 'last', parent, seed: 1, steps: 200, learningRate: 0.02, pull: 0.0001, rehearsal: 0.3 }
}

/** The same data and the same recipe are the same run. */
export function runIdOf(dataset: string, recipe: Recipe): string {
  return createHash('sha256').update(canonicalJson({ dataset, recipe })).digest('hex').slice(0, 32)
}
