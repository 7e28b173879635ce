import type { CodecParameters, Packet } from 'node-av/lib'
import type { CaptureClock } from '../../../events/frame.ts'
import { AnnexB } from './h264.ts'
import type { Sink } from './sink.ts'

/** Packets whose pictures are still in the decoder; of one that was damaged no picture ever comes. */
const MAX_PENDING = 64

/**
 * Hands on the packets of an H.264 stream before they are decoded. A picture was captured when its packet came, so that the
 * detector's frame and the packet bear the same time to the microsecond.
 */
export class PacketTap {
  readonly #parameters: CodecParameters
  readonly #sink: Sink
  readonly #times = new Map<bigint, [number, CaptureClock]>()
  #annexB: AnnexB | undefined
  #last = 0

  private constructor(parameters: CodecParameters, sink: Sink) {
    this.#parameters = parameters
    this.#sink = sink
  }

  /** Undefined for pictures that come in another order than they are shown in: their packets' times would not rise. */
  static of(parameters: CodecParameters, sink: Sink): PacketTap | undefined {
    return parameters.videoDelay > 0 ? undefined : new PacketTap(parameters, sink)
  }

  see(packet: Packet, [time, clock]: [number, CaptureClock]): void {
    const capturedAt = Math.max(time, this.#last + 1)
    this.#last = capturedAt
    this.#times.set(packet.pts, [capturedAt, clock])
    if (this.#times.size > MAX_PENDING) this.#times.delete(this.#times.keys().next().value!)
    if (this.#sink.isFollowed && packet.data) this.#handOn(packet.data, capturedAt)
  }

  /** When the picture with this presentation time was captured, µs since the epoch; undefined when no packet told. */
  timeOf(pts: bigint): [number, CaptureClock] | undefined {
    const time = this.#times.get(pts)
    this.#times.delete(pts)
    return time
  }

  #handOn(data: Buffer, capturedAt: number): void {
    const { width, height, extradata } = this.#parameters
    this.#annexB ??= new AnnexB(extradata)
    const packet = this.#annexB.packet(data)
    if (packet) this.#sink.packet({ ...packet, width, height, capturedAt })
  }
}
