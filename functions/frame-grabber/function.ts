import { z } from 'zod'
import { CameraOffline, CameraOnline, CameraWatch } from '../../platform/events/camera.ts'
import { FrameCaptured } from '../../platform/events/frame.ts'
import { defineFunction } from '../../platform/function.ts'

export const declaration = defineFunction({
  name: 'frame-grabber',
  on: [CameraWatch],
  emits: [FrameCaptured, CameraOnline, CameraOffline],
  config: z.object({
    /** Wider pictures are scaled down to this, pixels. */
    maxWidth: z.number().int().min(64).default(1280),
  }),
  needs: ['video', 'cameras', 'memory', 'clock'],
  host: 'kafka',
  scale: { min: 0, max: 240, lag: 4 },
  // Each lease holds its delivery until it ends.
  delivery: { parallel: 1000 },
  pod: { cores: [0.5, 2], memory: [384, 1024], coldStart: 5 },
})
