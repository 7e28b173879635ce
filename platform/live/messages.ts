import { z } from 'zod'
import type { SentinelEvent } from '../events/event.ts'
import type { FrameDetection } from '../events/frame.ts'
import type { VideoPacket } from '../ports/video.ts'

const MAX_CAMERAS = 500

export const ClientMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('watch'),
    cameras: z.array(z.string().min(1)).max(MAX_CAMERAS),
    /** Of each camera; everything that is detected without it. */
    maxFps: z.number().positive().max(60).optional(),
  }),
  /** Its H.264 packets are wanted beside its pictures; null: no camera's. */
  z.object({ type: z.literal('focus'), camera: z.string().min(1).nullable() }),
  z.object({ type: z.literal('ack'), camera: z.string(), frame: z.string() }),
])
export type ClientMessage = z.infer<typeof ClientMessage>

/** A frame's picture as the log holds it, with what was written beside it when it was captured. */
export interface Picture {
  readonly jpeg: Uint8Array
  readonly frame: string
  /** µs since the epoch. */
  readonly capturedAt: number
}

/** See docs/live-protocol.md. */
export function pictureMessage({ subject, time, data }: SentinelEvent<FrameDetection>, picture: Picture): Buffer {
  const { jpeg, ...captured } = picture
  const { frameId, capturedAt, width, height, model, boxes, timings } = data
  const header = {
    type: 'frame',
    camera: subject,
    frame: frameId,
    capturedAt,
    picture: captured,
    detectedAt: Date.parse(time),
    width,
    height,
    model,
    boxes: boxes.map(({ runnerUp: _, ...box }) => box),
    timings,
  }
  return withHeader(header, jpeg)
}

/** See docs/live-protocol.md. */
export function packetMessage(camera: string, { data, ...packet }: VideoPacket): Buffer {
  return withHeader({ type: 'packet', camera, ...packet }, data)
}

function withHeader(header: object, bytes: Uint8Array): Buffer {
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(text.length)
  return Buffer.concat([length, text, bytes])
}
