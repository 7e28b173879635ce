import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import type pg from 'pg'
import { z } from 'zod'
import { messageOf, SentinelError } from '../errors.ts'

const FORMAT = 1
const ROWS_AT_ONCE = 1000
const WITH_DAYS = { detections: 'captured_at', events: 'time' } as const

/** First line of a backup. Rows follow, each after a line that names its table where that changes; last comes the count. */
const Head = z.object({
  sentinel: z.literal('backup'),
  format: z.literal(FORMAT),
  at: z.string(),
  /** Those that had run: rows fit no other schema. */
  migrations: z.array(z.string()),
  /** Days that had a partition of their own, by table. */
  days: z.record(z.string(), z.array(z.string())),
})
type Head = z.infer<typeof Head>

const Mark = z.union([z.object({ table: z.string() }), z.object({ rows: z.int() })])

/**
 * Writes every row of the database as it is at one moment, gzip of JSON lines; others go on working meanwhile. Either the whole
 * file is there in the end or none.
 *
 * @returns the number of rows. @throws what the database or the disk fails with.
 */
export async function backUp(pool: pg.Pool, file: string): Promise<number> {
  const part = `${file}.${process.pid}.part`
  const client = await pool.connect()
  let rows = 0
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const lines = linesOf(client, (count) => {
      rows = count
    })
    await pipeline(Readable.from(lines), createGzip(), createWriteStream(part, { mode: 0o600 }))
    await client.query('COMMIT')
    await rename(part, file)
    return rows
  } finally {
    // An open transaction ends with its connection.
    client.release(true)
    await rm(part, { force: true })
  }
}

async function* linesOf(client: pg.PoolClient, onEnd: (rows: number) => void): AsyncGenerator<string> {
  const head: Head = {
    ...{ sentinel: 'backup', format: FORMAT, at: new Date().toISOString() },
    ...{ migrations: await migrationsIn(client), days: await daysIn(client) },
  }
  yield `${JSON.stringify(head)}\n`
  let rows = 0
  for (const table of await tablesIn(client)) {
    yield `#${JSON.stringify({ table })}\n`
    await client.query(`DECLARE backup NO SCROLL CURSOR FOR SELECT to_jsonb(t)::text AS row FROM ${quoted(table)} t`)
    for (;;) {
      const { rows: some } = await client.query<{ row: string }>(`FETCH ${ROWS_AT_ONCE} FROM backup`)
      if (some.length === 0) break
      rows += some.length
      yield some.map(({ row }) => `${row}\n`).join('')
    }
    await client.query('CLOSE backup')
  }
  yield `#${JSON.stringify({ rows })}\n`
  onEnd(rows)
}

/**
 * Puts a backup into a database that has the same schema and no rows: all of it or nothing.
 *
 * @returns the number of rows. @throws SentinelError `INPUT_INVALID` for a file that is none, that is damaged or of another
 * schema, `CONFLICT` where there are rows.
 */
export async function restore(pool: pg.Pool, file: string): Promise<number> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await mustBeEmpty(client)
    const rows = await restoreLines(client, file)
    await client.query('COMMIT')
    return rows
  } finally {
    client.release(true)
  }
}

async function restoreLines(client: pg.PoolClient, file: string): Promise<number> {
  const target = new Target(client)
  let head: Head | undefined
  try {
    for await (const line of createInterface({ input: createReadStream(file).pipe(createGunzip()) })) {
      if (!head) {
        head = Head.parse(JSON.parse(line))
        await prepare(client, head)
      } else if (line.startsWith('#')) await target.mark(Mark.parse(JSON.parse(line.slice(1))))
      else await target.add(line)
    }
  } catch (cause) {
    if (cause instanceof SentinelError) throw cause
    throw new SentinelError('INPUT_INVALID', `${file} is no whole backup: ${messageOf(cause)}`, { cause })
  }
  if (!target.isWhole) throw new SentinelError('INPUT_INVALID', `${file} is cut off: nothing was restored.`)
  await countOn(client)
  return target.rows
}

/** Rows on their way into one table after the other. */
class Target {
  readonly #client: pg.PoolClient
  readonly #waiting: string[] = []
  #table = ''
  #told: number | undefined
  rows = 0

