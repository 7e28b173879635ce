import { sql, type Transaction } from 'kysely'
import { type LoggedEvent, loggedEvents } from '../../platform/event-log.ts'
import type { SentinelEvent } from '../../platform/events/event.ts'
import type { Tables } from '../../platform/ports/tables.ts'

const ROW = sql`row(id text, time timestamptz, type text, "cameraId" text, subject text, class text, score float8, data jsonb,
  "trackId" text)`

/**
 * A track is one entry, however many frames show it; the table of tracks knows which are news.
 *
 * @param isKnown whether a track's entry was stored before, as far as this process remembers: it spares the database.
 * @returns the ids of the tracks' entries.
 */
export async function storeLoggedEvents(
  tx: Transaction<Tables>,
  events: readonly SentinelEvent[],
  isKnown: (id: string) => boolean,
): Promise<string[]> {
  const entries = events.flatMap(loggedEvents)
  const plain = entries.filter(({ trackId }) => trackId === undefined)
  const tracks = firstOfEach(entries.filter(({ id, trackId }) => trackId !== undefined && !isKnown(id)))
  await storePlain(tx, plain)
  await storeTracks(tx, tracks)
  return tracks.map(({ id }) => id)
}

function firstOfEach(entries: readonly LoggedEvent[]): LoggedEvent[] {
  const first = new Map<string, LoggedEvent>()
  for (const entry of entries) if (!first.has(entry.id)) first.set(entry.id, entry)
  return [...first.values()]
}

async function storePlain(tx: Transaction<Tables>, entries: readonly LoggedEvent[]): Promise<void> {
  if (entries.length === 0) return
  await sql`
    INSERT INTO events (time, id, type, camera_id, subject, class, score, data)
    SELECT time, id, type, "cameraId", subject, class, score, data
    FROM jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) AS ${ROW} ON CONFLICT DO NOTHING`.execute(tx)
}

async function storeTracks(tx: Transaction<Tables>, entries: readonly LoggedEvent[]): Promise<void> {
  if (entries.length === 0) return
  await sql`
    WITH entries AS (SELECT * FROM jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) AS ${ROW}),
    news AS (
      INSERT INTO tracks (camera_id, track_id, first_seen, class)
      SELECT "cameraId", "trackId", time, class FROM entries ORDER BY 1, 2
      ON CONFLICT DO NOTHING RETURNING camera_id, track_id
    )
    INSERT INTO events (time, id, type, camera_id, subject, class, score, data)
    SELECT time, id, type, "cameraId", subject, class, score, data
    FROM entries JOIN news ON camera_id = "cameraId" AND track_id = "trackId"
    ON CONFLICT DO NOTHING`.execute(tx)
}
