import { z } from 'zod'
import { event } from './event.ts'
import { Recipe, TrainingMetrics } from './training.ts'

/** What a model was made of. */
export const Lineage = z.object({
  run: z.string().min(1),
  dataset: z.string().min(1),
  recipe: Recipe,
  metrics: TrainingMetrics,
  seconds: z.number().min(0),
  machine: z.string().min(1),
})
export type Lineage = z.infer<typeof Lineage>

/** A detector that this instance never had before. The subject is its SHA-256. */
export const ModelRegistered = event(
  'sentinel.model.registered.v1',
  'events.models',
  z.object({
    name: z.string().min(1),
    /** Decoder family, such as `yolox`. */
    family: z.string().min(1),
    classes: z.array(z.string()),
    /** Pixels. */
    inputWidth: z.int().positive(),
    inputHeight: z.int().positive(),
    /** Absent for a model that somebody brought. */
    lineage: Lineage.optional(),
  }),
)
