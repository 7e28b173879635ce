import {
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV422P,
  AV_PIX_FMT_YUV440P,
  AV_PIX_FMT_YUV444P,
  AV_PIX_FMT_YUVJ420P,
  AV_PIX_FMT_YUVJ422P,
  AV_PIX_FMT_YUVJ440P,
  AV_PIX_FMT_YUVJ444P,
  type AVPixelFormat,
} from 'node-av/constants'

/** Full-range formats, as JPEG has them, and those of the same layout that say nothing of their range. */
const PLAIN = new Map<AVPixelFormat, AVPixelFormat>([
  [AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUV420P],
  [AV_PIX_FMT_YUVJ422P, AV_PIX_FMT_YUV422P],
  [AV_PIX_FMT_YUVJ440P, AV_PIX_FMT_YUV440P],
  [AV_PIX_FMT_YUVJ444P, AV_PIX_FMT_YUV444P],
])

/** The same layout of planes without its range, or undefined where the range is limited already. */
export function withoutFullRange(format: AVPixelFormat): AVPixelFormat | undefined {
  return PLAIN.get(format)
}

/** ITU-R BT.601: 0–255 to 16–235 for luma, to 16–240 around 128 for colour. */
const LUMA = tableOf((value) => 16 + (value * 219) / 255)
const COLOUR = tableOf((value) => 128 + ((value - 128) * 224) / 255)

/** Full to limited range, in place. swscale's own conversion leaves colour 0.4 levels too high, which moves small boxes. */
export function limitRange([luma, ...colours]: readonly Buffer[]): void {
  apply(LUMA, luma!)
  for (const plane of colours) apply(COLOUR, plane)
}

interface Table {
  readonly bytes: Uint8Array
  /** Of two bytes at once, which takes half the time. */
  readonly pairs: Uint16Array
}

function tableOf(limited: (value: number) => number): Table {
  const bytes = Uint8Array.from({ length: 256 }, (_, value) => Math.round(limited(value)))
  return {
    bytes,
    pairs: Uint16Array.from({ length: 65_536 }, (_, pair) => bytes[pair & 255]! | (bytes[pair >> 8]! << 8)),
  }
}

function apply({ bytes, pairs }: Table, plane: Buffer): void {
  const start = plane.byteOffset & 1
  const words = new Uint16Array(plane.buffer, plane.byteOffset + start, (plane.length - start) >> 1)
  for (let at = 0; at < words.length; at++) words[at] = pairs[words[at]!]!
  const end = start + words.length * 2
  for (let at = 0; at < start; at++) plane[at] = bytes[plane[at]!]!
  for (let at = end; at < plane.length; at++) plane[at] = bytes[plane[at]!]!
}
