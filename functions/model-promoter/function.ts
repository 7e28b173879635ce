import { z } from 'zod'
import { ModelEvaluated } from '../../platform/events/model.ts'
import { defineFunction } from '../../platform/function.ts'

const share = z.number().min(0).max(1)

/** Its output is a commit. `model.promoted` goes through the outbox, in the transaction that writes the commit down. */
export const declaration = defineFunction({
  name: 'model-promoter',
  on: [ModelEvaluated],
  emits: [],
  config: z.object({
    /** Which candidates that passed are promoted without being asked for: those that were taught here, all, or none. */
    promote: z.enum(['trained', 'all', 'none']).default('trained'),
    /** Of the cameras that try a model first; 1 for all at once. */
    canaryShare: share.positive().default(0.25),
    /** Which models are taken back without being asked for when their gates fail after all: those promoted so, all, or none. */
    takeBack: z.enum(['own', 'all', 'none']).default('own'),
    /** How long a canary is watched, seconds; a promotion to all for twice as long. */
    watchSeconds: z.number().min(1).default(300),
    watchFrames: z.int().min(1).default(30),
    /** Bounds as shares of what the model before it did: boxes a frame, milliseconds a picture, frames a second. */
    watchFewer: share.default(0.5),
    watchMore: z.number().min(1).default(3),
    watchLatency: z.number().min(1).default(2),
    watchFrameRate: share.default(0.5),
    /** Most rejections among at least so many verdicts. */
    watchRejected: share.default(0.5),
    watchVerdicts: z.int().min(1).default(5),
  }),
  needs: ['database', 'repository', 'clock'],
  host: 'knative',
  scale: { min: 0, max: 1, lag: 1 },
})
