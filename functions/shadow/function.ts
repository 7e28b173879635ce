import { z } from 'zod'
import { FrameDetected } from '../../platform/events/frame.ts'
import { FrameShadowed } from '../../platform/events/model.ts'
import { defineFunction } from '../../platform/function.ts'

/** A group of its own: however slow a candidate is, detection never waits for it. */
export const declaration = defineFunction({
  name: 'shadow',
  on: [FrameDetected],
  emits: [FrameShadowed],
  config: z.object({
    /** Of one core's time that a candidate may take. */
    shadowShare: z.number().positive().max(1).default(0.25),
    /** Frames on which they agree less are kept for people to look at. */
    shadowKeepBelow: z.number().min(0).max(1).default(0.7),
    shadowKeep: z.int().min(0).default(40),
    /** Older frames are skipped, milliseconds. */
    shadowFrameAge: z.number().positive().default(10_000),
  }),
  needs: ['log', 'database', 'objects', 'models', 'memory', 'clock'],
  host: 'kafka',
  scale: { min: 0, max: 1, lag: 10_000 },
  delivery: { parallel: 16, gather: 200 },
  pod: { cores: [0.25, 1], memory: [384, 1024], coldStart: 10 },
})
