import { createHash } from 'node:crypto'
import { canonicalJson } from '../datasets/canonical.ts'
import type { Recipe } from '../events/training.ts'

type Method = Recipe['method']

/** What was measured to do best for each method (docs/decisions/013-learning.md). */
const SETTINGS: Readonly<Record<Method, Pick<Recipe, 'steps' | 'learningRate' | 'rehearsal' | 'blend'>>> = {
  last: { steps: 200, learningRate: 0.02, rehearsal: 0.5 },
  head: { steps: 100, learningRate: 0.01, rehearsal: 0.5 },
  whole: { steps: 60, learningRate: 0.015, rehearsal: 1, blend: 0.5 },
  full: { steps: 20_000, learningRate: 0.002, rehearsal: 0.5 },
}

/** Steps for each certified picture at most: few pictures seen too often are learnt by heart. */
const STEPS_FOR_ONE = 10

/** What somebody asks for by hand. */
export interface TrainingWish {
  /** The deepest one that the model allows without it. */
  readonly method?: Method
  /** As in a recipe; what does best without it. */
  readonly steps?: number
  /** By `full`: whoever asks brings it to the other machine, so that no Job is to do it. */
  readonly isTakenAlong?: boolean
}

/** @param pictures that are certified. */
export function recipeOf(parent: string, pictures: number, { method = 'whole', steps }: TrainingWish = {}): Recipe {
  const { steps: usual, ...settings } = SETTINGS[method]
  const most = method === 'full' ? usual : Math.min(usual, Math.max(STEPS_FOR_ONE, STEPS_FOR_ONE * pictures))
  return { method, parent, seed: 1, steps: steps ?? most, pull: 0, ...settings }
}

/** The same data and the same recipe are the same run. */
export function runIdOf(dataset: string, recipe: Recipe): string {
  return createHash('sha256').update(canonicalJson({ dataset, recipe })).digest('hex').slice(0, 32)
}
