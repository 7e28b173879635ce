import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { codeOf, messageOf, SentinelError } from '../errors.ts'
import type { Database } from '../ports/database.ts'
import type { Tables } from '../ports/tables.ts'

const STATEMENT_TIMEOUT_MS = 30_000
const CONNECT_TIMEOUT_MS = 10_000

/**
 * SQLSTATE classes 08 connection, 40 rolled back by concurrency, 53 resources, 57 shutdown and statement timeout, 58 the
 * server's own system; 25006 a standby that takes no writes, 55P03 a lock that was not free: later may be better.
 */
const PASSING = /^(08|40|53|57|58|25006|55P03)/
const PASSING_SYSTEM_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'])

export interface OpenDatabase {
  readonly database: Database
  readonly pool: pg.Pool
  close(): Promise<void>
}

export interface DatabaseOptions {
  readonly connections?: number
  /** Hears every statement that was answered. */
  readonly onStatement?: (sql: string) => void
}

/** A pool of connections. `bigint` columns come back as text, `timestamptz` as Date. */
export function openDatabase(url: string, { connections = 10, onStatement }: DatabaseOptions = {}): OpenDatabase {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    // A leader must notice that its server is gone: its lock is gone too.
    keepAlive: true,
    application_name: 'sentinel',
  })
  // A connection that breaks is told by the query that runs on it; an idle one is replaced at the next query.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const database = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: classified(pool) as pg.Pool }),
    log: ({ level, query }) => {
      if (level === 'query') onStatement?.(query.sql)
    },
  })
  return { database, pool, close: () => database.destroy() }
}

/** The same pool, whose failures say whether another attempt can help. */
function classified(pool: pg.Pool): Pick<pg.Pool, 'connect' | 'end'> {
  return {
    end: () => pool.end(),
    connect: (async () => {
      const client = await pool.connect().catch((error: unknown) => {
        throw new SentinelError('DATABASE_UNAVAILABLE', `Cannot reach PostgreSQL: ${messageOf(error)}`, {
          cause: error,
        })
      })
      return {
        query: (...args: Parameters<typeof client.query>) =>
          Promise.resolve((client.query as (...args: unknown[]) => unknown)(...args)).catch((error: unknown) => {
            throw classify(error)
          }),
        release: (error?: Error | boolean) => client.release(error),
      }
    }) as unknown as pg.Pool['connect'],
  }
}

function classify(error: unknown): unknown {
  const code = codeOf(error) ?? ''
  const lost = /connection terminated|connection.*(closed|ended)/i.test(messageOf(error))
  if (!lost && !PASSING.test(code) && !PASSING_SYSTEM_CODES.has(code)) return error
  return new SentinelError('DATABASE_UNAVAILABLE', `PostgreSQL is not answering: ${messageOf(error)}`, { cause: error })
}
