import { sql, type Transaction } from 'kysely'
import { toRecord } from './events/codec.ts'
import type { SentinelEvent } from './events/event.ts'
import { definitionOn } from './events/registry.ts'
import { type TopicName, topicNames } from './events/topics.ts'
import type { Tables } from './ports/tables.ts'

/** The relay listens here. */
export const OUTBOX_CHANNEL = 'sentinel_outbox'

/**
 * Writes events beside the state that they tell of, in the same transaction: both are there or neither. Lock the row of the
 * events' subject first; then their order in the outbox is the order of the commits.
 */
export async function appendToOutbox(tx: Transaction<Tables>, events: readonly SentinelEvent[]): Promise<void> {
  if (events.length === 0) return
  const rows = events.map((event) => {
    const { key, headers, value } = toRecord(event)
    return { topic: topicOf(event), key, headers: JSON.stringify(headers), value: value as Buffer | null }
  })
  await tx.insertInto('outbox').values(rows).execute()
  await sql`SELECT pg_notify(${OUTBOX_CHANNEL}, '')`.execute(tx)
}

function topicOf({ type }: SentinelEvent): TopicName {
  const topic = topicNames.find((name) => definitionOn(name, type))
  if (!topic) throw new Error(`No topic carries ${type}`)
  return topic
}
