import { z } from 'zod'
import { FrameDetected } from '../../platform/events/frame.ts'
import { defineFunction } from '../../platform/function.ts'

export const declaration = defineFunction({
  name: 'frame-keeper',
  on: [FrameDetected],
  emits: [],
  config: z.object({
    /** Seconds of capture time between two pictures of a camera that are kept; 0 keeps none. */
    keepEvery: z.number().min(0).default(10),
    keepMinutes: z.number().positive().default(60),
  }),
  needs: ['log', 'objects', 'database', 'memory', 'clock'],
  host: 'kafka',
  scale: { min: 0, max: 4, lag: 1000 },
  delivery: { parallel: 16, gather: 200 },
})
