import { z } from 'zod'
import { ModelRegistered } from '../../platform/events/model.ts'
import {
  TrainingCompleted,
  TrainingFailed,
  TrainingProgressed,
  TrainingRequested,
  TrainingStarted,
} from '../../platform/events/training.ts'
import { defineFunction } from '../../platform/function.ts'

/** `model.registered` goes through the outbox, in the transaction that makes the model known. */
export const declaration = defineFunction({
  name: 'trainer',
  on: [TrainingRequested],
  emits: [TrainingStarted, TrainingProgressed, TrainingCompleted, TrainingFailed, ModelRegistered],
  config: z.object({
    /** MiB that the pictures of a training may take. */
    trainMemory: z.int().min(64).default(1024),
    /** Who does trainings by `full` that nobody takes along: Jobs that run `sentinel train job next`, or nobody, who refuses them. */
    trainFull: z.enum(['none', 'jobs']).default('none'),
  }),
  needs: ['database', 'objects', 'trainer', 'clock'],
  host: 'job',
  scale: { min: 0, max: 1, lag: 1 },
  pod: { cores: [1, 4], memory: [1536, 4096], coldStart: 10, longestWork: 3600 },
})
