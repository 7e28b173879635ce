/** The live protocol, version 1: docs/live-protocol.md. */
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

export function readPicture(message: ArrayBuffer): { header: PictureHeader; jpeg: Uint8Array<ArrayBuffer> } {
  const length = new DataView(message).getUint32(0, true)
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(message, 4, length))) as PictureHeader
  return { header, jpeg: new Uint8Array(message, 4 + length) }
}

/** From the page to the worker. */
export type ToWorker =
  | { readonly kind: 'start'; readonly url: string }
  | { readonly kind: 'attach'; readonly camera: string; readonly canvas: OffscreenCanvas }
  | { readonly kind: 'detach'; readonly camera: string }
  | { readonly kind: 'size'; readonly camera: string; readonly width: number; readonly height: number }
  | { readonly kind: 'visible'; readonly cameras: readonly string[] }
  | { readonly kind: 'overlay'; readonly overlay: Overlay }
  /** Keeps the last pictures of the camera, to step through. */
  | { readonly kind: 'record'; readonly camera: string }
  | { readonly kind: 'pause'; readonly camera: string; readonly isPaused: boolean }
  /** While paused: the picture so many after the one that is shown. */
  | { readonly kind: 'step'; readonly camera: string; readonly by: number }
  | { readonly kind: 'snapshot'; readonly camera: string }

/** What is drawn over the pictures. */
export interface Overlay {
  readonly boxes: boolean
  /** Where each object has been in the last seconds. */
  readonly tracks: boolean
  readonly labels: boolean
  readonly confidence: boolean
}

export interface TileStats {
  readonly fps: number
  /** Capture to painted, milliseconds; the clocks of server and browser must agree. */
  readonly p50: number
  readonly p95: number
  /** Pictures drawn with boxes of another frame. */
  readonly skewFrames: number
  readonly frame: string
}

/** From the worker to the page. */
export type FromWorker =
  | { readonly kind: 'stats'; readonly connected: boolean; readonly perCamera: Readonly<Record<string, TileStats>> }
  | { readonly kind: 'state'; readonly message: CameraStateMessage }
  /** The picture that is shown, with what is drawn over it. */
  | { readonly kind: 'snapshot'; readonly camera: string; readonly frame: string; readonly picture: Blob }
  /** A picture was shown while its camera was paused. */
  | { readonly kind: 'stepped'; readonly camera: string; readonly header: PictureHeader; readonly behind: number }
