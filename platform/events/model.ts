import { z } from 'zod'
import { event } from './event.ts'

/** A detector that this instance never had before. The subject is its SHA-256. */
export const ModelRegistered = event(
  'sentinel.model.registered.v1',
  'events.models',
  z.object({
    name: z.string().min(1),
    /** Decoder family, such as `yolox`. */
    family: z.string().min(1),
    classes: z.array(z.string()),
    /** Pixels. */
    inputWidth: z.int().positive(),
    inputHeight: z.int().positive(),
  }),
)
