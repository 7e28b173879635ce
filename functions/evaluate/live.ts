import { sql, type Transaction } from 'kysely'
import type { Clock } from '../../platform/ports/clock.ts'
import type { Database } from '../../platform/ports/database.ts'
import type { Tables } from '../../platform/ports/tables.ts'
import type { MeasuredLive, Preference } from './gates.ts'

const LOOK_EVERY_MS = 500

interface Waiting {
  readonly database: Database
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly config: { readonly shadowFrames: number; readonly shadowSeconds: number }
  /** Told each time; may end the wait by throwing. */
  readonly onFrames: (frames: number) => Promise<void>
}

/** Waits until the candidate has seen enough live frames, or for as long as is worth it. */
export async function awaitLive(digest: string, running: string, waiting: Waiting): Promise<MeasuredLive> {
  const { database, clock, signal, config, onFrames } = waiting
  const until = clock.now() + config.shadowSeconds * 1000
  for (;;) {
    signal.throwIfAborted()
    const seen = await liveSoFar(database, digest, running)
    await onFrames(seen.frames)
    if (seen.frames >= config.shadowFrames || clock.now() >= until) return seen
    await clock.sleep(LOOK_EVERY_MS, signal)
  }
}

/** Frames with many boxes count as much as those with few: an empty street at night must not hide a blind model. */
async function liveSoFar(database: Database, digest: string, running: string): Promise<MeasuredLive> {
  const { rows } = await sql<{ frames: number; agreement: number | null }>`
    SELECT count(*)::int AS frames,
      avg(agreement) FILTER (WHERE candidate_boxes <> '[]' OR running_boxes <> '[]') AS agreement
    FROM shadow_frames WHERE digest = ${digest} AND running = ${running}`.execute(database)
  return rows[0]!
}

/** What people have said so far of the frames on which the two disagree. */
export async function preferenceSoFar(
  database: Database | Transaction<Tables>,
  digest: string,
  running: string,
): Promise<Preference> {
  const { rows } = await sql<Preference>`
    SELECT count(*) FILTER (WHERE better = 'candidate')::int AS candidate,
      count(*) FILTER (WHERE better = 'running')::int AS running
    FROM shadow_frames WHERE digest = ${digest} AND running = ${running}`.execute(database)
  return rows[0]!
}
