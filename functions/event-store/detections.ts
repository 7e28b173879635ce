import { sql, type Transaction } from 'kysely'
import type { SentinelEvent } from '../../platform/events/event.ts'
import { FrameDetected, type FrameDetection } from '../../platform/events/frame.ts'
import { microsToText } from '../../platform/events/micros.ts'
import type { Tables } from '../../platform/ports/tables.ts'

export async function storeDetections(tx: Transaction<Tables>, events: readonly SentinelEvent[]): Promise<void> {
  const rows = events
    .filter(({ type }) => type === FrameDetected.type)
    .map((event) => rowOf(event as SentinelEvent<FrameDetection>))
  if (rows.length === 0) return
  await sql`
    INSERT INTO detections
    SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS row(captured_at timestamptz, frame_id text, event_id text,
      camera_id text, detected_at timestamptz, capture_clock text, width integer, height integer, model_digest text,
      model_name text, boxes jsonb, timings jsonb)
    ON CONFLICT DO NOTHING`.execute(tx)
}

/** In the order of the table's columns. */
function rowOf({ id, subject, time, data }: SentinelEvent<FrameDetection>) {
  return {
    captured_at: microsToText(data.capturedAt),
    frame_id: data.frameId,
    event_id: id,
    camera_id: subject,
    detected_at: time,
    capture_clock: data.captureClock,
    width: data.width,
    height: data.height,
    model_digest: data.model.digest,
    model_name: data.model.name,
    boxes: data.boxes,
    timings: data.timings,
  }
}