  constructor(client: pg.PoolClient) {
    this.#client = client
  }

  get isWhole(): boolean {
    return this.#told === this.rows
  }

  async add(row: string): Promise<void> {
    if (this.#waiting.push(row) >= ROWS_AT_ONCE) await this.#flush()
  }

  async mark(mark: z.infer<typeof Mark>): Promise<void> {
    await this.#flush()
    if ('table' in mark) this.#table = mark.table
    else this.#told = mark.rows
  }

  async #flush(): Promise<void> {
    const rows = this.#waiting.splice(0)
    if (rows.length === 0) return
    const table = quoted(this.#table)
    const text = `INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)`
    await this.#client.query(text, [`[${rows.join(',')}]`])
    this.rows += rows.length
  }
}

async function prepare(client: pg.PoolClient, { migrations, days }: Head): Promise<void> {
  const here = await migrationsIn(client)
  if (here.join() !== migrations.join()) {
    const message = `The backup has the schema of ${migrations.at(-1)}, the database that of ${here.at(-1)}. Restore with the version of Sentinel that made it, then migrate.`
    throw new SentinelError('INPUT_INVALID', message)
  }
  for (const [table, column] of Object.entries(WITH_DAYS)) {
    for (const day of days[table] ?? [])
      await client.query('SELECT make_partition($1, $2, $3::date)', [table, column, day])
  }
}

async function mustBeEmpty(client: pg.PoolClient): Promise<void> {
  for (const table of await tablesIn(client)) {
    const { rows } = await client.query(`SELECT 1 FROM ${quoted(table)} LIMIT 1`)
    if (rows.length === 0) continue
    throw new SentinelError(
      'CONFLICT',
      `The database has rows (${table}): restore into a fresh one, after sentinel migrate.`,
    )
  }
}

/** Numbers that are given out go on behind the highest that was restored. */
async function countOn(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ table: string; column: string }>(
    "SELECT table_name AS table, column_name AS column FROM information_schema.columns WHERE table_schema = 'public' AND is_identity = 'YES'",
  )
  for (const { table, column } of rows) {
    const [name, key] = [quoted(table), quoted(column)]
    await client.query(
      `SELECT setval(pg_get_serial_sequence($1, $2), m) FROM (SELECT max(${key}) AS m FROM ${name}) AS t WHERE m IS NOT NULL`,
      [table, column],
    )
  }
}

async function migrationsIn(client: pg.PoolClient): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>('SELECT name FROM kysely_migration ORDER BY name')
  return rows.map(({ name }) => name)
}

async function daysIn(client: pg.PoolClient): Promise<Record<string, string[]>> {
  const { rows } = await client.query<{ table: string; day: string }>(`
    SELECT inhparent::regclass::text AS table, right(c.relname, 8) AS day
    FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid WHERE c.relkind = 'r' AND c.relname ~ '_[0-9]{8}$' ORDER BY 2`)
  const grouped = Map.groupBy(rows, ({ table }) => table)
  return Object.fromEntries([...grouped].map(([table, days]) => [table, days.map(({ day }) => day)]))
}

/** All but partitions and the record of migrations; those that others refer to come first. */
async function tablesIn(client: pg.PoolClient): Promise<string[]> {
  const { rows } = await client.query<{ name: string; needs: string[] }>(`
    SELECT c.relname AS name, coalesce(array_agg(r.relname::text) FILTER (WHERE r.relname IS NOT NULL), '{}') AS needs
    FROM pg_class c LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'f'
      LEFT JOIN pg_class r ON r.oid = k.confrelid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND c.relname NOT LIKE 'kysely\\_%'
    GROUP BY c.relname ORDER BY c.relname`)
  const ordered: string[] = []
  while (ordered.length < rows.length) {
    const ready = rows.filter(
      ({ name, needs }) => !ordered.includes(name) && needs.every((need) => ordered.includes(need)),
    )
    if (ready.length === 0) throw new Error('Tables refer to each other in a circle')
    ordered.push(...ready.map(({ name }) => name))
  }
  return ordered
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
