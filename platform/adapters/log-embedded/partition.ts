import type { WireRecord } from '../../events/codec.ts'
import type { StoredRecord } from './frame.ts'

/** Records with rising offsets. What `append` has not resolved is not yet readable. */
export interface Partition {
  /** Offset of the oldest record still here; equals `end` when empty. */
  readonly low: number
  readonly end: number
  readonly bytes: number
  append(records: readonly WireRecord[], timestamp: number): Promise<number[]>
  read(offset: number, max: number): Promise<PartitionRecord[]>
  /** Drops what is older than `before` (ms), then the oldest until at most `maxBytes` stay. */
  retain(before: number, maxBytes: number): Promise<void>
  sync(): Promise<void>
  close(): Promise<void>
}

/** A volatile partition hands out pictures by reference; a durable one always bytes. */
export type PartitionRecord = Omit<StoredRecord, 'value'> & { readonly value: WireRecord['value'] }
