import {
  AV_CODEC_FLAG_QSCALE,
  AV_CODEC_ID_MJPEG,
  AV_PIX_FMT_RGBA,
  AV_PIX_FMT_YUVJ420P,
  AVCOL_RANGE_JPEG,
  SWS_BILINEAR,
} from 'node-av/constants'
import { Codec, CodecContext, Frame, Packet, SoftwareScaleContext } from 'node-av/lib'
import { check } from './check.ts'

const FF_QP2LAMBDA = 118

/** Writes RGBA pictures of one size as baseline JPEG, 4:2:0. */
export class JpegWriter {
  readonly #context = new CodecContext()
  readonly #scaler = new SoftwareScaleContext()
  readonly #frame = new Frame()
  readonly #packet = new Packet()
  readonly #size: { readonly width: number; readonly height: number }

  constructor(width: number, height: number) {
    this.#size = { width, height }
    const codec = Codec.findEncoder(AV_CODEC_ID_MJPEG)!
    this.#context.allocContext3(codec)
    const format = { width, height, pixelFormat: AV_PIX_FMT_YUVJ420P, colorRange: AVCOL_RANGE_JPEG, threadCount: 1 }
    Object.assign(this.#context, format)
    this.#context.timeBase = { num: 1, den: 25 } as never
    this.#context.setFlags(AV_CODEC_FLAG_QSCALE)
    check(this.#context.open2Sync(codec, null), 'Opening the JPEG encoder')
    this.#scaler.getContext(width, height, AV_PIX_FMT_RGBA, width, height, AV_PIX_FMT_YUVJ420P, SWS_BILINEAR)
    this.#frame.alloc()
    Object.assign(this.#frame, { width, height, format: AV_PIX_FMT_YUVJ420P, colorRange: AVCOL_RANGE_JPEG })
    check(this.#frame.getBuffer(0), 'Opening the JPEG encoder')
    this.#packet.alloc()
  }

  /** `quantiser` from 2 (best) to 31. */
  write(pixels: Buffer, quantiser: number): Buffer {
    const { width, height } = this.#size
    const frame = this.#frame
    check(frame.makeWritable(), 'Writing a JPEG')
    check(this.#scaler.scaleSync([pixels], [width * 4], 0, height, frame.data!, frame.linesize), 'Writing a JPEG')
    frame.quality = FF_QP2LAMBDA * quantiser
    check(this.#context.sendFrameSync(frame), 'Writing a JPEG')
    check(this.#context.receivePacketSync(this.#packet), 'Writing a JPEG')
    const bytes = Buffer.from(this.#packet.data!)
    this.#packet.unref()
    return bytes
  }
}
