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

/** A frame and what was seen in it, as the grabber and detect put them on the log. @returns the id of the frame. */
export async function detect(log: Log, camera: string, options: FrameOptions = {}): Promise<string> {
  const { ahead = 0, trackId = 't-1', box = [0.1, 0.2, 0.3, 0.4] } = options
  const capturedAt = options.capturedAt ?? Math.round((Date.now() + ahead) * 1000)
  const frameId = `${camera}-${capturedAt}`
  const size = { width: 640, height: 360 }
  const attributes = {
    capturedat: `${capturedAt}`,
    captureclock: 'arrival',
    frameid: frameId,
    width: '640',
    height: '360',
  }
  const origin = { source: '/t', id: frameId, time: new Date().toISOString() }
  const image = jpegImage(options.jpeg ?? Buffer.from(frameId), 640, 360)
  const captured = completeEvent(FrameCaptured.of(camera, image, { id: frameId, attributes }), origin)
  const { partition, offset } = (await log.produce('frames', [toRecord(captured)]))[0]!
  const boxes = [{ class: 'car', score: 0.9, trackId, box }]
  const data = { frameId, capturedAt, captureClock: 'arrival' as const, ...size, model, boxes, timings }
  const detected = FrameDetected.of(camera, { ...data, frame: { partition, offset } })
  await log.produce('events.detections', [toRecord(completeEvent(detected, origin))])
  return frameId
}
