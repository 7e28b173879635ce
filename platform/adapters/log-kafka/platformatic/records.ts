import { IS_CONTROL, type MessageRecord, type RecordsBatch } from '@platformatic/kafka'
import type { FetchedRecord, Message, TopicPartition } from '../wire.ts'

/** The broker's own time counts for a batch with this bit. */
const TIME_OF_APPEND = 1 << 3

export function toProduce({ topic, partition }: TopicPartition, { key, value, headers }: Message): MessageRecord {
  return {
    topic,
    partition,
    // The package's own type does not know of tombstones and records without a key, its encoding does.
    key: (key === null ? null : Buffer.from(key)) as Buffer,
    value: value as Buffer,
    headers: new Map(Object.entries(headers).flatMap(headerOf)),
  }
}

/** By a buffer each: a map keeps several of the same name. */
function headerOf([name, content]: [string, Message['headers'][string]]): [Buffer, Buffer][] {
  const values = Array.isArray(content) ? content : [content]
  return values.map((value) => [Buffer.from(name), typeof value === 'string' ? Buffer.from(value) : bytesOf(value)])
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer => Buffer.from(buffer, byteOffset, byteLength)

/** Offset behind a batch, whatever compaction left of it. */
export const nextOf = ({ firstOffset, lastOffsetDelta }: RecordsBatch): number =>
  Number(firstOffset) + lastOffsetDelta + 1

export function recordsOf({
  attributes,
  firstOffset,
  firstTimestamp,
  maxTimestamp,
  records,
}: RecordsBatch): FetchedRecord[] {
  if (attributes & IS_CONTROL) return []
  const [first, time, last] = [Number(firstOffset), Number(firstTimestamp), Number(maxTimestamp)]
  return records.map(({ offsetDelta, timestampDelta, key, value, headers }) => ({
    offset: first + offsetDelta,
    timestamp: attributes & TIME_OF_APPEND ? last : time + Number(timestampDelta),
    key,
    value,
    headers: headersOf(headers),
  }))
}

function headersOf(headers: RecordsBatch['records'][number]['headers']): FetchedRecord['headers'] {
  const out: Record<string, Buffer | Buffer[]> = {}
  for (const [name, value] of headers) {
    if (name === null || value === null) continue
    const before = out[name.toString()]
    out[name.toString()] = before === undefined ? value : [before, value].flat()
  }
  return out
}
