import { type RawBuilder, sql } from 'kysely'
import type { SentinelEvent } from '../platform/events/event.ts'
import type { Box, FrameDetection } from '../platform/events/frame.ts'
import { microsToText } from '../platform/events/micros.ts'

/** A detection as the API shows it, from a row or straight from the log. */
export interface DetectionView {
  readonly frameId: string
  readonly cameraId: string
  /** RFC 3339 with microseconds. */
  readonly capturedAt: string
  readonly detectedAt: string
  readonly captureClock: string
  readonly width: number
  readonly height: number
  readonly modelDigest: string
  readonly modelName: string
  readonly boxes: readonly Box[]
  readonly timings: FrameDetection['timings']
  /** Told by a subscription: older ones that its client was too slow for. */
  readonly dropped?: number
}

/** As text: a Date would lose the microseconds, and with them the cursor. */
export function timeText(column: string): RawBuilder<string> {
  return sql<string>`to_char(${sql.ref(column)} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
}

export const detectionColumns = [
  'detections.frame_id',
  'detections.camera_id',
  timeText('detections.captured_at').as('captured'),
  timeText('detections.detected_at').as('detected'),
  'detections.capture_clock',
  'detections.width',
  'detections.height',
  'detections.model_digest',
  'detections.model_name',
  'detections.boxes',
  'detections.timings',
] as const

interface DetectionRow {
  readonly frame_id: string
  readonly camera_id: string
  readonly captured: string
  readonly detected: string
  readonly capture_clock: string
  readonly width: number
  readonly height: number
  readonly model_digest: string
  readonly model_name: string
  readonly boxes: Box[]
  readonly timings: FrameDetection['timings']
}

export function detectionView(row: DetectionRow): DetectionView {
  return {
    frameId: row.frame_id,
    cameraId: row.camera_id,
    capturedAt: row.captured,
    detectedAt: row.detected,
    captureClock: row.capture_clock,
    width: row.width,
    height: row.height,
    modelDigest: row.model_digest,
    modelName: row.model_name,
    boxes: row.boxes,
    timings: row.timings,
  }
}

export function detectionOf({ subject, time, data }: SentinelEvent<FrameDetection>): DetectionView {
  const { model, capturedAt, frame: _, ...rest } = data
  return {
    ...rest,
    cameraId: subject,
    capturedAt: microsToText(capturedAt),
    detectedAt: time,
    modelDigest: model.digest,
    modelName: model.name,
  }
}
