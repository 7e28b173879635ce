import { z } from 'zod'
import { event } from './event.ts'

const Digest = z.string().regex(/^[0-9a-f]{64}$/)

/** How a model is taught. Together with the dataset's digest it is the run's id. */
export const Recipe = z.object({
  /**
   * What learns: the `last` layers, the `head` (all between where the ways to the answers part and the answers), or the `whole`
   * network. What comes before is computed once for each picture. `full`: somewhere else, by the base detector's own recipe.
   */
  method: z.enum(['last', 'head', 'whole', 'full']),
  /** sha256 of the model that learns. */
  parent: Digest,
  seed: z.int().min(0),
  /** Steps at most; of `full`, pictures that are seen. */
  steps: z.int().positive(),
  /** Of Adam, in shares of the root mean square of each layer's weights; of `full`, of AdamW. */
  learningRate: z.number().positive(),
  /** Strength of the pull to the old weights. */
  pull: z.number().min(0),
  /** Weight of the old outputs on old pictures. */
  rehearsal: z.number().min(0),
  /** How far the model goes from its old weights towards the learnt ones in the end, a share; all the way without it. */
  blend: z.number().positive().max(1).optional(),
})
export type Recipe = z.infer<typeof Recipe>

export const TrainingRequested = event('sentinel.training.requested.v1', 'events.training', () =>
  z.object({ dataset: Digest, recipe: Recipe, reason: z.string().min(1), by: z.string().min(1) }),
)
export type TrainingRequest = z.infer<typeof TrainingRequested.schema>

export const TrainingStarted = event('sentinel.training.started.v1', 'events.training', () =>
  z.object({ machine: z.string().min(1), pictures: z.int().min(0) }),
)

export const TrainingProgress = z.object({
  stage: z.enum(['features', 'fit']),
  done: z.int().min(0),
  total: z.int().min(0),
  loss: z.number().nullable(),
  /** On the pictures for judging; null where there are none. */
  valLoss: z.number().nullable(),
  /** Mean average precision at an overlap of 0.5 on those; null or missing where it was not measured. */
  ap50: z.number().min(0).max(1).nullish(),
})
export type TrainingProgress = z.infer<typeof TrainingProgress>

export const TrainingProgressed = event('sentinel.training.progressed.v1', 'events.training', () => TrainingProgress)

/** Losses before and after; null on a side without pictures. */
export const TrainingMetrics = z.object({
  pictures: z.int().min(0),
  boxes: z.int().min(0),
  rehearsed: z.int().min(0),
  lossBefore: z.number(),
  lossAfter: z.number(),
  valLossBefore: z.number().nullable(),
  valLossAfter: z.number().nullable(),
  steps: z.int().min(0),
})
export type TrainingMetrics = z.infer<typeof TrainingMetrics>

export const TrainingCompleted = event('sentinel.training.completed.v1', 'events.training', () =>
  z.object({ model: Digest, metrics: TrainingMetrics, seconds: z.number().min(0) }),
)

export const TrainingFailed = event('sentinel.training.failed.v1', 'events.training', () =>
  z.object({ code: z.string().min(1), message: z.string().min(1), isCancelled: z.boolean() }),
)
