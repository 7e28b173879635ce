import { z } from 'zod'
import { AnnotationRecorded, AnnotationRemoved } from '../../platform/events/annotation.ts'
import { TrainingRequested } from '../../platform/events/training.ts'
import { defineFunction } from '../../platform/function.ts'

/** Its one output goes through the outbox, in the transaction that writes the run. */
export const declaration = defineFunction({
  name: 'train-trigger',
  on: [AnnotationRecorded, AnnotationRemoved],
  emits: [TrainingRequested],
  config: z.object({
    trainAfter: z.int().min(1).default(25),
    trainAfterLight: z.int().min(1).default(20),
    trainAfterBoxes: z.int().min(1).default(200),
    trainAfterHours: z.number().min(0).default(24),
    trainAfterRejected: z.number().positive().max(1).default(0.5),
    trainVerdicts: z.int().min(1).max(1000).default(20),
    trainBudget: z.int().min(0).default(8),
    trainQuiet: z.number().min(0).max(3600).default(20),
  }),
  needs: ['database', 'objects', 'clock'],
  host: 'knative',
  scale: { min: 0, max: 1, lag: 100 },
  delivery: { parallel: 200 },
})
