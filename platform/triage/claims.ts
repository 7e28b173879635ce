import { type Selectable, sql } from 'kysely'
import { z } from 'zod'
import type { Box } from '../events/frame.ts'
import type { Clock } from '../ports/clock.ts'
import type { Database } from '../ports/database.ts'
import type { TriageItemsTable } from '../ports/tables.ts'
import { invalidInput } from '../refusal.ts'
import { type Asker, isGoldDue, isGoldFor, isOrdinaryFor, mayHold } from './handing-out.ts'
import { type Candidate, chooseNext } from './order.ts'

type TriageItem = Selectable<TriageItemsTable>

/** How long a desk keeps an item without a sign of life. */
export const CLAIM_MS = 120_000
const MAX_COUNT = 50
/** Of each camera and reason, so that one loud camera does not hide the others. */
const CANDIDATES_EACH = 20
const CANDIDATES = 300
const REMEMBERED = 30

/** What the order looks at, without the boxes of hundreds of items: of those only the class of the least sure one. */
const CANDIDATE = [
  'item.id',
  'item.camera_id',
  'item.reason',
  'item.uncertainty',
  'item.captured_at',
  sql<string | null>`(
    SELECT box->>'class' FROM jsonb_array_elements(item.boxes) WITH ORDINALITY AS each(box, place)
    ORDER BY (box->>'score')::float8, place LIMIT 1)`.as('doubtful'),
] as const

const ClaimInput = z.object({
  session: z.string().min(8, 'is too short: take a random UUID').max(100),
  count: z.int().min(1).max(MAX_COUNT),
  cameraId: z.string().optional(),
  reason: z.string().optional(),
  /** Who sits there. */
  by: z.string().min(1),
  secondOpinions: z.boolean().default(false),
})
export type ClaimInput = z.input<typeof ClaimInput>

interface Desk {
  readonly database: Database
  readonly clock: Clock
}

/**
 * Hands out the items that are worth most to whoever sits at this desk (`session`), and to nobody else until they are judged,
 * released, or not asked for again for `CLAIM_MS`. What the desk holds already is kept and comes first.
 *
 * @throws SentinelError `INPUT_INVALID`
 */
export async function claimItems({ database, clock }: Desk, input: ClaimInput): Promise<readonly TriageItem[]> {
  const { data, error } = ClaimInput.safeParse(input)
  if (error) throw invalidInput(error, 'Nothing can be handed out: ')
  const now = clock.now()
  const until = new Date(now + CLAIM_MS)
  const held = await renew(database, data, until)
  const claim = { session: data.session, until, now: new Date(now), asker: data }
  if (held.length < data.count && (await isGoldDue(database, data.by)))
    held.push(...(await take(database, claim, await nextGold(database, claim))))
  const before = await lastJudged(database)
  while (held.length < data.count) {
    const candidates = await candidatesFor(database, data, new Date(now))
    if (candidates.length === 0) break
    const wanted = chooseNext(candidates, [...before, ...held.map(candidateOf)], data.count - held.length)
    held.push(...(await take(database, claim, ids(wanted))))
  }
  return held
}

/** Gives the items back that the desk holds: somebody else may judge them. @returns how many. */
export async function releaseItems(database: Database, session: string): Promise<number> {
  const { numDeletedRows } = await database
    .deleteFrom('triage_claims')
    .where('session', '=', session)
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}

/** Items that wait for this person, on a desk or not. */
export async function countOpen(database: Database, asker: Asker): Promise<number> {
  const { open } = await database
    .selectFrom('triage_items as item')
    .select(({ fn }) => fn.countAll<string>().as('open'))
    .where(isOrdinaryFor(asker))
    .executeTakeFirstOrThrow()
  return Number(open)
}

const ids = (items: readonly Candidate[]): string[] => items.map(({ id }) => id)

async function renew(database: Database, input: z.infer<typeof ClaimInput>, until: Date): Promise<TriageItem[]> {
  const renewed = await database
    .updateTable('triage_claims')
    .set({ until })
    .where('session', '=', input.session)
    .returning('item_id')
    .execute()
  return itemsFor(
    database,
    input,
    renewed.map(({ item_id }) => item_id),
  )
}

/** Those of the wanted items that may lie on the desk, in the order in which they are wanted. */
async function itemsFor(database: Database, asker: Asker, wanted: readonly string[]): Promise<TriageItem[]> {
  if (wanted.length === 0) return []
  const rows = await database
    .selectFrom('triage_items as item')
    .selectAll('item')
    .where('item.id', 'in', wanted)
    .where(mayHold(asker))
    .execute()
  return rows.sort((a, b) => wanted.indexOf(a.id) - wanted.indexOf(b.id))
}

