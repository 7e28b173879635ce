import { z } from 'zod'
import { event } from './event.ts'
import { Box, LabelledBox, ModelRef } from './frame.ts'

export const LIGHTS = ['day', 'dusk', 'night'] as const
/** How much light a picture shows, as its own pixels tell: a clock does not know what a camera sees. */
export const Light = z.enum(LIGHTS)
export type Light = z.infer<typeof Light>

export const RULES = ['single', 'consensus', 'adjudication'] as const

/**
 * An item's boxes are certified: they are all that are in its picture. The subject is the item; a later annotation of the item
 * takes the place of an earlier one.
 */
export const AnnotationRecorded = event('sentinel.annotation.recorded.v1', 'events.annotations', () =>
  z.object({
    /** The verdict that it comes from. */
    verdictId: z.string().min(1),
    cameraId: z.string().min(1),
    frameId: z.string().min(1),
    /** µs since the epoch, UTC. */
    capturedAt: z.int().positive(),
    width: z.int().positive(),
    height: z.int().positive(),
    light: Light,
    /** sha256 of the JPEG, which lies in bucket `sentinel-datasets` as `images/<sha256>.jpg`. */
    image: z.string().regex(/^[0-9a-f]{64}$/),
    boxes: z.array(LabelledBox),
    /** What the model had said. */
    before: z.array(Box),
    model: ModelRef,
    /** Everyone who agrees with it, the first one first. */
    by: z.array(z.string().min(1)).min(1),
    /** Why it stands: one person said so, two agree, or a further one decided between two who do not. */
    rule: z.enum(RULES),
  }),
)
export type RecordedAnnotation = z.infer<typeof AnnotationRecorded.schema>

/** Nothing certain is known of the item any more. The subject is the item. */
export const AnnotationRemoved = event('sentinel.annotation.removed.v1', 'events.annotations', () =>
  z.object({ verdictId: z.string().min(1), reason: z.enum(['withdrawn', 'disputed']), by: z.string().min(1) }),
)
