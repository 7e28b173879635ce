import { z } from 'zod'
import { event } from './event.ts'
import { Box, LabelledBox, ModelRef } from './frame.ts'
import { Told } from './told.ts'

export const TRIAGE_REASONS = ['low-confidence', 'class-flicker', 'class-unsure'] as const
export type TriageReason = (typeof TRIAGE_REASONS)[number]

/** The model is unsure of this frame and a person should look. The subject is the item, one per frame. */
export const ReviewRequested = event('sentinel.review.requested.v1', 'events.triage', () =>
  z.object({
    cameraId: z.string().min(1),
    frameId: z.string().min(1),
    /** µs since the epoch, UTC. */
    capturedAt: z.int().positive(),
    width: z.int().positive(),
    height: z.int().positive(),
    reason: z.enum(TRIAGE_REASONS),
    /** 0..1; the queue shows the most uncertain first. */
    uncertainty: z.number().min(0).max(1),
    /** What made it uncertain, in words. */
    detail: z.string(),
    /** The same for who words it in another language. */
    told: z.array(Told).optional(),
    model: ModelRef,
    boxes: z.array(Box),
    /** Key of the JPEG in bucket `sentinel-clips`. */
    image: z.string().min(1),
  }),
)
export type ReviewRequest = z.infer<typeof ReviewRequested.schema>

export const VERDICTS = ['confirm', 'correct', 'reject', 'skip'] as const

/** An item left the queue: its verdict stands, or (null) was withdrawn and the item is open again. */
export const ReviewResolved = event('sentinel.review.resolved.v1', 'events.triage', () =>
  z.object({ verdict: z.enum(VERDICTS).nullable() }),
)

/** A person judged an item. A confirmed or corrected frame is certified complete: `boxes` are all boxes in it. */
export const VerdictRecorded = event('sentinel.verdict.recorded.v1', 'events.verdicts', () =>
  z.object({
    verdictId: z.string().min(1),
    verdict: z.enum(VERDICTS),
    boxes: z.array(LabelledBox),
    note: z.string().optional(),
    by: z.string().min(1),
  }),
)

export const VerdictWithdrawn = event('sentinel.verdict.withdrawn.v1', 'events.verdicts', () =>
  z.object({ verdictId: z.string().min(1), by: z.string().min(1) }),
)
