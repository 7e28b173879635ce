import type { CaptureClock } from '../../../events/frame.ts'
import type { Pixels } from '../../../events/image.ts'
import type { StreamOpened } from '../../../ports/video.ts'

/** Where a reader puts what it reads. */
export interface Sink {
  opened(stream: StreamOpened): void
  /** Memory for the pixels of the next frame. */
  buffer(bytes: number): SharedArrayBuffer
  /** The pixels are the sink's from then on. @param capturedAt µs since the epoch. */
  frame(pixels: Pixels, capturedAt: number, clock: CaptureClock): void
  /** Whether the last frames have gone out; while not, new ones are better dropped before they are scaled. */
  readonly isReady: boolean
  /** Whether somebody wants the packets too. */
  readonly isFollowed: boolean
  packet(packet: EncodedPacket): void
}

/** H.264 of one picture; see AnnexB. */
export interface EncodedPacket {
  readonly data: Buffer
  readonly isKey: boolean
  readonly width: number
  readonly height: number
  /** µs since the epoch: that of the frame which is decoded from it. */
  readonly capturedAt: number
}

export interface ReadRequest {
  readonly url: string
  readonly loop: boolean
  readonly fps: number
  readonly maxWidth: number
  /** CIDR ranges that cameras may be in; empty for any but cloud metadata services. */
  readonly networks: readonly string[]
}

/** µs since the epoch. */
export function nowMicros(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000)
}
