import { sql } from 'kysely'
import type { LoggedEvent } from '../platform/event-log.ts'
import type { Database } from '../platform/ports/database.ts'
import { timeText } from './views.ts'

/** Which entries of the event log are asked for; what is left out does not matter. */
export interface EventFilter {
  readonly cameraIds?: readonly string[] | null | undefined
  readonly types?: readonly string[] | null | undefined
  readonly classes?: readonly string[] | null | undefined
  /** 0..1 */
  readonly minScore?: number | null | undefined
  /** RFC 3339, this moment included. */
  readonly from?: string | null | undefined
  /** RFC 3339, this moment left out. */
  readonly to?: string | null | undefined
}

interface EventRow extends Omit<LoggedEvent, 'time' | 'cameraId'> {
  readonly at: string
  readonly camera_id: string | null
}

/** The stored entries that match, in no order yet. */
export function eventRows(database: Database, filter: EventFilter | null | undefined) {
  let query = database
    .selectFrom('events')
    .select(['id', 'type', 'camera_id', 'subject', 'class', 'score', 'data', timeText('time').as('at')])
  if (filter?.cameraIds) query = query.where('camera_id', '=', anyOf(filter.cameraIds))
  if (filter?.types) query = query.where('type', '=', anyOf(filter.types))
  if (filter?.classes) query = query.where('class', '=', anyOf(filter.classes))
  if (filter?.minScore != null) query = query.where('score', '>=', filter.minScore)
  if (filter?.from) query = query.where('time', '>=', sql<Date>`${filter.from}::timestamptz`)
  if (filter?.to) query = query.where('time', '<', sql<Date>`${filter.to}::timestamptz`)
  return query
}

export function eventOf({ at, camera_id, ...rest }: EventRow): LoggedEvent {
  return { ...rest, time: at, cameraId: camera_id }
}

/** The same for an entry that is not stored yet. */
export function matches(entry: LoggedEvent, filter: EventFilter | null | undefined): boolean {
  if (!filter) return true
  const { cameraIds, types, classes, minScore, from, to } = filter
  const time = Date.parse(entry.time)
  return (
    (!cameraIds || cameraIds.includes(entry.cameraId ?? '')) &&
    (!types || types.includes(entry.type)) &&
    (!classes || classes.includes(entry.class ?? '')) &&
    (minScore == null || (entry.score ?? -1) >= minScore) &&
    (!from || time >= Date.parse(from)) &&
    (!to || time < Date.parse(to))
  )
}

/** An empty list matches nothing; `IN ()` would be no SQL. */
function anyOf(values: readonly string[]) {
  return sql<string>`ANY(${[...values]})`
}
