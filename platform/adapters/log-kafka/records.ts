import { valueBytes, type WireRecord } from '../../events/codec.ts'
import type { TopicName } from '../../events/topics.ts'
import type { LogRecord } from '../../ports/log.ts'
import type { FetchedRecord, Message } from './wire.ts'

/** A record's size on the wire beside its key, headers and value: varints, offsets and lengths. */
const OVERHEAD_BYTES = 64

/** Pictures become bytes here; headers without a value are left out. */
export async function toMessage({ key, value, headers }: WireRecord): Promise<Message> {
  const bytes = await valueBytes(value)
  const buffer = bytes === null ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const named = Object.entries(headers).filter(([, content]) => content !== undefined)
  return { key, value: buffer, headers: Object.fromEntries(named) as Message['headers'] }
}

export function messageBytes({ key, value, headers }: Message): number {
  const named = Object.entries(headers).reduce((sum, [name, content]) => sum + name.length + content.length, 0)
  return OVERHEAD_BYTES + named + (key?.length ?? 0) + (value?.length ?? 0)
}

export function toRecord(topic: TopicName, partition: number, record: FetchedRecord): LogRecord {
  const { offset, timestamp, key, value, headers } = record
  return { topic, partition, offset, timestamp, key: key === null ? null : key.toString(), value, headers }
}
