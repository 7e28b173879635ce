import { createHash } from 'node:crypto'
import { type Selectable, sql, type Transaction } from 'kysely'
import { codeOf } from '../errors.ts'
import { appendToOutbox } from '../outbox.ts'
import type { CamerasTable, Tables } from '../ports/tables.ts'
import { saidBy } from '../said.ts'
import {
  type Catalogue,
  type CatalogueRow,
  type RejectedRow,
  readCatalogue,
  rejectedRow,
} from './catalogue/catalogue.ts'
import { type CameraDesk, changed, columnsOf, slugOf } from './commands.ts'

const ROWS_PER_TRANSACTION = 1000

export interface ImportReport {
  readonly added: number
  readonly updated: number
  readonly unchanged: number
  readonly rejected: readonly RejectedRow[]
}

export interface ImportOptions {
  /** Switches the cameras on or off, whatever the catalogue says. Without it public catalogues come in switched off. */
  readonly enabled?: boolean | undefined
  readonly onProgress?: (done: number, total: number) => void
}

/**
 * Imports a catalogue's cameras. Importing it again updates them instead of adding them twice, and leaves alone whether a
 * person switched one on or off.
 *
 * @throws SentinelError `CATALOGUE_INVALID`
 */
export async function importCameras(
  desk: CameraDesk,
  text: string,
  options: ImportOptions = {},
): Promise<ImportReport> {
  const catalogue = readCatalogue(text)
  const { rows, rejected } = prepare(desk, catalogue, options)
  const counts = { added: 0, updated: 0 }
  for (let at = 0; at < rows.length; at += ROWS_PER_TRANSACTION) {
    const batch = rows.slice(at, at + ROWS_PER_TRANSACTION)
    const { added, updated } = await desk.database.transaction().execute((tx) => write(tx, desk, batch, options))
    counts.added += added
    counts.updated += updated
    options.onProgress?.(Math.min(at + ROWS_PER_TRANSACTION, rows.length), rows.length)
  }
  return {
    ...counts,
    unchanged: rows.length - counts.added - counts.updated,
    rejected: [...catalogue.rejected, ...rejected].sort((a, b) => a.row - b.row),
  }
}

type NewCamera = Pick<Selectable<CamerasTable>, 'id' | 'origin' | 'origin_id' | 'name' | 'source' | 'enabled'> &
  Partial<Selectable<CamerasTable>>

function prepare(
  desk: CameraDesk,
  { origin, isPublic, rows }: Catalogue,
  { enabled }: ImportOptions,
): { rows: NewCamera[]; rejected: RejectedRow[] } {
  const rejected: RejectedRow[] = []
  const prepared = rows.flatMap(({ row, ...each }) => {
    try {
      return [newCamera(desk, origin, each, enabled ?? each.input.enabled ?? !isPublic)]
    } catch (error) {
      if (codeOf(error) !== 'SOURCE_REFUSED') throw error
      rejected.push(rejectedRow(row, saidBy(error)))
      return []
    }
  })
  return { rows: prepared, rejected }
}

function newCamera(desk: CameraDesk, origin: string, { originId, input }: CatalogueRow, enabled: boolean): NewCamera {
  const tail = createHash('sha256').update(`${origin}\n${originId}`).digest('hex').slice(0, 8)
  return { id: `${slugOf(input.name)}-${tail}`, origin, origin_id: originId, ...columnsOf(desk, input), enabled }
}

/** Sealing the same source twice gives different bytes: one that says the same as the stored one keeps the stored bytes. */
async function withStoredSeals(
  tx: Transaction<Tables>,
  { sealing }: CameraDesk,
  batch: readonly NewCamera[],
): Promise<readonly NewCamera[]> {
  const sealed = batch.filter(({ sealed_source }) => sealed_source)
  if (sealed.length === 0) return batch
  const { rows } = await sql<{ origin_id: string; sealed_source: Buffer }>`
    SELECT origin_id, sealed_source FROM cameras WHERE origin = ${batch[0]!.origin} AND sealed_source IS NOT NULL
      AND origin_id = ANY(${sealed.map(({ origin_id }) => origin_id)})`.execute(tx)
  const stored = new Map(rows.map(({ origin_id, sealed_source }) => [origin_id, sealed_source]))
  return batch.map((row) => {
    const before = row.origin_id === null ? undefined : stored.get(row.origin_id)
    const isSame = before && row.sealed_source && sealing.holds(before, sealing.open(row.sealed_source))
    return isSame ? { ...row, sealed_source: before } : row
  })
}

async function write(
  tx: Transaction<Tables>,
  desk: CameraDesk,
  batch: readonly NewCamera[],
  { enabled }: ImportOptions,
): Promise<{ added: number; updated: number }> {
  const rows = (await withStoredSeals(tx, desk, batch)).map((row) => ({
    latitude: null,
    longitude: null,
    heading: null,
    fps: null,
    loop: false,
    ...row,
    sealed_source: row.sealed_source?.toString('base64') ?? null,
  }))
  const now = new Date(desk.clock.now())
  const written = await sql<Selectable<CamerasTable> & { is_new: boolean }>`
    INSERT INTO cameras AS c (id, origin, origin_id, name, source, sealed_source, loop, latitude, longitude, heading, fps, enabled)
    SELECT id, origin, origin_id, name, source, decode(sealed_source, 'base64'), loop, latitude, longitude, heading, fps, enabled
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS row(id text, origin text, origin_id text, name text, source text,
      sealed_source text, loop boolean, latitude float8, longitude float8, heading float8, fps float8, enabled boolean)
    ON CONFLICT (origin, origin_id) DO UPDATE SET
      name = excluded.name, source = excluded.source, sealed_source = excluded.sealed_source, loop = excluded.loop,
      latitude = excluded.latitude, longitude = excluded.longitude, heading = excluded.heading, fps = excluded.fps,
      enabled = CASE WHEN ${enabled !== undefined} THEN excluded.enabled ELSE c.enabled END,
      revision = c.revision + 1, updated_at = ${now}
    WHERE (c.name, c.source, c.sealed_source, c.loop, c.latitude, c.longitude, c.heading, c.fps)
        IS DISTINCT FROM (excluded.name, excluded.source, excluded.sealed_source, excluded.loop, excluded.latitude,
          excluded.longitude, excluded.heading, excluded.fps)
      OR (${enabled !== undefined} AND c.enabled <> excluded.enabled)
    RETURNING c.*, c.revision = 0 AS is_new`.execute(tx)
  await appendToOutbox(
    tx,
    written.rows.map((row) => changed(desk, row.is_new ? 'added' : 'updated', row)),
  )
  const added = written.rows.filter(({ is_new }) => is_new).length
  return { added, updated: written.rows.length - added }
}