/** What nobody has on the desk. */
async function candidatesFor(
  database: Database,
  { cameraId, reason, ...asker }: z.infer<typeof ClaimInput>,
  now: Date,
): Promise<Candidate[]> {
  const ranked = database
    .selectFrom('triage_items as item')
    .leftJoin('triage_claims as claim', 'claim.item_id', 'item.id')
    .select(['item.id', 'item.uncertainty'])
    .select(
      sql<number>`row_number() OVER (PARTITION BY item.camera_id, item.reason ORDER BY item.uncertainty DESC)`.as(
        'place',
      ),
    )
    .where(isOrdinaryFor(asker))
    .where(({ or, eb }) => or([eb('claim.item_id', 'is', null), eb('claim.until', '<', now)]))
    .$if(cameraId !== undefined, (query) => query.where('item.camera_id', '=', cameraId!))
    .$if(reason !== undefined, (query) => query.where('item.reason', '=', reason!))
  const rows = await database
    .selectFrom(ranked.as('ranked'))
    .innerJoin('triage_items as item', 'item.id', 'ranked.id')
    .select(CANDIDATE)
    .where('ranked.place', '<=', CANDIDATES_EACH)
    // A few cameras of busy streets must not fill it either.
    .orderBy('ranked.place')
    .orderBy('ranked.uncertainty', 'desc')
    .limit(CANDIDATES)
    .execute()
  return rows.map(candidateFrom)
}

interface Claim {
  readonly session: string
  readonly until: Date
  readonly now: Date
  readonly asker: Asker
}

/** A hidden item that nobody has on the desk; none while one lies on this desk already. */
async function nextGold(database: Database, { asker, now, session }: Claim): Promise<readonly string[]> {
  const rows = await database
    .selectFrom('triage_items as item')
    .leftJoin('triage_claims as claim', 'claim.item_id', 'item.id')
    .select(['item.id', 'claim.session'])
    .where(isGoldFor(asker))
    .where(({ or, eb }) =>
      or([eb('claim.item_id', 'is', null), eb('claim.until', '<', now), eb('claim.session', '=', session)]),
    )
    .orderBy('item.uncertainty', 'desc')
    .execute()
  return rows.some((row) => row.session === session) ? [] : rows.slice(0, 1).map(({ id }) => id)
}

/** One row of the database decides between two desks that want the same item at once. */
async function take(
  database: Database,
  { session, until, now, asker }: Claim,
  wanted: readonly string[],
): Promise<TriageItem[]> {
  const { rows } = await sql<{ item_id: string }>`
    INSERT INTO triage_claims AS claim (item_id, session, until)
    SELECT item.id, ${session}, ${until} FROM triage_items AS item WHERE item.id = ANY(${wanted}) AND ${mayHold(asker)}
    ON CONFLICT (item_id) DO UPDATE SET session = excluded.session, until = excluded.until WHERE claim.until < ${now}
    RETURNING item_id`.execute(database)
  const taken = new Set(rows.map(({ item_id }) => item_id))
  return itemsFor(
    database,
    asker,
    wanted.filter((id) => taken.has(id)),
  )
}

async function lastJudged(database: Database): Promise<Candidate[]> {
  const rows = await database
    .selectFrom('verdicts')
    .innerJoin('triage_items as item', 'item.id', 'verdicts.item_id')
    .select(CANDIDATE)
    .where('verdicts.withdrawn_at', 'is', null)
    .orderBy('verdicts.recorded_at', 'desc')
    .limit(REMEMBERED)
    .execute()
  return rows.map(candidateFrom)
}

interface CandidateRow extends Pick<TriageItem, 'id' | 'camera_id' | 'reason' | 'uncertainty' | 'captured_at'> {
  readonly doubtful: string | null
}

function candidateFrom({ id, camera_id, reason, uncertainty, captured_at, doubtful }: CandidateRow): Candidate {
  return { id, camera: camera_id, reason, class: doubtful ?? undefined, uncertainty, capturedAt: captured_at.getTime() }
}

function candidateOf(item: TriageItem): Candidate {
  const doubtful = item.boxes.reduce<Box | undefined>(
    (worst, box) => (worst && worst.score <= box.score ? worst : box),
    undefined,
  )
  return candidateFrom({ ...item, doubtful: doubtful?.class ?? null })
}
