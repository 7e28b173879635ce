import type { OfflineReason } from '../../events/camera.ts'
import { CAPTURE_CLOCKS, type CaptureClock } from '../../events/frame.ts'
import type { StreamOpened } from '../../ports/video.ts'
import type { ReadRequest } from './reading/sink.ts'

export type ToChild =
  | { readonly kind: 'open'; readonly stream: number; readonly request: ReadRequest }
  | { readonly kind: 'close'; readonly stream: number }
  /** Whether its H.264 packets are wanted too. */
  | { readonly kind: 'follow'; readonly stream: number; readonly isWanted: boolean }

/** `listening`: streams can be fetched at the socket. */
export type FromChild = { readonly kind: 'alive' } | { readonly kind: 'listening' }

export type StreamMessage =
  | { readonly kind: 'opened'; readonly opened: StreamOpened }
  | { readonly kind: 'closed'; readonly reason: OfflineReason; readonly detail: string }

/**
 * Over the socket come frames, packets and messages of all streams in their order: a header, then the pixels of a frame, the
 * bytes of a packet, or the JSON of a message.
 */
export const HEADER_BYTES = 32

export interface FrameHeader {
  readonly stream: number
  readonly width: number
  readonly height: number
  readonly capturedAt: number
  readonly clock: CaptureClock
  /** Bytes that follow. */
  readonly bytes: number
  readonly kind: Kind
}

/** What follows; a `delta` packet builds on the ones before it, a `key` packet does not. */
const KINDS = ['message', 'pixels', 'delta', 'key'] as const
type Kind = (typeof KINDS)[number]

export function writeHeader({ stream, width, height, capturedAt, clock, bytes, kind }: FrameHeader): Buffer {
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUInt32LE(stream, 0)
  header.writeUInt32LE(width, 4)
  header.writeUInt32LE(height, 8)
  header.writeUInt32LE(bytes, 12)
  header.writeDoubleLE(capturedAt, 16)
  header.writeUInt32LE(CAPTURE_CLOCKS.indexOf(clock), 24)
  header.writeUInt32LE(KINDS.indexOf(kind), 28)
  return header
}

export function writeMessage(stream: number, message: StreamMessage): Buffer {
  const json = Buffer.from(JSON.stringify(message))
  const none = { width: 0, height: 0, capturedAt: 0, clock: 'arrival', kind: 'message' } as const
  return Buffer.concat([writeHeader({ ...none, stream, bytes: json.length }), json])
}

export function readHeader(header: Buffer): FrameHeader {
  return {
    stream: header.readUInt32LE(0),
    width: header.readUInt32LE(4),
    height: header.readUInt32LE(8),
    bytes: header.readUInt32LE(12),
    capturedAt: header.readDoubleLE(16),
    clock: CAPTURE_CLOCKS[header.readUInt32LE(24)]!,
    kind: KINDS[header.readUInt32LE(28)]!,
  }
}
