import { randomUUID } from 'node:crypto'
import type { Selectable, Transaction } from 'kysely'
import { z } from 'zod'
import { completeEvent } from '../events/complete.ts'
import type { Draft } from '../events/event.ts'
import { LabelledBox } from '../events/frame.ts'
import { ReviewResolved, type VERDICTS, VerdictRecorded, VerdictWithdrawn } from '../events/triage.ts'
import { appendToOutbox } from '../outbox.ts'
import type { Clock } from '../ports/clock.ts'
import type { Database } from '../ports/database.ts'
import type { Tables, TriageItemsTable } from '../ports/tables.ts'
import { invalidInput, refusal, ruleText } from '../refusal.ts'
import { CLAIM_MS } from './claims.ts'

type Verdict = (typeof VERDICTS)[number]
export type TriageItem = Selectable<TriageItemsTable>

const STATUS = { confirm: 'confirmed', correct: 'corrected', reject: 'rejected', skip: 'skipped' } as const

const Boxes = z.array(
  LabelledBox.refine(
    ({ box: [x, y, width, height] }) => width > 0 && height > 0 && x + width <= 1.000001 && y + height <= 1.000001,
    ruleText('boxOutside'),
  ),
)

export interface VerdictInput {
  readonly itemId: string
  readonly verdict: Verdict
  /** All boxes of the frame; a confirmation without them takes those of the item. */
  readonly boxes: readonly LabelledBox[] | undefined
  readonly note: string | undefined
  readonly by: string
  /** A UUID of the caller's choosing: the same verdict sent again, as after a lost answer, is recorded once. */
  readonly key?: string | undefined
  /** Also where others have judged already: what two people say is compared, and a third decides. */
  readonly isSecondOpinion?: boolean | undefined
}

interface Desk {
  readonly database: Database
  readonly clock: Clock
}

/**
 * Records what a person says of an item, and tells it, in one transaction.
 *
 * @throws SentinelError `NOT_FOUND`, `CONFLICT` when the item has a verdict (of this person, for a second opinion),
 * `INPUT_INVALID` for the boxes.
 */
export async function recordVerdict({ database, clock }: Desk, input: VerdictInput): Promise<TriageItem> {
  return database.transaction().execute(async (tx) => {
    const item = await lock(tx, input.itemId)
    const { verdict, note, by, key: id = randomUUID() } = input
    if (await isRecorded(tx, item.id, id)) return item
    await checkMayJudge(tx, item, input)
    const boxes = boxesFor(item, input)
    await checkClasses(tx, item, boxes)
    await tx
      .insertInto('verdicts')
      .values({
        id,
        item_id: item.id,
        verdict,
        boxes: JSON.stringify(boxes),
        note: note ?? null,
        recorded_by: by,
        recorded_at: new Date(clock.now()),
      })
      .execute()
    const recorded = VerdictRecorded.of(item.id, { verdictId: id, verdict, boxes, by, ...(note && { note }) })
    await tell(tx, clock, [recorded, ReviewResolved.of(item.id, { verdict })])
    await tx.deleteFrom('triage_claims').where('item_id', '=', item.id).execute()
    return setStatus(tx, item.id, statusAfter(item, verdict))
  })
}

/** Who skips what others have judged leaves it as it is. */
function statusAfter({ status }: TriageItem, verdict: Verdict): TriageItem['status'] {
  return verdict === 'skip' && status !== 'open' ? status : STATUS[verdict]
}

/**
 * Takes a verdict back, this person's where there are several; the item is open again once nobody's is left.
 *
 * @param session the desk that the item returns to; any may be handed it without one.
 * @throws SentinelError `NOT_FOUND`, `CONFLICT` when none stands.
 */
export async function undoVerdict(
  { database, clock }: Desk,
  itemId: string,
  by: string,
  session?: string,
): Promise<TriageItem> {
  return database.transaction().execute(async (tx) => {
    const item = await lock(tx, itemId)
    const standing = await standingVerdicts(tx, itemId)
    const withdrawn = standing.find(({ recorded_by }) => recorded_by === by) ?? standing[0]
    if (!withdrawn) throw refusal('notJudged', {})
    await tx
      .updateTable('verdicts')
      .set({ withdrawn_at: new Date(clock.now()) })
      .where('id', '=', withdrawn.id)
      .execute()
    const left = standing.find(({ id }) => id !== withdrawn.id)
    await tell(tx, clock, [
      VerdictWithdrawn.of(item.id, { verdictId: withdrawn.id, by }),
      ReviewResolved.of(item.id, { verdict: left?.verdict ?? null }),
    ])
    if (session) await claimBack(tx, itemId, session, clock)
    return setStatus(tx, item.id, left ? STATUS[left.verdict] : 'open')
  })
}

