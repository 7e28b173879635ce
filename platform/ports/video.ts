import type { OfflineReason } from '../events/camera.ts'
import type { CaptureClock } from '../events/frame.ts'
import type { FrameImage } from '../events/image.ts'

export interface CapturedFrame {
  readonly image: FrameImage
  /** µs since the epoch, UTC; strictly rising within one stream. */
  readonly capturedAt: number
  readonly captureClock: CaptureClock
}

/** Sent again when a stream that was open changes its size. */
export interface StreamOpened {
  readonly width: number
  readonly height: number
  readonly fps: number | null
  readonly codec: string
}

export type StreamEvent =
  | ({ readonly kind: 'opened' } & StreamOpened)
  | ({ readonly kind: 'frame' } & CapturedFrame)
  | { readonly kind: 'closed'; readonly reason: OfflineReason; readonly detail: string }

export interface StreamRequest {
  /** `rtsp`, `rtsps`, `http`, `https` URL with its credentials, or `file:` URL; `?loop` semantics lie in `loop`. */
  readonly url: string
  readonly loop: boolean
  /** Frames a second wanted; the source may give fewer. */
  readonly fps: number
  /** Larger pictures are scaled down to this width, in pixels. */
  readonly maxWidth: number
  /** Whose source it is: under this id its packets can be followed. */
  readonly camera?: string
}

/** H.264 of one picture, units behind start codes (Annex B); a key frame has its parameter sets before it. */
export interface VideoPacket {
  /** Of a key frame: the codec as RFC 6381 writes it, such as `avc1.640016`. A packet without it builds on those before it. */
  readonly codec: string | undefined
  readonly data: Buffer
  readonly width: number
  readonly height: number
  /** µs since the epoch: that of the frame which is decoded from it. */
  readonly capturedAt: number
}

/** The packets of sources that are open anyway, copied as they come: nothing is opened, decoded or encoded for it. */
export interface VideoPackets {
  /**
   * Hears the packets of a camera whenever its source is open, each time from a key frame on, until the returned function is
   * called. Nothing comes of sources that are no H.264, or whose pictures come in another order than they are shown in.
   */
  follow(camera: string, listener: (packet: VideoPacket) => void): () => void
}

/** Opens camera sources. One source that hangs, lies, crashes its decoder or sends garbage never disturbs another. */
export interface Video {
  /** One attempt: ends with exactly one `closed`, whatever happens; never throws. Aborting `signal` closes with `released`. */
  open(request: StreamRequest, signal: AbortSignal): AsyncIterable<StreamEvent>
  /** Whether sources can be opened now. @throws SentinelError `VIDEO_UNAVAILABLE` */
  check(): Promise<void>
  close(): Promise<void>
}
