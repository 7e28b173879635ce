import { createHash } from 'node:crypto'
import { canonicalJson } from '../datasets/canonical.ts'
import type { Recipe } from '../events/training.ts'

type Method = Recipe['method']

/** What was measured to do best for each method (docs/decisions/013-learning.md). */
const SETTINGS: Readonly<Record<Method, Pick<Recipe, 'steps' | 'learningRate'>>> = {
  last: { steps: 200, learningRate: 0.02 },
  head: { steps: 100, learningRate: 0.01 },
  whole: { steps: 60, learningRate: 0.015 },
}

export function recipeOf(parent: string, method: Method = 'head'): Recipe {
  return { method, parent, seed: 1, ...SETTINGS[method], pull: 0, rehearsal: 0.5 }
}

/** The same data and the same recipe are the same run. */
export function runIdOf(dataset: string, recipe: Recipe): string {
  return createHash('sha256').update(canonicalJson({ dataset, recipe })).digest('hex').slice(0, 32)
}
