import { AV_CODEC_ID_H264, AV_PIX_FMT_YUV420P } from 'node-av/constants'
import { Codec, CodecContext, Dictionary, FormatContext, Frame, Packet } from 'node-av/lib'

export interface ClipOptions {
  readonly path: string
  readonly width: number
  readonly height: number
  readonly fps: number
  readonly seconds: number
  /** Of the muxer, such as those of HLS; its format follows from the path's ending. */
  readonly muxer?: Record<string, string>
  readonly format?: string
}

/** Writes H.264 video of a bright square that wanders over a ramp: made here, so that tests need no footage. */
export function makeClip({ path, width, height, fps, seconds, muxer = {}, format }: ClipOptions): void {
  const codec = Codec.findEncoder(AV_CODEC_ID_H264)!
  const encoder = new CodecContext()
  encoder.allocContext3(codec)
  Object.assign(encoder, {
    width,
    height,
    pixelFormat: AV_PIX_FMT_YUV420P,
    gopSize: fps,
    maxBFrames: 0,
    threadCount: 1,
  })
  encoder.timeBase = { num: 1, den: fps } as never
  encoder.framerate = { num: fps, den: 1 } as never
  encoder.setOption('preset', 'ultrafast')
  const output = new FormatContext()
  output.allocOutputContext2(null, format ?? null, path)
  encoder.open2Sync(codec, null)
  const stream = output.newStream(codec)
  stream.codecpar.fromContext(encoder)
  stream.timeBase = { num: 1, den: fps } as never
  if (!format) output.openOutputSync()
  output.writeHeaderSync(Object.keys(muxer).length > 0 ? Dictionary.fromObject(muxer) : null)
  const frame = new Frame()
  frame.alloc()
  Object.assign(frame, { width, height, format: AV_PIX_FMT_YUV420P })
  frame.getBuffer(0)
  const packet = new Packet()
  packet.alloc()
  const drain = (): void => {
    while (encoder.receivePacketSync(packet) >= 0) {
      packet.streamIndex = stream.index
      packet.rescaleTs({ num: 1, den: fps }, stream.timeBase)
      output.interleavedWriteFrameSync(packet)
      packet.unref()
    }
  }
  for (let n = 0; n < fps * seconds; n++) {
    frame.makeWritable()
    draw(frame, n)
    frame.pts = BigInt(n)
    encoder.sendFrameSync(frame)
    drain()
  }
  encoder.sendFrameSync(null)
  drain()
  output.writeTrailerSync()
  if (!format) output.closeOutputSync()
}

function draw(frame: Frame, n: number): void {
  const [y, u, v] = frame.data!
  const stride = frame.linesize[0]!
  for (let row = 0; row < frame.height; row++)
    for (let column = 0; column < frame.width; column++) y![row * stride + column] = 40 + ((row + column) % 100)
  u!.fill(128)
  v!.fill(128)
  const left = (n * 4) % Math.max(1, frame.width - 32)
  for (let row = 8; row < Math.min(40, frame.height); row++) y!.fill(220, row * stride + left, row * stride + left + 32)
}
