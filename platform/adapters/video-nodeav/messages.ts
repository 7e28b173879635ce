import type { OfflineReason } from '../../events/camera.ts'
import { CAPTURE_CLOCKS, type CaptureClock } from '../../events/frame.ts'
import type { StreamOpened } from '../../ports/video.ts'
import type { ReadRequest } from './reading/sink.ts'

export type ToChild =
  | { readonly kind: 'open'; readonly stream: number; readonly request: ReadRequest }
  | { readonly kind: 'close'; readonly stream: number }

export type FromChild =
  | { readonly kind: 'alive' }
  /** Pixels can be fetched at this socket. */
  | { readonly kind: 'listening' }
  | { readonly kind: 'opened'; readonly stream: number; readonly opened: StreamOpened }
  | { readonly kind: 'closed'; readonly stream: number; readonly reason: OfflineReason; readonly detail: string }

/** Over the pixel socket come a header and the pixels of one frame after another. */
export const HEADER_BYTES = 32

export interface FrameHeader {
  readonly stream: number
  readonly width: number
  readonly height: number
  readonly capturedAt: number
  readonly clock: CaptureClock
  /** Bytes of pixels that follow. */
  readonly bytes: number
}

export function writeHeader({ stream, width, height, capturedAt, clock, bytes }: FrameHeader): Buffer {
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUInt32LE(stream, 0)
  header.writeUInt32LE(width, 4)
  header.writeUInt32LE(height, 8)
  header.writeUInt32LE(bytes, 12)
  header.writeDoubleLE(capturedAt, 16)
  header.writeUInt32LE(CAPTURE_CLOCKS.indexOf(clock), 24)
  return header
}

export function readHeader(header: Buffer): FrameHeader {
  return {
    stream: header.readUInt32LE(0),
    width: header.readUInt32LE(4),
    height: header.readUInt32LE(8),
    bytes: header.readUInt32LE(12),
    capturedAt: header.readDoubleLE(16),
    clock: CAPTURE_CLOCKS[header.readUInt32LE(24)]!,
  }
}
