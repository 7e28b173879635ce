import { sql, type Transaction } from 'kysely'
import { CameraOffline, CameraOnline } from '../../platform/events/camera.ts'
import type { SentinelEvent } from '../../platform/events/event.ts'
import type { Tables } from '../../platform/ports/tables.ts'

/** The newest state of each camera, unless a newer one is stored already. */
export async function storeCameraStates(tx: Transaction<Tables>, events: readonly SentinelEvent[]): Promise<void> {
  const states = new Map<string, ReturnType<typeof stateOf>>()
  for (const event of events) {
    if (event.type !== CameraOnline.type && event.type !== CameraOffline.type) continue
    const before = states.get(event.subject)
    if (!before || before.state_at <= event.time) states.set(event.subject, stateOf(event))
  }
  if (states.size === 0) return
  // In one order everywhere, so that two batches never wait for each other's rows.
  const rows = [...states.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  await sql`
    UPDATE cameras AS c SET state = row.state, state_reason = row.state_reason, state_detail = row.state_detail,
      state_at = row.state_at, width = coalesce(row.width, c.width), height = coalesce(row.height, c.height),
      source_fps = coalesce(row.source_fps, c.source_fps), codec = coalesce(row.codec, c.codec)
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS row(id text, state text, state_reason text, state_detail text,
      state_at timestamptz, width integer, height integer, source_fps float8, codec text)
    WHERE c.id = row.id AND (c.state_at IS NULL OR c.state_at < row.state_at)`.execute(tx)
}

function stateOf({ type, subject, time, data }: SentinelEvent) {
  if (type === CameraOnline.type) {
    const { width, height, fps, codec } = data as { width: number; height: number; fps: number | null; codec: string }
    return { id: subject, state: 'online', state_at: time, width, height, source_fps: fps, codec }
  }
  const { reason, detail } = data as { reason: string; detail: string }
  return { id: subject, state: 'offline', state_reason: reason, state_detail: detail, state_at: time }
}
