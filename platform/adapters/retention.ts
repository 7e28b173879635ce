import { sql } from 'kysely'
import type { Database } from '../ports/database.ts'

const DAY_MS = 86_400_000
const DAYS_AHEAD = 2

export interface RetentionOptions {
  readonly detectionsDays: number
  readonly eventsDays: number
}

const TABLES = [
  {
    table: 'detections',
    column: 'captured_at',
    arrival: 'detected_at',
    days: ({ detectionsDays }: RetentionOptions) => detectionsDays,
  },
  { table: 'events', column: 'time', arrival: 'stored_at', days: ({ eventsDays }: RetentionOptions) => eventsDays },
] as const

/**
 * Makes the partitions of the days around `now` and drops those that have outlived their retention. Rows of other days lie in
 * the default partition and go one by one by their arrival: a camera whose clock is years off keeps what it saw as long as any
 * other, and no longer.
 *
 * @param now milliseconds since the epoch.
 */
export async function keepPartitions(database: Database, now: number, options: RetentionOptions): Promise<void> {
  for (const { table, column, arrival, days } of TABLES) {
    for (let ahead = -1; ahead <= DAYS_AHEAD; ahead++) {
      await sql`SELECT make_partition(${table}, ${column}, ${dayOf(now + ahead * DAY_MS)}::date)`.execute(database)
    }
    const oldest = now - days(options) * DAY_MS
    for (const name of await expired(database, table, dayOf(oldest))) await drop(database, name)
    await sql`DELETE FROM ${sql.table(`${table}_default`)} WHERE ${sql.ref(arrival)} < ${new Date(oldest)}`.execute(
      database,
    )
  }
  const oldestEvent = new Date(now - options.eventsDays * DAY_MS)
  await database.deleteFrom('tracks').where('first_seen', '<', oldestEvent).execute()
  await database.deleteFrom('triage_budget').where('hour', '<', oldestEvent).execute()
}

/**
 * Under the lock of `make_partition`: both take the parent and its default partition, one of them the other way round, and
 * would wait for each other for ever.
 */
async function drop(database: Database, name: string): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    await sql`SELECT pg_advisory_xact_lock(hashtext('sentinel:partitions'))`.execute(transaction)
    await sql`DROP TABLE IF EXISTS ${sql.table(name)}`.execute(transaction)
  })
}

async function expired(database: Database, table: string, oldestDay: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = ${table}::regclass AND c.relname ~ '_[0-9]{8}$'
      AND right(c.relname, 8) < ${oldestDay.replaceAll('-', '')}`.execute(database)
  return rows.map(({ name }) => name)
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}
