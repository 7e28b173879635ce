import { setTimeout as delay } from 'node:timers/promises'
import { AV_PKT_DATA_PRFT, AVERROR_EAGAIN, AVERROR_EOF, AVMEDIA_TYPE_VIDEO } from 'node-av/constants'
import { Dictionary, FormatContext, IOContext, Packet, type Stream } from 'node-av/lib'
import { Decoding, type Timing } from './decoding.ts'
import { checked, ffmpegFailure, StreamFailure } from './failure.ts'
import { nowMicros, type ReadRequest, type Sink } from './sink.ts'

const SILENCE_MS = 10_000
const WATCH_EVERY_MS = 500
/**
 * Containers that hold their pictures themselves. Playlists and descriptions that lead FFmpeg to other addresses or files are
 * none: every address is checked first.
 */
const CONTAINERS =
  'mov,matroska,webm,mpegts,mpeg,mpegvideo,avi,flv,mjpeg,h264,hevc,obu,ivf,asf,ogg,gif,mxf,m4v,jpeg_pipe,png_pipe'
/** A camera's clock is believed while its frames seem to arrive this soon after they were taken; others tell nothing. */
const MOST_TRANSIT_US = 1_500_000
const LEAST_TRANSIT_US = -100_000

/** What FFmpeg reads through: bytes of ours, or an address of ours. */
export interface Feed {
  readonly url: string
  readonly io?: IOContext
  /** What went wrong on the network, which FFmpeg tells as an input error only. */
  readonly failure: unknown
  /** A read that waits ends at once. */
  interrupt(): void
  close(): void
}

/** RTSP over TCP: pictures come when the camera takes them. */
export async function readLive(request: ReadRequest, sink: Sink, signal: AbortSignal, feed: Feed): Promise<void> {
  const options = {
    rtsp_transport: 'tcp',
    timeout: String(SILENCE_MS * 1000),
    analyzeduration: '2000000',
    fflags: 'nobuffer',
  }
  using input = new Input(signal)
  const stream = await input.open(feed, options)
  using decoding = disposable(new Decoding(stream, request, sink))
  const clock = new ArrivalClock()
  for await (const packet of input.packets()) {
    clock.see(packet)
    decoding.value.push(packet, clock)
  }
  if (!signal.aborted) throw new StreamFailure('unreachable', 'The camera ended the stream')
}

/** A file, played at its own pace as if it were live; a looped one goes on from its end to its beginning. */
export async function readFile(
  request: ReadRequest,
  sink: Sink,
  signal: AbortSignal,
  source: string | Feed,
): Promise<void> {
  const pace = new Pace()
  do {
    using input = new Input(signal)
    const stream = await input.open(source, { format_whitelist: CONTAINERS, protocol_whitelist: 'file' })
    using decoding = disposable(new Decoding(stream, request, sink))
    const first = pace.end
    for await (const packet of input.packets()) {
      const { timeBase } = stream
      const seconds = (Number(packet.dts) * timeBase.num) / timeBase.den
      if (Number.isFinite(seconds))
        await pace.until(seconds, Number(packet.duration) * (timeBase.num / timeBase.den), signal)
      decoding.value.push(packet, pace)
    }
    decoding.value.push(null, pace)
    if (decoding.value.pictures === 0 || pace.end <= first)
      throw new StreamFailure('not-video', 'There is no picture in it')
    pace.restart()
  } while (request.loop && !signal.aborted)
}

