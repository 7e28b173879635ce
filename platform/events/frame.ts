import { z } from 'zod'
import { event } from './event.ts'
import { type FrameImage, isFrameImage } from './image.ts'

/** A share of the picture's width or height. */
const unit = z.number().min(0).max(1)

export const CAPTURE_CLOCKS = ['rtcp', 'program-date-time', 'arrival'] as const
/** Where a capture time comes from: the camera's own clock, the playlist's, or the moment the picture got here. */
export const CaptureClock = z.enum(CAPTURE_CLOCKS)
export type CaptureClock = z.infer<typeof CaptureClock>

const digits = z.string().regex(/^\d+$/)

/** A picture was taken from a camera. `frameid` is unique for ever; `capturedat` is µs since the epoch, UTC. */
export const FrameCaptured = event(
  'sentinel.frame.captured.v1',
  'frames',
  () => z.custom<FrameImage>(isFrameImage, 'must be a JPEG picture'),
  {
    contentType: 'image/jpeg',
    attributes: () =>
      z.object({
        capturedat: digits,
        captureclock: CaptureClock,
        frameid: z.string().min(1),
        width: digits,
        height: digits,
      }),
  },
)

export const Box = z.object({
  class: z.string().min(1),
  score: unit,
  /** Absent while the object is not (yet) tracked. Unique per camera for ever. */
  trackId: z.string().min(1).optional(),
  /** x, y of the top-left corner, width, height. */
  box: z.tuple([unit, unit, unit, unit]),
  /** Score of the best other class, where the model tells: how unsure it is between the two. */
  runnerUp: z.object({ class: z.string().min(1), score: unit }).optional(),
})
export type Box = z.infer<typeof Box>

/** A box as a person draws it: certain, so without a score. */
export const LabelledBox = Box.omit({ score: true, runnerUp: true })
export type LabelledBox = z.infer<typeof LabelledBox>

export const ModelRef = z.object({
  /** sha256 of the model file, 64 hex digits. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  name: z.string().min(1),
})
export type ModelRef = z.infer<typeof ModelRef>

const milliseconds = z.number().min(0)

/** A model looked at a frame. An empty `boxes` is an answer, not a failure. */
export const FrameDetected = event('sentinel.frame.detected.v1', 'events.detections', () =>
  z.object({
    frameId: z.string().min(1),
    /** µs since the epoch, UTC. */
    capturedAt: z.int().positive(),
    captureClock: CaptureClock,
    width: z.int().positive(),
    height: z.int().positive(),
    model: ModelRef,
    boxes: z.array(Box),
    /** Where the picture lies in the log while `frames` still holds it. */
    frame: z.object({ partition: z.int().min(0), offset: z.int().min(0) }),
    timings: z.object({
      queueMs: milliseconds,
      prepareMs: milliseconds,
      inferMs: milliseconds,
      decodeMs: milliseconds,
    }),
  }),
)
export type FrameDetection = z.infer<typeof FrameDetected.schema>
