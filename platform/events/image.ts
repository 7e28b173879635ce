/** Decoded pixels, planar YUV 4:2:0 (`yuv420p`): Y, then U, then V, without row padding; colour range limited (16–235). */
export interface Pixels {
  readonly width: number
  readonly height: number
  /** width·height + 2·⌈width/2⌉·⌈height/2⌉ bytes; shared, so that a worker thread reads it without a copy. */
  readonly data: SharedArrayBuffer
}

/** Pixels that a thread or a decoder reads meanwhile: their memory is used again only after they are given back. */
export interface PixelLoan {
  readonly pixels: Pixels
  giveBack(): void
}

/**
 * One picture in its two forms. On a wire it is the JPEG; inside one process the decoded pixels travel along, so that a
 * picture is decoded once and encoded at most once, when somebody first asks for the JPEG.
 */
export interface FrameImage {
  readonly width: number
  readonly height: number
  /** What it holds in memory now. */
  readonly byteLength: number
  /** @throws SentinelError `PICTURE_UNDECODABLE`, or `PICTURE_EXPIRED` when its pixels are gone and nobody had asked before. */
  jpeg(): Promise<Uint8Array>
  /** The decoded pixels, if they are at hand. */
  lend(): PixelLoan | undefined
  /** Its owner, the log, has dropped it: from now on its pixels' memory serves another picture. */
  release(): void
}

export function isFrameImage(value: unknown): value is FrameImage {
  return typeof value === 'object' && value !== null && typeof (value as FrameImage).jpeg === 'function'
}

/** A picture that arrived as JPEG, as every frame does that crossed a wire. */
export function jpegImage(bytes: Uint8Array, width: number, height: number): FrameImage {
  return { width, height, byteLength: bytes.byteLength, jpeg: async () => bytes, lend: () => undefined, release() {} }
}