/** One demuxer, ended by `signal` or by silence even inside a blocking read. */
class Input implements Disposable {
  readonly #context = new FormatContext()
  readonly #packet = new Packet()
  readonly #signal: AbortSignal
  readonly #interrupt = (): void => {
    this.#context.interrupt()
    this.#feed?.interrupt()
  }
  /** When the read began that is still under way, ms. */
  #waitingSince: number | undefined
  readonly #watchdog = setInterval(() => this.#endSilence(), WATCH_EVERY_MS).unref()
  #isSilent = false
  #index = -1
  #feed: Feed | undefined

  constructor(signal: AbortSignal) {
    this.#signal = signal
    signal.addEventListener('abort', this.#interrupt)
    this.#context.allocContext()
    this.#packet.alloc()
  }

  /** @param source a path of this machine, or a feed, which is closed with this. */
  async open(source: string | Feed, options: Record<string, string>): Promise<Stream> {
    const url = typeof source === 'string' ? source : source.url
    this.#feed = typeof source === 'string' ? undefined : source
    if (this.#feed?.io) this.#context.pb = this.#feed.io
    const opening = (): Promise<number> => this.#context.openInput(url, null, Dictionary.fromObject(options))
    this.#check(await this.#watched(opening), 'Opening it')
    this.#check(await this.#watched(() => this.#context.findStreamInfo(null)), 'Looking for video in it')
    this.#index = this.#context.findBestStream(AVMEDIA_TYPE_VIDEO)
    if (this.#index < 0) throw new StreamFailure('not-video', 'There is no video in it')
    return this.#context.streams[this.#index]!
  }

  async *packets(): AsyncGenerator<Packet> {
    while (!this.#signal.aborted) {
      const code = await this.#watched(() => this.#context.readFrame(this.#packet))
      if (code === AVERROR_EOF) return
      if (code === AVERROR_EAGAIN) continue
      this.#check(code, 'Reading it')
      if (this.#packet.streamIndex === this.#index) yield this.#packet
      this.#packet.unref()
    }
  }

  #check(code: number, what: string): void {
    if (code >= 0) return
    if (this.#signal.aborted) throw new StreamFailure('released', 'No longer wanted')
    if (this.#isSilent) throw new StreamFailure('timeout', `Nothing came for ${SILENCE_MS / 1000} s`)
    if (this.#feed?.failure) throw this.#feed.failure
    throw ffmpegFailure(code, what)
  }

  /** Interrupts what waits for the source too long; time between reads does not count. */
  #endSilence(): void {
    if (this.#waitingSince === undefined || performance.now() - this.#waitingSince < SILENCE_MS) return
    this.#isSilent = true
    this.#interrupt()
  }

  async #watched(call: () => Promise<number>): Promise<number> {
    this.#waitingSince = performance.now()
    try {
      return await call()
    } finally {
      this.#waitingSince = undefined
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#watchdog)
    this.#signal.removeEventListener('abort', this.#interrupt)
    this.#packet.free()
    this.#context.closeInputSync()
    this.#feed?.close()
  }
}

/** Capture time by the camera's RTCP sender reports where its clock can be believed, else by arrival. */
class ArrivalClock implements Timing {
  #cameraTime: number | undefined

  see(packet: Packet): void {
    const report = packet.getSideData(AV_PKT_DATA_PRFT)
    this.#cameraTime = report && report.length >= 8 ? Number(report.readBigInt64LE(0)) : undefined
  }

  of(): [number, 'rtcp' | 'arrival'] {
    const arrival = nowMicros()
    if (this.#cameraTime === undefined) return [arrival, 'arrival']
    const transit = arrival - this.#cameraTime
    return transit >= LEAST_TRANSIT_US && transit <= MOST_TRANSIT_US ? [this.#cameraTime, 'rtcp'] : [arrival, 'arrival']
  }
}

/** Holds a file to its own pace, over any number of loops. */
class Pace implements Timing {
  /** Seconds played in earlier loops, and when that began. */
  #played = 0
  #started: number | undefined
  #first: number | undefined
  end = 0

  async until(seconds: number, duration: number, signal: AbortSignal): Promise<void> {
    this.#first ??= seconds
    this.#started ??= performance.now()
    const at = this.#played + seconds - this.#first
    this.end = Math.max(this.end, at + (duration || 0.04))
    const early = this.#started + at * 1000 - performance.now()
    if (early > 1) await delay(early, undefined, { signal }).catch(() => {})
  }

  restart(): void {
    this.#played = this.end
    this.#first = undefined
  }

  of(): [number, 'arrival'] {
    return [nowMicros(), 'arrival']
  }
}

function disposable<T extends { close(): void }>(value: T): Disposable & { readonly value: T } {
  return { value, [Symbol.dispose]: () => value.close() }
}

/** One HLS segment that lies in memory: decoded from its first frame to its last. */
export async function readSegment(
  bytes: Buffer,
  decodingOf: (stream: Stream) => Decoding,
  timing: Timing,
  beforeEach: (seconds: number) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const context = new FormatContext()
  context.allocContext()
  const io = new IOContext()
  let at = 0
  io.allocContextWithCallbacks(64 * 1024, 0, (size) => {
    if (at >= bytes.length) return AVERROR_EOF
    const chunk = bytes.subarray(at, at + size)
    at += chunk.length
    return chunk
  })
  context.pb = io
  const packet = new Packet()
  packet.alloc()
  try {
    const options = Dictionary.fromObject({ format_whitelist: CONTAINERS })
    checked(await context.openInput('', null, options), 'Opening a segment')
    checked(await context.findStreamInfo(null), 'Looking for video in a segment')
    const index = context.findBestStream(AVMEDIA_TYPE_VIDEO)
    if (index < 0) throw new StreamFailure('not-video', 'There is no video in a segment')
    const stream = context.streams[index]!
    const decoding = decodingOf(stream)
    try {
      for (;;) {
        const code = await context.readFrame(packet)
        if (code < 0 || signal.aborted) break
        if (packet.streamIndex === index) {
          await beforeEach((Number(packet.dts) * stream.timeBase.num) / stream.timeBase.den)
          decoding.push(packet, timing)
        }
        packet.unref()
      }
      decoding.push(null, timing)
    } finally {
      decoding.close()
    }
  } finally {
    packet.free()
    await context.closeInput()
    io.freeContext()
  }
}
