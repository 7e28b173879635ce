import { z } from 'zod'
import { FrameDetected } from '../../platform/events/frame.ts'
import { ReviewRequested } from '../../platform/events/triage.ts'
import { defineFunction } from '../../platform/function.ts'

const share = z.number().min(0).max(1)

export const declaration = defineFunction({
  name: 'triage-router',
  on: [FrameDetected],
  emits: [ReviewRequested],
  config: z.object({
    /** A box of a score between these two is doubtful. */
    reviewFrom: share.default(0.25),
    reviewBelow: share.default(0.55),
    /** The model is unsure between two classes when the second has this share of the first one's score. */
    unsureShare: share.default(0.6),
    /** A track flickers when this share of its recent frames shows another class than the rest. */
    flickerShare: share.default(0.3),
    /** Frames of a camera that go to review, at most, an hour: a bad night must not flood the queue. */
    triageBudget: z.number().int().min(0).default(20),
    /** Between two frames of a camera that go to review, seconds: neighbours teach the same. */
    triageSpacing: z.number().min(0).default(20),
  }),
  needs: ['log', 'objects', 'database', 'memory', 'clock'],
  host: 'knative',
  scale: { min: 0, max: 8, lag: 50 },
  delivery: { parallel: 16, gather: 200 },
})
