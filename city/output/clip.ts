import {
  AV_CODEC_ID_H264,
  AV_PIX_FMT_RGBA,
  AV_PIX_FMT_YUV420P,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_SMPTE170M,
  SWS_BILINEAR,
} from 'node-av/constants'
import {
  Codec,
  CodecContext,
  Dictionary,
  FormatContext,
  Frame,
  Packet,
  SoftwareScaleContext,
  type Stream,
} from 'node-av/lib'
import { check } from './check.ts'

export interface ClipForm {
  readonly width: number
  readonly height: number
  readonly fps: number
}

/** x264's constant rate factor: no blocks to be seen, about 350 kb/s for a street. */
const QUALITY = '27'

/** Writes H.264 into MP4: yuv420p, no B-frames, a key frame every second, so that it starts and loops at once. */
export class ClipWriter {
  readonly #form: ClipForm
  readonly #encoder = new CodecContext()
  readonly #output = new FormatContext()
  readonly #stream: Stream
  readonly #scaler = new SoftwareScaleContext()
  readonly #frame = new Frame()
  readonly #packet = new Packet()
  #frames = 0

  constructor(path: string, form: ClipForm) {
    this.#form = form
    const { width, height } = form
    this.#openEncoder()
    this.#output.allocOutputContext2(null, 'mp4', path)
    this.#stream = this.#output.newStream(Codec.findEncoder(AV_CODEC_ID_H264)!)
    this.#stream.codecpar.fromContext(this.#encoder)
    this.#stream.timeBase = { num: 1, den: form.fps } as never
    check(this.#output.openOutputSync(), `Opening ${path}`)
    check(this.#output.writeHeaderSync(Dictionary.fromObject({ movflags: '+faststart' })), `Writing ${path}`)
    this.#scaler.getContext(width, height, AV_PIX_FMT_RGBA, width, height, AV_PIX_FMT_YUV420P, SWS_BILINEAR)
    this.#frame.alloc()
    Object.assign(this.#frame, { width, height, format: AV_PIX_FMT_YUV420P })
    check(this.#frame.getBuffer(0), 'Opening the video encoder')
    this.#packet.alloc()
  }

  #openEncoder(): void {
    const { width, height, fps } = this.#form
    const codec = Codec.findEncoder(AV_CODEC_ID_H264)!
    this.#encoder.allocContext3(codec)
    const colour = { colorRange: AVCOL_RANGE_MPEG, colorSpace: AVCOL_SPC_SMPTE170M, pixelFormat: AV_PIX_FMT_YUV420P }
    Object.assign(this.#encoder, { width, height, ...colour, gopSize: fps, maxBFrames: 0, threadCount: 1 })
    this.#encoder.timeBase = { num: 1, den: fps } as never
    this.#encoder.framerate = { num: fps, den: 1 } as never
    this.#encoder.setOption('preset', 'slow')
    this.#encoder.setOption('crf', QUALITY)
    check(this.#encoder.open2Sync(codec, null), 'Opening the video encoder')
  }

  /** RGBA rows from the top. */
  write(pixels: Buffer): void {
    const { width, height } = this.#form
    check(this.#frame.makeWritable(), 'Writing a frame')
    check(
      this.#scaler.scaleSync([pixels], [width * 4], 0, height, this.#frame.data!, this.#frame.linesize),
      'Writing a frame',
    )
    this.#frame.pts = BigInt(this.#frames++)
    check(this.#encoder.sendFrameSync(this.#frame), 'Writing a frame')
    this.#drain()
  }

  close(): void {
    this.#encoder.sendFrameSync(null)
    this.#drain()
    check(this.#output.writeTrailerSync(), 'Closing the clip')
    this.#output.closeOutputSync()
    this.#encoder.freeContext()
    this.#scaler.freeContext()
  }

  #drain(): void {
    while (this.#encoder.receivePacketSync(this.#packet) >= 0) {
      this.#packet.streamIndex = this.#stream.index
      this.#packet.rescaleTs({ num: 1, den: this.#form.fps } as never, this.#stream.timeBase)
      this.#packet.duration = BigInt(Math.round(this.#stream.timeBase.den / this.#stream.timeBase.num / this.#form.fps))
      check(this.#output.interleavedWriteFrameSync(this.#packet), 'Writing a frame')
      this.#packet.unref()
    }
  }
}
