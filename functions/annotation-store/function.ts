import { z } from 'zod'
import { AnnotationRecorded, AnnotationRemoved } from '../../platform/events/annotation.ts'
import { VerdictRecorded, VerdictWithdrawn } from '../../platform/events/triage.ts'
import { defineFunction } from '../../platform/function.ts'

export const declaration = defineFunction({
  name: 'annotation-store',
  on: [VerdictRecorded, VerdictWithdrawn],
  emits: [AnnotationRecorded, AnnotationRemoved],
  config: z.object({}),
  needs: ['database', 'objects', 'pictures'],
  host: 'knative',
  scale: { min: 0, max: 4, lag: 50 },
  pod: { cores: [0.1, 1], memory: [256, 512], coldStart: 5 },
})
