import { AV_CODEC_ID_H264, AVERROR_EAGAIN, AVERROR_EOF } from 'node-av/constants'
import { Codec, CodecContext, Frame, type Packet, type Stream } from 'node-av/lib'
import { Scaler, toPixels } from '../../pictures/codec.ts'
import { checked, StreamFailure } from './failure.ts'
import { PacketTap } from './packet-tap.ts'
import { Selection } from './selection.ts'
import type { ReadRequest, Sink } from './sink.ts'

const MAX_PIXELS = 50_000_000
/** A source is given up when it sends this much, for so long, and no picture comes out. */
const MOST_PACKETS_IN_VAIN = 50
const MOST_MS_IN_VAIN = 15_000

export interface Timing {
  /** Of a decoded frame, µs since the epoch, and by which clock. */
  of(seconds: number): Parameters<Sink['frame']> extends [unknown, ...infer Rest] ? Rest : never
}

/** Decodes one video stream, and scales and hands over only the frames that are wanted. */
export class Decoding {
  readonly #request: ReadRequest
  readonly #sink: Sink
  readonly #selection: Selection
  readonly #scaler = new Scaler()
  readonly #frame = new Frame()
  readonly #context = new CodecContext()
  readonly #codec: string
  readonly #timeBase: number
  readonly #sourceFps: number | null
  readonly #tap: PacketTap | undefined
  #size = ''
  #pictures = 0
  #packetsInVain = 0
  #lastPicture = performance.now()

  constructor(stream: Stream, request: ReadRequest, sink: Sink, selection = new Selection(request.fps)) {
    const { codecpar, timeBase, avgFrameRate } = stream
    const codec = Codec.findDecoder(codecpar.codecId)
    if (!codec) throw new StreamFailure('not-video', 'Its video format is unknown')
    this.#request = request
    this.#sink = sink
    this.#selection = selection
    this.#tap = codecpar.codecId === AV_CODEC_ID_H264 ? PacketTap.of(codecpar, sink) : undefined
    this.#codec = codec.name ?? 'unknown'
    this.#timeBase = timeBase.num / timeBase.den
    const fps = avgFrameRate.num / avgFrameRate.den
    this.#sourceFps = Number.isFinite(fps) && fps > 0 ? fps : null
    this.#context.allocContext3(codec)
    checked(this.#context.parametersToContext(codecpar), 'Opening the decoder')
    this.#context.threadCount = 1
    // Refused before memory is taken for it.
    this.#context.setOption('max_pixels', String(MAX_PIXELS))
    this.#frame.alloc()
    this.#skipSome()
    checked(this.#context.open2Sync(codec, null), 'Opening the decoder')
  }

  /** Frames that no other frame needs are not even decoded where at most every second one is wanted. */
  #skipSome(): void {
    const isSparse = this.#sourceFps !== null && this.#request.fps * 2 <= this.#sourceFps
    // As an option of the context: a dictionary handed to open2 is freed twice (node-av 6.1.1).
    if (isSparse) this.#context.setOption('skip_frame', 'noref')
  }

  /** How many came out so far, taken or not. */
  get pictures(): number {
    return this.#pictures
  }

  /** Damaged packets are passed over; a null packet drains what is left. @throws StreamFailure when all are damaged. */
  push(packet: Packet | null, timing: Timing): void {
    if (packet) this.#tap?.see(packet, timing.of(Number(packet.pts) * this.#timeBase))
    if (packet && this.#selection.skips(Number(packet.pts) * this.#timeBase, packet.isKeyframe)) return
    this.#packetsInVain++
    this.#decode(packet, timing)
    if (this.#packetsInVain > MOST_PACKETS_IN_VAIN && performance.now() - this.#lastPicture > MOST_MS_IN_VAIN)
      throw new StreamFailure('not-video', 'Its pictures cannot be decoded')
  }

  #decode(packet: Packet | null, timing: Timing): void {
    const sent = this.#context.sendPacketSync(packet)
    if (sent < 0 && sent !== AVERROR_EAGAIN && sent !== AVERROR_EOF) return
    while (this.#context.receiveFrameSync(this.#frame) >= 0) {
      this.#take(timing)
      this.#frame.unref()
    }
  }

  #take(timing: Timing): void {
    const frame = this.#frame
    this.#pictures++
    this.#packetsInVain = 0
    this.#lastPicture = performance.now()
    this.#announce(frame)
    const seconds = Number(frame.bestEffortTimestamp) * this.#timeBase
    if (!this.#selection.takes(seconds) || !this.#sink.isReady) return
    this.#sink.frame(
      toPixels(frame, this.#scaler, this.#request.maxWidth, (bytes) => this.#sink.buffer(bytes)),
      ...(this.#tap?.timeOf(frame.pts) ?? timing.of(seconds)),
    )
  }

  #announce({ width, height }: Frame): void {
    const size = `${width}x${height}`
    if (size === this.#size) return
    this.#size = size
    this.#sink.opened({ width, height, fps: this.#sourceFps, codec: this.#codec })
  }

  close(): void {
    this.#context.freeContext()
    this.#frame.free()
    this.#scaler.close()
  }
}
