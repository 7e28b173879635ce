import {
  AV_CODEC_FLAG_QSCALE,
  AV_CODEC_ID_MJPEG,
  AV_LOG_QUIET,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUVJ420P,
  AVCOL_RANGE_JPEG,
  type AVPixelFormat,
  SWS_BILINEAR,
} from 'node-av/constants'
import { Codec, CodecContext, FFmpegError, Frame, Log, Packet, SoftwareScaleContext } from 'node-av/lib'
import { SentinelError } from '../../errors.ts'
import type { Pixels } from '../../events/image.ts'
import { limitRange, withoutFullRange } from './colour-range.ts'
import { jpegSize } from './jpeg-header.ts'

/** FFmpeg's own messages may hold URLs with credentials; what matters comes back as error codes. */
Log.setLevel(AV_LOG_QUIET)

/** FFmpeg's quantiser scale, 2 (best) to 31: 4 is about quality 80, 14 KB for a 768×432 road. */
const JPEG_QUANTISER = 4
const FF_QP2LAMBDA = 118
const MAX_MEGAPIXELS = 50

export interface Planes {
  readonly data: Buffer[]
  readonly strides: number[]
}

export function pixelBytes(width: number, height: number): number {
  return width * height + 2 * chroma(width) * chroma(height)
}

const chroma = (size: number): number => (size + 1) >> 1

/** Views of the three planes, without a copy. */
export function planesOf({ width, height, data }: Pixels): Planes {
  const luma = width * height
  const colour = chroma(width) * chroma(height)
  return {
    data: [Buffer.from(data, 0, luma), Buffer.from(data, luma, colour), Buffer.from(data, luma + colour, colour)],
    strides: [width, chroma(width), chroma(width)],
  }
}

export function check(code: number, what: string): number {
  if (code < 0) {
    throw new SentinelError('PICTURE_UNDECODABLE', `${what} failed: ${new FFmpegError(code).message}`)
  }
  return code
}

/** One conversion between two picture forms; it is set up again when either changes. */
export class Scaler {
  #context: SoftwareScaleContext | undefined
  #shape = ''

  run(source: Planes & Shape, target: Planes & Shape): void {
    const shape = [source, target].map(({ width, height, format }) => `${width}x${height}/${format}`).join(' ')
    if (shape !== this.#shape) this.#setUp(source, target, shape)
    check(
      this.#context!.scaleSync(source.data, source.strides, 0, source.height, target.data, target.strides),
      'Scaling',
    )
  }

  #setUp(source: Shape, target: Shape, shape: string): void {
    this.close()
    this.#context = new SoftwareScaleContext()
    this.#context.getContext(
      source.width,
      source.height,
      source.format,
      target.width,
      target.height,
      target.format,
      SWS_BILINEAR,
    )
    this.#shape = shape
  }

  close(): void {
    this.#context?.freeContext()
    this.#context = undefined
    this.#shape = ''
  }
}

export interface Shape {
  readonly width: number
  readonly height: number
  readonly format: AVPixelFormat
}

/** Writes decoded pictures of one size after another as baseline JPEG, 4:2:0, full range. */
export class JpegEncoder {
  readonly #scaler = new Scaler()
  readonly #packet = new Packet()
  #context: CodecContext | undefined
  #frame: Frame | undefined

  constructor() {
    this.#packet.alloc()
  }

