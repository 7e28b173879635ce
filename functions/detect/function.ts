import { z } from 'zod'
import { FrameCaptured, FrameDetected } from '../../platform/events/frame.ts'
import { defineFunction } from '../../platform/function.ts'

const score = z.number().min(0).max(1)

export const declaration = defineFunction({
  name: 'detect',
  on: [FrameCaptured],
  emits: [FrameDetected],
  config: z.object({
    /** Older frames are skipped, milliseconds: latency never grows without bound. */
    maxFrameAge: z.number().positive().default(2000),
    /** Frames that are older while a newer one of their camera waits are skipped, milliseconds: whoever lags behind catches up at once. */
    maxOvertakenAge: z.number().positive().default(150),
    /** Boxes below are reported only where they carry on a track. */
    highScore: score.default(0.4),
    /** Boxes from here on begin a track. */
    newTrackScore: score.default(0.5),
    /** How long a track that nobody sees is kept, seconds. */
    lostSeconds: z.number().positive().default(2),
  }),
  needs: ['model', 'memory', 'clock'],
  host: 'kafka',
  scale: { min: 0, max: 12, lag: 20 },
  delivery: { parallel: 64 },
  pod: { cores: [1, 4], memory: [512, 1536], coldStart: 10 },
})
