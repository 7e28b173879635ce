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
const LUMA = Uint8Array.from({ length: 256 }, (_, value) => Math.round(16 + (value * 219) / 255))
const COLOUR = Uint8Array.from({ length: 256 }, (_, value) => Math.round(128 + ((value - 128) * 224) / 255))

/** Full to limited range, in place. swscale's own conversion leaves colour 0.4 levels too high, which moves small boxes. */
export function limitRange([luma, ...colours]: readonly Buffer[]): void {
  apply(LUMA, luma!)
  for (const plane of colours) apply(COLOUR, plane)
}

function apply(table: Uint8Array, plane: Buffer): void {
  for (let at = 0; at < plane.length; at++) plane[at] = table[plane[at]!]!
}
