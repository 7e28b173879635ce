import type { Selectable, Transaction } from 'kysely'
import { SentinelError } from '../../platform/errors.ts'
import { AnnotationRecorded, AnnotationRemoved } from '../../platform/events/annotation.ts'
import { VerdictRecorded } from '../../platform/events/triage.ts'
import { type Context, type Incoming, implement } from '../../platform/function.ts'
import type { Tables, TriageItemsTable } from '../../platform/ports/tables.ts'
import { declaration } from './function.ts'
import { scoreGold } from './gold.ts'
import { isSame, type Standing, standingOf } from './opinions.ts'
import { keepPicture } from './pictures.ts'
import { type AnnotationRow, heldAt, historyOf, markStanding, opinionOf } from './rows.ts'

type Ports = Context<typeof declaration>
type VerdictEvent = Incoming<typeof declaration>
type Recorded = Extract<VerdictEvent, { type: typeof VerdictRecorded.type }>
type Item = Selectable<TriageItemsTable>

export const annotationStore = implement(declaration, async (event, ports) => {
  if (event.type === VerdictRecorded.type) {
    if (event.data.verdict === 'skip' || event.data.verdict === 'reject') return []
    const item = await itemOf(event.subject, ports)
    const picture = await keepPicture(item.image, ports)
    return ports.database.transaction().execute(async (tx) => {
      const { verdictId, by, boxes } = event.data
      const judged = { verdictId, itemId: event.subject, by, boxes, at: new Date(event.time) }
      if (await scoreGold(tx, judged)) return []
      await addOpinion(tx, event, item, picture)
      return changes(tx, event)
    })
  }
  const { verdictId, by } = event.data
  return ports.database.transaction().execute(async (tx) => {
    await tx.deleteFrom('gold_scores').where('verdict_id', '=', verdictId).execute()
    await tx
      .updateTable('annotations')
      .set({ withdrawn_at: new Date(event.time), withdrawn_by: by })
      .where('verdict_id', '=', verdictId)
      .execute()
    return changes(tx, event)
  })
})

/** @throws SentinelError `NOT_FOUND`: a verdict is only taken on an item, so one without it never had one. */
async function itemOf(id: string, { database }: Ports): Promise<Item> {
  const item = await database.selectFrom('triage_items').selectAll().where('id', '=', id).executeTakeFirst()
  if (!item) throw new SentinelError('NOT_FOUND', `There is no triage item ${id} that this verdict could be about`)
  return item
}

async function addOpinion(
  tx: Transaction<Tables>,
  { subject, time, data }: Recorded,
  item: Item,
  { digest, light }: Awaited<ReturnType<typeof keepPicture>>,
): Promise<void> {
  const { camera_id, frame_id, captured_at, width, height, model_digest, model_name } = item
  const frame = { camera_id, frame_id, captured_at, width, height, model_digest, model_name }
  const row = {
    ...frame,
    verdict_id: data.verdictId,
    item_id: subject,
    light,
    image: digest,
    verdict: data.verdict as 'confirm' | 'correct',
    before: JSON.stringify(item.boxes),
    boxes: JSON.stringify(data.boxes),
    annotator: data.by,
    recorded_at: new Date(time),
    withdrawn_at: null,
    withdrawn_by: null,
  }
  await tx
    .insertInto('annotations')
    .values(row)
    .onConflict((conflict) => conflict.column('verdict_id').doNothing())
    .execute()
}

/** What this verdict changes about what is taken for true of its item. */
async function changes(tx: Transaction<Tables>, event: VerdictEvent) {
  await markStanding(tx, event.subject)
  const history = await historyOf(tx, event.subject)
  const held = heldAt(history, new Date(event.time))
  const after = standingOf(held.map(opinionOf))
  const before = standingOf(without(event, held, history).map(opinionOf))
  if (isSame(before, after)) return []
  const { verdictId, by } = event.data
  if (after) return recorded(event.subject, history.find(({ verdict_id }) => verdict_id === after.verdictId)!, after)
  const reason = event.type === VerdictRecorded.type ? ('disputed' as const) : ('withdrawn' as const)
  return AnnotationRemoved.of(event.subject, { verdictId: before?.verdictId ?? verdictId, reason, by })
}

/** The opinions as they were before this event. */
function without({ type, data }: VerdictEvent, held: AnnotationRow[], history: AnnotationRow[]): AnnotationRow[] {
  if (type === VerdictRecorded.type) return held.filter(({ verdict_id }) => verdict_id !== data.verdictId)
  return history.filter((row) => held.includes(row) || row.verdict_id === data.verdictId)
}

function recorded(itemId: string, row: AnnotationRow, { rule, by }: Standing) {
  return AnnotationRecorded.of(itemId, {
    verdictId: row.verdict_id,
    cameraId: row.camera_id,
    frameId: row.frame_id,
    capturedAt: row.captured_at.getTime() * 1000,
    width: row.width,
    height: row.height,
    light: row.light,
    image: row.image,
    boxes: row.boxes,
    before: row.before,
    model: { digest: row.model_digest, name: row.model_name },
    by: [...by],
    rule,
  })
}