  encode(pixels: Pixels): Buffer {
    const { width, height } = pixels
    if (this.#frame?.width !== width || this.#frame.height !== height) this.#setUp(width, height)
    const frame = this.#frame!
    check(frame.makeWritable(), 'Writing a JPEG')
    this.#scaler.run(
      { ...planesOf(pixels), width, height, format: AV_PIX_FMT_YUV420P },
      { data: frame.data!, strides: frame.linesize, width, height, format: AV_PIX_FMT_YUVJ420P },
    )
    frame.quality = FF_QP2LAMBDA * JPEG_QUANTISER
    check(this.#context!.sendFrameSync(frame), 'Writing a JPEG')
    check(this.#context!.receivePacketSync(this.#packet), 'Writing a JPEG')
    const bytes = Buffer.from(this.#packet.data!)
    this.#packet.unref()
    return bytes
  }

  #setUp(width: number, height: number): void {
    this.#context?.freeContext()
    this.#frame?.free()
    const codec = Codec.findEncoder(AV_CODEC_ID_MJPEG)!
    const context = new CodecContext()
    context.allocContext3(codec)
    Object.assign(context, {
      width,
      height,
      pixelFormat: AV_PIX_FMT_YUVJ420P,
      colorRange: AVCOL_RANGE_JPEG,
      threadCount: 1,
    })
    context.timeBase = { num: 1, den: 25 } as never
    context.setFlags(AV_CODEC_FLAG_QSCALE)
    context.globalQuality = FF_QP2LAMBDA * JPEG_QUANTISER
    check(context.open2Sync(codec, null), 'Writing a JPEG')
    const frame = new Frame()
    frame.alloc()
    Object.assign(frame, { width, height, format: AV_PIX_FMT_YUVJ420P, colorRange: AVCOL_RANGE_JPEG })
    check(frame.getBuffer(0), 'Writing a JPEG')
    this.#context = context
    this.#frame = frame
  }
}

/** Reads JPEG into limited-range yuv420p. */
export class JpegDecoder {
  readonly #scaler = new Scaler()
  readonly #context = new CodecContext()
  readonly #packet = new Packet()
  readonly #frame = new Frame()

  constructor() {
    const codec = Codec.findDecoder(AV_CODEC_ID_MJPEG)!
    this.#context.allocContext3(codec)
    this.#context.threadCount = 1
    // Only the first frame header is looked at before: another one behind it must not take memory either.
    this.#context.setOption('max_pixels', String(MAX_MEGAPIXELS * 1e6))
    check(this.#context.open2Sync(codec, null), 'Reading a JPEG')
    this.#packet.alloc()
    this.#frame.alloc()
  }

  /** @throws SentinelError `PICTURE_UNDECODABLE`, for a picture of more than 50 megapixels before it is decoded. */
  decode(bytes: Uint8Array, maxWidth = Number.POSITIVE_INFINITY): Pixels {
    const size = jpegSize(bytes)
    if (size.width * size.height > MAX_MEGAPIXELS * 1e6) {
      throw new SentinelError(
        'PICTURE_UNDECODABLE',
        `A picture of ${size.width}×${size.height} is refused: ${MAX_MEGAPIXELS} megapixels are the most`,
      )
    }
    this.#packet.data = Buffer.from(bytes)
    try {
      check(this.#context.sendPacketSync(this.#packet), 'Reading a JPEG')
      check(this.#context.receiveFrameSync(this.#frame), 'Reading a JPEG')
      return toPixels(this.#frame, this.#scaler, maxWidth)
    } finally {
      this.#frame.unref()
      this.#packet.unref()
    }
  }
}

/** A decoded frame of any form as yuv420p pixels, scaled down to `maxWidth` where it is wider. */
export function toPixels(
  frame: Frame,
  scaler: Scaler,
  maxWidth = Number.POSITIVE_INFINITY,
  allocate = (bytes: number): SharedArrayBuffer => new SharedArrayBuffer(bytes),
): Pixels {
  const { width, height } = fitted(frame.width, frame.height, maxWidth)
  const pixels = { width, height, data: allocate(pixelBytes(width, height)) }
  intoPlanes(frame, scaler, planesOf(pixels), width, height)
  return pixels
}

function intoPlanes(frame: Frame, scaler: Scaler, target: Planes, width: number, height: number): void {
  const source = { data: frame.data!, strides: frame.linesize }
  const isSame = frame.format === AV_PIX_FMT_YUV420P && frame.width === width && frame.height === height
  if (isSame) {
    copyPlanes(source, target, height)
    return
  }
  const plain = withoutFullRange(frame.format as AVPixelFormat)
  const shape = { width: frame.width, height: frame.height, format: plain ?? (frame.format as AVPixelFormat) }
  scaler.run({ ...source, ...shape }, { ...target, width, height, format: AV_PIX_FMT_YUV420P })
  if (plain !== undefined) limitRange(target.data)
}

/** Nothing to convert: rows are copied, or whole planes where their rows lie as close. */
function copyPlanes(source: Planes, target: Planes, height: number): void {
  for (const [plane, to] of target.data.entries()) {
    const from = source.data[plane]!
    const [stride, width] = [source.strides[plane]!, target.strides[plane]!]
    const rows = plane === 0 ? height : chroma(height)
    if (stride === width) to.set(from.subarray(0, rows * width))
    else for (let row = 0; row < rows; row++) to.set(from.subarray(row * stride, row * stride + width), row * width)
  }
}

/** Keeps the shape; a scaled picture has even sizes. */
export function fitted(width: number, height: number, maxWidth: number): { width: number; height: number } {
  if (width <= maxWidth) return { width, height }
  const even = (size: number): number => Math.max(2, 2 * Math.round(size / 2))
  return { width: even(maxWidth), height: even((height * maxWidth) / width) }
}
