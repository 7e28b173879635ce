import { sql } from 'kysely'
import { type LoggedEvent, TRACK_APPEARED } from '../platform/event-log.ts'
import type { Database } from '../platform/ports/database.ts'
import { eventOf, eventRows } from './event-rows.ts'

const MINUTE_MS = 60_000
/** A camera that goes up and down all the time must not make an answer without end. */
const MOST_MARKS = 200

/** Of one camera, whole minutes of capture time. */
export interface Timeline {
  readonly cameraId: string
  /** The beginning of the first minute. */
  readonly from: Date
  /** The end of the last minute, which may not be over yet. */
  readonly to: Date
}

export interface TimelineMinute {
  readonly at: Date
  /** How many frames the detector looked at. */
  readonly frames: number
  readonly classes: readonly ClassCount[]
}

interface ClassCount {
  readonly class: string
  /** Boxes in all frames of the minute. */
  readonly detections: number
  /** Boxes in the one frame that had most. */
  readonly most: number
}

/** The last minutes up to the one that `now`, ms since the epoch, lies in. */
export function timelineOf(cameraId: string, minutes: number, now: number): Timeline {
  const to = (Math.floor(now / MINUTE_MS) + 1) * MINUTE_MS
  return { cameraId, from: new Date(to - minutes * MINUTE_MS), to: new Date(to) }
}

/** Minutes in which the detector looked at something, oldest first. Reads the camera's part of the index once or twice. */
export async function minutesOf(database: Database, { cameraId, from, to }: Timeline): Promise<TimelineMinute[]> {
  const looked = sql`detections WHERE camera_id = ${cameraId} AND captured_at >= ${from} AND captured_at < ${to}`
  const minute = sql`date_bin('1 minute', captured_at, 'epoch'::timestamptz)`
  const { rows } = await sql<TimelineMinute>`
    WITH frames AS (SELECT ${minute} AS at, count(*)::int AS frames FROM ${looked} GROUP BY 1),
    boxes AS (SELECT ${minute} AS at, counted.class, counted.boxes FROM (SELECT captured_at, boxes AS seen FROM ${looked}) AS frame
      CROSS JOIN LATERAL (
        SELECT box->>'class' AS class, count(*) AS boxes FROM jsonb_array_elements(seen) AS box GROUP BY 1
      ) AS counted),
    classes AS (SELECT at, class, sum(boxes)::int AS detections, max(boxes)::int AS most FROM boxes GROUP BY 1, 2),
    listed AS (SELECT at, jsonb_agg(jsonb_build_object('class', class, 'detections', detections, 'most', most) ORDER BY class)
      AS classes FROM classes GROUP BY 1)
    SELECT at, frames, coalesce(classes, '[]') AS classes FROM frames LEFT JOIN listed USING (at) ORDER BY at`.execute(
    database,
  )
  return rows
}

/** What else happened to the camera: that it came or went, or that a frame of it was looked over by people. Newest first. */
export async function marksOf(database: Database, { cameraId, from, to }: Timeline): Promise<LoggedEvent[]> {
  const filter = { cameraIds: [cameraId], from: from.toISOString(), to: to.toISOString() }
  const rows = await eventRows(database, filter)
    .where('type', '<>', TRACK_APPEARED)
    .orderBy('time', 'desc')
    .limit(MOST_MARKS)
    .execute()
  return rows.map(eventOf)
}
