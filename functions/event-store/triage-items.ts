import { sql, type Transaction } from 'kysely'
import type { SentinelEvent } from '../../platform/events/event.ts'
import { microsToText } from '../../platform/events/micros.ts'
import { type ReviewRequest, ReviewRequested } from '../../platform/events/triage.ts'
import type { Tables } from '../../platform/ports/tables.ts'

export async function storeTriageItems(tx: Transaction<Tables>, events: readonly SentinelEvent[]): Promise<void> {
  const rows = events
    .filter(({ type }) => type === ReviewRequested.type)
    .map((event) => rowOf(event as SentinelEvent<ReviewRequest>))
  if (rows.length === 0) return
  await sql`
    INSERT INTO triage_items (id, camera_id, frame_id, captured_at, requested_at, reason, uncertainty, detail, width, height,
      model_digest, model_name, boxes, image, detail_told)
    SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS row(id text, camera_id text, frame_id text,
      captured_at timestamptz, requested_at timestamptz, reason text, uncertainty float8, detail text, width integer,
      height integer, model_digest text, model_name text, boxes jsonb, image text, told jsonb)
    ON CONFLICT DO NOTHING`.execute(tx)
}

function rowOf({ subject, time, data }: SentinelEvent<ReviewRequest>) {
  const { cameraId, frameId, capturedAt, model, ...rest } = data
  return {
    ...rest,
    id: subject,
    camera_id: cameraId,
    frame_id: frameId,
    captured_at: microsToText(capturedAt),
    requested_at: time,
    model_digest: model.digest,
    model_name: model.name,
  }
}
