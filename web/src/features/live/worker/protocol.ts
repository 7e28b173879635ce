/** The live protocol, version 2: docs/live-protocol.md. */
export interface PictureHeader {
  readonly type: 'frame'
  readonly camera: string
  readonly frame: string
  /** µs since the epoch. */
  readonly capturedAt: number
  readonly width: number
  readonly height: number
  readonly boxes: readonly LiveBox[]
  /** What was written beside the JPEG when it was captured; `frame` and `capturedAt` above are what the boxes say. */
  readonly picture: { readonly frame: string; readonly capturedAt: number }
}

/** H.264 of the camera in focus; the packet follows. */
export interface PacketHeader {
  readonly type: 'packet'
  readonly camera: string
  /** Of a key frame. */
  readonly codec?: string
  /** µs since the epoch. */
  readonly capturedAt: number
  readonly width: number
  readonly height: number
}

/** Whether the boxes are of another frame than the picture in the same message. */
export function isSkewed({ frame, capturedAt, picture }: PictureHeader): boolean {
  return picture.frame !== frame || picture.capturedAt !== capturedAt
}

export interface LiveBox {
  readonly class: string
  readonly score: number
  readonly trackId?: string
  readonly box: readonly [number, number, number, number]
}

export interface CameraStateMessage {
  readonly type: 'camera'
  readonly camera: string
  readonly state: 'online' | 'offline'
  readonly reason?: string
}

interface Binary {
  readonly header: PictureHeader | PacketHeader
  /** The JPEG of a picture, or a packet. */
  readonly bytes: Uint8Array<ArrayBuffer>
}

export function readBinary(message: ArrayBuffer): Binary {
  const length = new DataView(message).getUint32(0, true)
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(message, 4, length)))
  return { header, bytes: new Uint8Array(message, 4 + length) }
}

/** From the page to the worker. */
export type ToWorker =
  | { readonly kind: 'start'; readonly url: string }
  | { readonly kind: 'attach'; readonly camera: string; readonly canvas: OffscreenCanvas }
  | { readonly kind: 'detach'; readonly camera: string }
  | { readonly kind: 'size'; readonly camera: string; readonly width: number; readonly height: number }
  | { readonly kind: 'visible'; readonly cameras: readonly string[] }
  /** The tile under the pointer, or the one that has the keyboard's focus. */
  | { readonly kind: 'hover'; readonly camera: string | undefined }
  /** What people have drawn on the pictures, by camera. */
  | { readonly kind: 'zones'; readonly zones: Readonly<Record<string, readonly Zone[]>> }
  | { readonly kind: 'overlay'; readonly overlay: Overlay }
  /** Plays its video, and keeps its last pictures to step through. */
  | { readonly kind: 'focus'; readonly camera: string }
  /** Its pictures come from a media server from now on, or no longer do. */
  | { readonly kind: 'stream'; readonly camera: string; readonly isOn: boolean }
  /** One of them; `capturedAt` in µs since the epoch. Answered with `took`. */
  | { readonly kind: 'streamed'; readonly camera: string; readonly frame: VideoFrame; readonly capturedAt: number }
  | { readonly kind: 'pause'; readonly camera: string; readonly isPaused: boolean }
  /** While paused: the picture so many after the one that is shown. */
  | { readonly kind: 'step'; readonly camera: string; readonly by: number }
  | { readonly kind: 'snapshot'; readonly camera: string; readonly withBoxes: boolean }

/** What is drawn over the pictures. */
export interface Overlay {
  readonly boxes: boolean
  /** Where each object has been in the last seconds. */
  readonly tracks: boolean
  readonly labels: boolean
  readonly confidence: boolean
  readonly zones: boolean
}

/** An area is closed, a line is not; points in shares of the picture. */
export interface Zone {
  readonly name: string
  readonly kind: 'AREA' | 'LINE'
  readonly points: readonly (readonly [x: number, y: number])[]
}

export interface TileStats {
  readonly fps: number
  /** Capture to painted, milliseconds; the clocks of server and browser must agree. */
  readonly p50: number
  readonly p95: number
  /** Each of those that `p50` and `p95` sum up, ascending. */
  readonly latencies: readonly number[]
  /** Pictures drawn with boxes of another frame. */
  readonly skewFrames: number
  readonly frame: string
  /** Of video: how much older than the picture its boxes are, ms, in the middle; undefined while the detector's pictures are shown. */
  readonly boxAge?: number
  /** The same: how far the detection is behind the video now, ms. */
  readonly lag?: number
  /** The same: whether it comes from a media server, which is seconds behind the camera. */
  readonly isStreamed?: boolean
}

/** From the worker to the page. */
export type FromWorker =
  | { readonly kind: 'stats'; readonly connected: boolean; readonly perCamera: Readonly<Record<string, TileStats>> }
  | { readonly kind: 'state'; readonly message: CameraStateMessage }
  /** There is room for another picture of the stream. */
  | { readonly kind: 'took' }
  /** The clock of the camera's stream is not that of its boxes. */
  | { readonly kind: 'misfit'; readonly camera: string }
  | { readonly kind: 'snapshot'; readonly name: string; readonly picture: Blob }
  /** A picture was shown while its camera was paused. */
  | { readonly kind: 'stepped'; readonly camera: string; readonly header: PictureHeader; readonly behind: number }
