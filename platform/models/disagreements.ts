import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import { completeEvent } from '../events/complete.ts'
import { ModelJudged } from '../events/model.ts'
import { appendToOutbox } from '../outbox.ts'
import type { Clock } from '../ports/clock.ts'
import type { Database } from '../ports/database.ts'
import type { ShadowFramesTable } from '../ports/tables.ts'
import { refusal } from '../refusal.ts'

export type Disagreement = Selectable<ShadowFramesTable>
type Better = NonNullable<Disagreement['better']>

interface Judgement {
  /** The candidate and the frame, with a slash between. */
  readonly id: string
  /** Null takes it back. */
  readonly better: Better | null
  readonly by: string
}

/**
 * Keeps which of two models a person finds right in a frame, and tells it; a later word takes the place of an earlier one.
 *
 * @throws SentinelError `NOT_FOUND`
 */
export async function judgeDisagreement(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  { id, better, by }: Judgement,
): Promise<Disagreement> {
  const [digest, frame] = [id.slice(0, id.indexOf('/')), id.slice(id.indexOf('/') + 1)]
  const at = new Date(clock.now())
  return database.transaction().execute(async (tx) => {
    const row = await tx
      .updateTable('shadow_frames')
      .set(better ? { better, judged_by: by, judged_at: at } : NOT_JUDGED)
      .where('digest', '=', digest)
      .where('frame_id', '=', frame)
      .returningAll()
      .executeTakeFirst()
    if (!row) throw refusal('frameNotKept', {})
    const judged = ModelJudged.of(digest, { frameId: frame, running: row.running, better, by })
    const origin = { source: '/sentinel/models', id: randomUUID(), time: at.toISOString() }
    await appendToOutbox(tx, [completeEvent(judged, origin)])
    return row
  })
}

const NOT_JUDGED = { better: null, judged_by: null, judged_at: null }
