import { z } from 'zod'
import { CameraChanged, CameraOffline, CameraOnline, ZoneChanged } from '../../platform/events/camera.ts'
import { FrameDetected } from '../../platform/events/frame.ts'
import { ReviewRequested, ReviewResolved } from '../../platform/events/triage.ts'
import { defineFunction } from '../../platform/function.ts'

export const declaration = defineFunction({
  name: 'event-store',
  on: [FrameDetected, CameraChanged, ZoneChanged, CameraOnline, CameraOffline, ReviewRequested, ReviewResolved],
  emits: [],
  config: z.object({}),
  needs: ['database', 'memory'],
  host: 'kafka',
  scale: { min: 0, max: 12, lag: 1000 },
  delivery: { batch: 500, gather: 200 },
})
