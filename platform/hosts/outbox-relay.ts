import type pg from 'pg'
import type { WireRecord } from '../events/codec.ts'
import type { TopicName } from '../events/topics.ts'
import { OUTBOX_CHANNEL } from '../outbox.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import { leadWhile } from './leader.ts'

const AT_ONCE = 500
/** Notifications wake the relay; this is for those that were lost with a connection. */
const LOOK_EVERY_MS = 2000

export interface RelayOptions {
  readonly pool: pg.Pool
  readonly log: Log
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly onError: (error: Error) => void
}

interface Row {
  readonly sequence: string
  readonly topic: TopicName
  readonly key: string | null
  readonly headers: WireRecord['headers']
  readonly value: Buffer | null
}

/**
 * Publishes what transactions wrote to the outbox, in order, and deletes it after the log's acknowledgement. A crash in
 * between publishes again, with the same ids.
 */
export function relayOutbox(options: RelayOptions): Promise<void> {
  return leadWhile({ ...options, name: 'outbox-relay' }, async (client, signal) => {
    const bell = new Bell(signal)
    client.on('notification', bell.ring)
    try {
      await client.query(`LISTEN ${OUTBOX_CHANNEL}`)
      while (!signal.aborted) {
        const rung = bell.next()
        if ((await relayOnce(client, options.log)) === 0) await options.clock.sleep(LOOK_EVERY_MS, rung)
      }
      await client.query(`UNLISTEN ${OUTBOX_CHANNEL}`)
    } finally {
      client.off('notification', bell.ring)
    }
  })
}

async function relayOnce(client: pg.PoolClient, log: Log): Promise<number> {
  const { rows } = await client.query<Row>(
    'SELECT sequence, topic, key, headers, value FROM outbox ORDER BY sequence LIMIT $1',
    [AT_ONCE],
  )
  for (const run of runsOfOneTopic(rows)) {
    await log.produce(run[0]!.topic, run)
    await client.query('DELETE FROM outbox WHERE sequence = ANY($1)', [run.map(({ sequence }) => sequence)])
  }
  return rows.length
}

/** Neighbours that go to the same topic are published together. */
function runsOfOneTopic(rows: readonly Row[]): Row[][] {
  const runs: Row[][] = []
  for (const row of rows) {
    const last = runs.at(-1)
    if (last && last[0]!.topic === row.topic) last.push(row)
    else runs.push([row])
  }
  return runs
}

/** Its signal aborts at the next ring, so that one that comes between a look and the wait is not lost. */
class Bell {
  readonly #stop: AbortSignal
  #rung = new AbortController()

  constructor(stop: AbortSignal) {
    this.#stop = stop
  }

  readonly ring = (): void => this.#rung.abort()

  next(): AbortSignal {
    this.#rung = new AbortController()
    return AbortSignal.any([this.#rung.signal, this.#stop])
  }
}
