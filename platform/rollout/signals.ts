import { sql } from 'kysely'
import type { Database } from '../ports/database.ts'

/** What a model did on its cameras within a time. */
export interface Performance {
  readonly frames: number
  /** Of classes that the model before it knows: others say nothing of what it misses. */
  readonly boxesPerFrame: number | null
  readonly framesPerSecond: number | null
  /** Mean of preparation, inference and decoding, milliseconds. */
  readonly latencyMs: number | null
  readonly verdicts: number
  /** Those that found its frame of no use. */
  readonly rejected: number
}

export interface Signals {
  readonly now: Performance
  /** The model before it, on the same cameras, just before. */
  readonly before: Performance
  /** Since it was applied. */
  readonly seconds: number
  /** Whether any of its cameras shows pictures. */
  readonly isWatched: boolean
}

export interface Asked {
  readonly digest: string
  readonly previous: string
  readonly appliedAt: Date
  /** Milliseconds since the epoch. */
  readonly now: number
  /** How far back the time before reaches, seconds. */
  readonly windowSeconds: number
  readonly cameras: readonly string[]
}

/** Clocks of cameras may be ahead by so much. */
const AHEAD_MS = 60_000

/** How a model does since it was applied, and how the one before it did on the same cameras. */
export async function signalsOf(database: Database, asked: Asked): Promise<Signals> {
  const { digest, previous, appliedAt, now, windowSeconds, cameras } = asked
  const applied = appliedAt.getTime()
  const since = new Date(applied - windowSeconds * 1000)
  const known = database.selectFrom('models').select('classes').where('digest', '=', previous)
  const classes = (await known.executeTakeFirst())?.classes ?? []
  const watched = database.selectFrom('cameras').select('id').where('state', '=', 'online').where('enabled', '=', true)
  return {
    now: await performance(database, digest, appliedAt, new Date(now + AHEAD_MS), cameras, classes),
    before: await performance(database, previous, since, appliedAt, cameras, classes),
    seconds: (now - applied) / 1000,
    isWatched:
      cameras.length > 0 && (await watched.where('id', 'in', cameras).limit(1).executeTakeFirst()) !== undefined,
  }
}

async function performance(
  database: Database,
  digest: string,
  from: Date,
  to: Date,
  cameras: readonly string[],
  classes: readonly string[],
): Promise<Performance> {
  const { rows } = await sql<Omit<Performance, 'verdicts' | 'rejected'>>`
    SELECT coalesce(sum(frames), 0)::int AS frames,
      sum(boxes)::float8 / nullif(sum(frames), 0)::float8 AS "boxesPerFrame",
      sum(frames - 1)::float8 / nullif(sum(seconds), 0)::float8 AS "framesPerSecond",
      sum(ms)::float8 / nullif(sum(frames), 0)::float8 AS "latencyMs"
    FROM (
      SELECT count(*) AS frames, sum((
          SELECT count(*) FROM jsonb_array_elements(boxes) AS box WHERE box->>'class' = ANY(${[...classes]})
        )) AS boxes,
        extract(epoch FROM max(captured_at) - min(captured_at)) AS seconds,
        sum((timings->>'prepareMs')::float8 + (timings->>'inferMs')::float8 + (timings->>'decodeMs')::float8) AS ms
      FROM detections
      WHERE captured_at BETWEEN ${from} AND ${to} AND model_digest = ${digest} AND camera_id = ANY(${[...cameras]})
      GROUP BY camera_id
    ) AS of_camera`.execute(database)
  const judged = await sql<Pick<Performance, 'verdicts' | 'rejected'>>`
    SELECT count(*)::int AS verdicts, count(*) FILTER (WHERE v.verdict = 'reject')::int AS rejected
    FROM verdicts v JOIN triage_items i ON i.id = v.item_id
    WHERE i.model_digest = ${digest} AND v.withdrawn_at IS NULL AND v.verdict <> 'skip'
      AND i.captured_at BETWEEN ${from} AND ${to}`.execute(database)
  return { ...rows[0]!, ...judged.rows[0]! }
}
