import { z } from 'zod'
import { ModelEvaluated, ModelJudged, ModelRegistered } from '../../platform/events/model.ts'
import { defineFunction } from '../../platform/function.ts'

const share = z.number().min(0).max(1)

export const declaration = defineFunction({
  name: 'evaluate',
  on: [ModelRegistered, ModelJudged],
  emits: [ModelEvaluated],
  config: z.object({
    /** Of one core's time that looking at pictures may take: detection goes before. */
    evaluateShare: z.number().positive().max(1).default(0.5),
    /** Fewer pictures or boxes than these tell nothing. */
    gateFrames: z.int().min(1).default(5),
    gateBoxes: z.int().min(1).default(20),
    /** How much AP50 may fall: over all classes, and of one class or in one light. */
    gateAccuracyDrop: share.default(0.01),
    gateClassDrop: share.default(0.05),
    /** Least share of boxes on which candidate and running model agree, on earlier pictures and on live ones. */
    gateAgreement: share.default(0.6),
    gateLiveAgreement: share.default(0.5),
    /** Frames on which people found one of the two right: fewer tell nothing; and the candidate's least share of them. */
    gateJudged: z.int().min(1).default(5),
    gatePreferred: share.default(0.5),
    /** Most that the candidate may take of what the running model takes, in time a picture and in bytes. */
    gateLatency: z.number().positive().default(1.5),
    gateSize: z.number().positive().default(1.5),
    /** Live frames that decide, and how long to wait for them at most, seconds. */
    shadowFrames: z.int().min(0).default(60),
    shadowSeconds: z.number().min(0).max(3600).default(120),
  }),
  needs: ['database', 'objects', 'models', 'clock'],
  host: 'knative',
  scale: { min: 0, max: 1, lag: 1 },
  // The shadow run waits for live frames.
  pod: { cores: [0.5, 2], memory: [512, 1536], coldStart: 10, longestWork: 570 },
})
