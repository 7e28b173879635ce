import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { sql } from 'kysely'
import { z } from 'zod'
import { CameraOffline, CameraWatch } from '../../platform/events/camera.ts'
import { fromRecord, toRecord, type WireRecord } from '../../platform/events/codec.ts'
import { completeEvent } from '../../platform/events/complete.ts'
import type { TopicName } from '../../platform/events/topics.ts'
import { defineFunction, implement } from '../../platform/function.ts'
import type { DeliveryObserver } from '../../platform/hosts/deliver.ts'
import type { Database } from '../../platform/ports/database.ts'
import type { Log } from '../../platform/ports/log.ts'
import { eventually, readTopic } from '../support/log.ts'
import { generator } from '../support/tiny-yolox.ts'

/** Where the events come in, where the probe tells of them, and where those go that it cannot handle. */
export const TOPICS = ['cameras.watch', 'events.cameras', 'dlq-events'] satisfies TopicName[]
export const PARTITIONS = 4
const CAMERAS = 20
/** What comes back may have to wait for a group that takes a dead member's partitions away after 10 s. */
export const WITHIN_MS = 300_000

/** Where a delivery can be cut off: nothing done; written, not told; told, not committed; committed. */
export const STEPS = ['fetched', 'written', 'told', 'committed'] as const
export type Step = (typeof STEPS)[number]

export const declaration = defineFunction({
  name: 'probe',
  on: [CameraWatch],
  emits: [CameraOffline],
  config: z.object({}),
  needs: ['database'],
  host: 'kafka',
  scale: { min: 0, max: 4, lag: 1 },
  delivery: { parallel: 16 },
})

/** Writes each event once, counts how often it came, and tells of it. */
export const probe = implement(declaration, async ({ id, subject }, { database }) => {
  await sql`INSERT INTO handled (id) VALUES (${id}) ON CONFLICT (id) DO UPDATE SET times = handled.times + 1`.execute(
    database,
  )
  return toldOf(id, subject)
})

export const toldOf = (id: string, camera: string) =>
  CameraOffline.of(camera, { reason: 'ended', detail: id, retryAt: null })

export async function makeTable(database: Database): Promise<void> {
  await sql`CREATE TABLE handled (id text PRIMARY KEY, times integer NOT NULL DEFAULT 1)`.execute(database)
}

/** Says nothing: the scenarios count for themselves. */
export const silent: DeliveryObserver = {
  handled: () => {},
  published: () => {},
  deadLettered: () => {},
  retrying: () => {},
}

/** The same events of a seed each time: an id, and one of twenty cameras. */
export function eventsOf(seed: number, count: number): WireRecord[] {
  const random = generator(seed)
  return Array.from({ length: count }, (_, i) => eventOf(`${seed}-${i}`, `cam-${Math.floor(random() * CAMERAS)}`))
}

export function eventOf(id: string, camera: string): WireRecord {
  const draft = CameraWatch.of(camera, { until: 1, fps: 1, revision: 0 })
  return toRecord(completeEvent(draft, { source: '/faults', id, time: '2026-06-01T08:00:00Z' }))
}

export const idOf = ({ headers }: WireRecord): string => String(headers.ce_id)

/** Produces each, again and again until it is acknowledged, as whoever has an outbox does. */
export async function sendAll(log: Log, records: readonly WireRecord[], everyMs = 0): Promise<void> {
  for (const record of records) {
    for (let isSent = false; !isSent; ) {
      isSent = await log.produce('cameras.watch', [record]).then(
        () => true,
        () => false,
      )
      await new Promise((resolve) => setTimeout(resolve, isSent ? everyMs : 100))
    }
  }
}

export interface Tally {
  readonly sent: number
  /** Of what was sent, what is in the table and was told. */
  readonly processed: number
  /** Deliveries after the first of the same event: each changed nothing. */
  readonly duplicated: number
  readonly lost: number
}

/** What became of these, by the database and the log. */
export async function tallyOf(log: Log, database: Database, sent: readonly WireRecord[]): Promise<Tally> {
  const { rows } = await sql<{ id: string; times: number }>`SELECT id, times FROM handled`.execute(database)
  return tally(sent, new Map(rows.map(({ id, times }) => [id, times])), await idsTold(log))
}

export function tally(
  sent: readonly WireRecord[],
  times: ReadonlyMap<string, number>,
  told: ReadonlySet<string>,
): Tally {
  const processed = sent.filter((record) => times.has(idOf(record)) && told.has(idOf(record))).length
  const duplicated = [...times.values()].reduce((sum, count) => sum + count - 1, 0)
  return { sent: sent.length, processed, duplicated, lost: sent.length - processed }
}

/** Of the events that the probe has told of. */
export async function idsTold(log: Log): Promise<Set<string>> {
  const records = await readTopic(log, 'events.cameras', PARTITIONS)
  return new Set(records.map((record) => (fromRecord(record).data as { detail: string }).detail))
}

/** Resolves once everything on the log is committed. A log that does not answer now may later. */
export async function untilDone(log: Log): Promise<void> {
  await eventually(async () => {
    const lags = await log.lag(declaration.name).catch(() => [{ lag: 1 }])
    return lags.every(({ lag }) => lag === 0)
  }, WITHIN_MS)
}

/** Tells the figures, and fails when anything was lost. */
export function report(t: TestContext, { sent, processed, duplicated, lost }: Tally): void {
  t.diagnostic(`${t.name}: sent ${sent}, processed ${processed}, duplicated ${duplicated}, lost ${lost}`)
  assert.equal(lost, 0)
  assert.equal(processed, sent)
}
