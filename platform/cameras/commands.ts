import { randomBytes, randomUUID } from 'node:crypto'
import { type Selectable, sql, type Transaction } from 'kysely'
import type { SentinelError } from '../errors.ts'
import { CameraChanged } from '../events/camera.ts'
import { completeEvent } from '../events/complete.ts'
import type { SentinelEvent } from '../events/event.ts'
import { appendToOutbox } from '../outbox.ts'
import type { Clock } from '../ports/clock.ts'
import type { Database } from '../ports/database.ts'
import type { CamerasTable, Tables } from '../ports/tables.ts'
import { invalidInput, refusal } from '../refusal.ts'
import { CameraChanges, CameraInput } from './input.ts'
import type { Sealing } from './sealing.ts'
import { parseSource, type SourceRules } from './source.ts'

export type CameraRow = Selectable<CamerasTable>

export interface CameraDesk {
  readonly database: Database
  readonly clock: Clock
  readonly sealing: Sealing
  readonly rules: SourceRules
}

/**
 * @throws SentinelError `INPUT_INVALID` for a field that cannot be, `SOURCE_REFUSED` for the source.
 */
export async function addCamera(desk: CameraDesk, input: CameraInput): Promise<CameraRow> {
  const columns = columnsOf(desk, check(CameraInput, input))
  return desk.database.transaction().execute(async (tx) => {
    const row = await insertCamera(tx, columns)
    await appendToOutbox(tx, [changed(desk, 'added', row)])
    return row
  })
}

/** Changes only what the input holds. @throws as `addCamera`, and `NOT_FOUND`. */
export async function updateCamera(desk: CameraDesk, id: string, input: CameraChanges): Promise<CameraRow> {
  const values = columnsOf(desk, check(CameraChanges, input))
  return desk.database.transaction().execute(async (tx) => {
    const row = await tx
      .updateTable('cameras')
      .set((eb) => ({ ...values, revision: eb('revision', '+', 1), updated_at: new Date(desk.clock.now()) }))
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst()
    if (!row) throw notFound(id)
    await appendToOutbox(tx, [changed(desk, 'updated', row)])
    return row
  })
}

/** What the camera saw stays; only its entry goes. @throws SentinelError `NOT_FOUND` */
export async function removeCamera(desk: CameraDesk, id: string): Promise<CameraRow> {
  return desk.database.transaction().execute(async (tx) => {
    const row = await tx.deleteFrom('cameras').where('id', '=', id).returningAll().executeTakeFirst()
    if (!row) throw notFound(id)
    await appendToOutbox(tx, [changed(desk, 'removed', { ...row, enabled: false, revision: row.revision + 1 })])
    return row
  })
}

export function changed(
  { clock }: Pick<CameraDesk, 'clock'>,
  change: 'added' | 'updated' | 'removed',
  { id, name, source, enabled, revision }: CameraRow,
): SentinelEvent {
  const draft = CameraChanged.of(id, { change, name, source, enabled, revision })
  return completeEvent(draft, {
    source: '/sentinel/cameras',
    id: randomUUID(),
    time: new Date(clock.now()).toISOString(),
  })
}

type Columns = Partial<Omit<CameraRow, 'id'>>

/** A source without credentials is stored readable; one with credentials sealed, and without them beside. */
export function columnsOf<Input extends CameraChanges>(
  { sealing, rules }: Pick<CameraDesk, 'sealing' | 'rules'>,
  { source, ...rest }: Input,
): Columns & (Input extends CameraInput ? Pick<CameraRow, 'name' | 'source'> : unknown) {
  const columns: Columns = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
  if (source !== undefined) {
    const { url, publicUrl, loop } = parseSource(source, rules)
    const secret = url !== publicUrl.replace(/#loop$/, '')
    Object.assign(columns, { source: publicUrl, sealed_source: secret ? sealing.seal(url) : null, loop })
  }
  return columns as never
}

function check<T>(schema: { safeParse(value: unknown): { data?: T; error?: unknown } }, input: unknown): T {
  const { data, error } = schema.safeParse(input)
  if (error) throw invalidInput(error as never)
  return data as T
}

type NewColumns = Columns & Pick<CameraRow, 'name' | 'source'>

/** Under an id that is readable where it can be. Of two that want the same at once, one waits and then gets another. */
async function insertCamera(tx: Transaction<Tables>, columns: NewColumns): Promise<CameraRow> {
  const slug = slugOf(columns.name)
  const row = (await isUsed(tx, slug)) ? undefined : await insertAs(tx, slug, columns)
  return row ?? (await insertAs(tx, `${slug}-${randomBytes(6).toString('hex')}`, columns))!
}

function insertAs(tx: Transaction<Tables>, id: string, columns: NewColumns): Promise<CameraRow | undefined> {
  const insert = tx.insertInto('cameras').values({ id, ...columns })
  return insert
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returningAll()
    .executeTakeFirst()
}

/** Also by a camera that was removed: what it saw must not become another one's past. */
async function isUsed(tx: Transaction<Tables>, id: string): Promise<boolean> {
  const { rows } = await sql<{ used: boolean }>`
    SELECT EXISTS (SELECT FROM cameras WHERE id = ${id}) OR EXISTS (SELECT FROM events WHERE camera_id = ${id})
      OR EXISTS (SELECT FROM detections WHERE camera_id = ${id}) OR EXISTS (SELECT FROM outbox WHERE key = ${id})
      OR EXISTS (SELECT FROM triage_items WHERE camera_id = ${id}) AS used`.execute(tx)
  return rows[0]!.used
}

export function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 48)
    .replace(/^-+|-+$/g, '')
  return slug || 'camera'
}

function notFound(id: string): SentinelError {
  return refusal('cameraGone', { id })
}
