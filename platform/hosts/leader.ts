import type pg from 'pg'
import { messageOf } from '../errors.ts'
import type { Clock } from '../ports/clock.ts'

const RETRY_MS = 1000

export interface LeaderOptions {
  readonly pool: pg.Pool
  readonly clock: Clock
  /** The same name is held by one process at a time. */
  readonly name: string
  readonly signal: AbortSignal
  readonly onError: (error: Error) => void
}

/**
 * Runs `work` while this process holds a PostgreSQL advisory lock; others wait for their turn. When the connection that
 * holds the lock is lost, `work` is aborted and the lock sought again. Resolves once `signal` aborts.
 */
export async function leadWhile(
  { pool, clock, name, signal, onError }: LeaderOptions,
  work: (client: pg.PoolClient, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await leadOnce(pool, name, signal, work)
    } catch (error) {
      onError(error as Error)
    }
    if (!signal.aborted) await clock.sleep(RETRY_MS, signal)
  }
}

async function leadOnce(
  pool: pg.Pool,
  name: string,
  signal: AbortSignal,
  work: (client: pg.PoolClient, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const client = await pool.connect()
  const lost = new AbortController()
  const onLost = (): void => lost.abort()
  client.on('error', onLost)
  client.on('end', onLost)
  let failure: Error | undefined
  try {
    const { rows } = await client.query('SELECT pg_try_advisory_lock(hashtext($1)) AS held', [`sentinel:${name}`])
    if (!rows[0].held) return
    await work(client, AbortSignal.any([signal, lost.signal]))
    if (!lost.signal.aborted) await client.query('SELECT pg_advisory_unlock(hashtext($1))', [`sentinel:${name}`])
  } catch (error) {
    failure = error instanceof Error ? error : new Error(messageOf(error))
    throw failure
  } finally {
    client.off('error', onLost)
    client.off('end', onLost)
    // A connection that failed is closed, which also gives the lock back.
    client.release(failure ?? lost.signal.aborted)
  }
}