async function isRecorded(tx: Transaction<Tables>, itemId: string, id: string): Promise<boolean> {
  const row = await tx.selectFrom('verdicts').select('item_id').where('id', '=', id).executeTakeFirst()
  if (row && row.item_id !== itemId) throw refusal('keyReused', {})
  return row !== undefined
}

/** Nobody else can have it: it was not open until now. */
async function claimBack(tx: Transaction<Tables>, item_id: string, session: string, clock: Clock): Promise<void> {
  const claim = { session, until: new Date(clock.now() + CLAIM_MS) }
  await tx
    .insertInto('triage_claims')
    .values({ item_id, ...claim })
    .onConflict((conflict) => conflict.column('item_id').doUpdateSet(claim))
    .execute()
}

/** The newest first. */
function standingVerdicts(tx: Transaction<Tables>, itemId: string) {
  return tx
    .selectFrom('verdicts')
    .select(['id', 'verdict', 'recorded_by'])
    .where('item_id', '=', itemId)
    .where('withdrawn_at', 'is', null)
    .orderBy('recorded_at', 'desc')
    .execute()
}

async function checkMayJudge(
  tx: Transaction<Tables>,
  { id, status }: TriageItem,
  { by, isSecondOpinion }: VerdictInput,
): Promise<void> {
  if (status === 'open') return
  if (!isSecondOpinion && !(await isGold(tx, id))) throw refusal('judgedAlready', { status })
  const own = (await standingVerdicts(tx, id)).some(({ recorded_by }) => recorded_by === by)
  if (own) throw refusal('judgedByYou', {})
}

/** Everybody judges a hidden item, and nobody is told that it is one. */
async function isGold(tx: Transaction<Tables>, itemId: string): Promise<boolean> {
  const row = await tx.selectFrom('gold_items').select('item_id').where('item_id', '=', itemId).executeTakeFirst()
  return row !== undefined
}

async function lock(tx: Transaction<Tables>, itemId: string): Promise<TriageItem> {
  const item = await tx.selectFrom('triage_items').selectAll().where('id', '=', itemId).forUpdate().executeTakeFirst()
  if (!item) throw refusal('itemGone', { id: itemId })
  return item
}

function boxesFor(item: TriageItem, { verdict, boxes }: VerdictInput): LabelledBox[] {
  if (verdict === 'reject' || verdict === 'skip') return []
  if (!boxes && verdict === 'correct') throw refusal('correctionWithoutBoxes', {})
  const given =
    boxes ?? item.boxes.map(({ class: name, box, trackId }) => ({ class: name, box, ...(trackId && { trackId }) }))
  const { data, error } = Boxes.safeParse(given)
  if (error) throw invalidInput(error, 'The boxes cannot be taken: ')
  return data
}

/** A class that the model has never heard of is a slip of the hand, and would be learnt. */
async function checkClasses(tx: Transaction<Tables>, item: TriageItem, boxes: readonly LabelledBox[]): Promise<void> {
  const model = await tx
    .selectFrom('models')
    .select('classes')
    .where('digest', '=', item.model_digest)
    .executeTakeFirst()
  if (!model) return
  const unknown = boxes.find(({ class: name }) => !model.classes.includes(name))
  if (!unknown) return
  const shown = model.classes.slice(0, 20).join(', ') + (model.classes.length > 20 ? ', …' : '')
  throw refusal('unknownClass', { name: unknown.class, model: item.model_name, classes: shown })
}

function setStatus(tx: Transaction<Tables>, id: string, status: TriageItem['status']): Promise<TriageItem> {
  return tx.updateTable('triage_items').set({ status }).where('id', '=', id).returningAll().executeTakeFirstOrThrow()
}

function tell(tx: Transaction<Tables>, clock: Clock, drafts: readonly Draft[]): Promise<void> {
  const origin = { source: '/sentinel/triage', time: new Date(clock.now()).toISOString() }
  return appendToOutbox(
    tx,
    drafts.map((draft) => completeEvent(draft, { ...origin, id: randomUUID() })),
  )
}
