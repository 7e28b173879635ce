import { toRecord } from '../../platform/events/codec.ts'
import { completeEvent } from '../../platform/events/complete.ts'
import { FrameCaptured, FrameDetected } from '../../platform/events/frame.ts'
import { jpegImage } from '../../platform/events/image.ts'
import type { Log } from '../../platform/ports/log.ts'

export const model = { digest: 'a'.repeat(64), name: 'm' }
export const timings = { queueMs: 1, prepareMs: 1, inferMs: 1, decodeMs: 1 }

interface FrameOptions {
  /** Milliseconds that the capture is ahead of now. */
  readonly ahead?: number
  /** µs since the epoch; now without it. */
  readonly capturedAt?: number
  readonly trackId?: string
  readonly jpeg?: Uint8Array
  readonly box?: [number, number, number, number]
}

/** Puts a frame of 640×360 on the log, as the grabber does; µs since the epoch. @returns what an event about it says of it. */
export async function capture(log: Log, camera: string, capturedAt: number, jpeg?: Uint8Array) {
  const frameId = `${camera}-${capturedAt}`
  const size = { width: 640, height: 360 }
  const attributes = {
    capturedat: `${capturedAt}`,
    captureclock: 'arrival',
    frameid: frameId,
    width: '640',
    height: '360',
  }
  const image = jpegImage(jpeg ?? Buffer.from(frameId), 640, 360)
  const captured = completeEvent(FrameCaptured.of(camera, image, { id: frameId, attributes }), originOf(frameId))
  const { partition, offset } = (await log.produce('frames', [toRecord(captured)]))[0]!
  return { frameId, capturedAt, captureClock: 'arrival' as const, ...size, frame: { partition, offset } }
}

/** A frame and what was seen in it, as the grabber and detect put them on the log. @returns the id of the frame. */
export async function detect(log: Log, camera: string, options: FrameOptions = {}): Promise<string> {
  const { ahead = 0, trackId = 't-1', box = [0.1, 0.2, 0.3, 0.4] } = options
  const capturedAt = options.capturedAt ?? Math.round((Date.now() + ahead) * 1000)
  const frame = await capture(log, camera, capturedAt, options.jpeg)
  const boxes = [{ class: 'car', score: 0.9, trackId, box }]
  const detected = FrameDetected.of(camera, { ...frame, model, boxes, timings })
  await log.produce('events.detections', [toRecord(completeEvent(detected, originOf(frame.frameId)))])
  return frame.frameId
}

const originOf = (id: string) => ({ source: '/t', id, time: new Date().toISOString() })
