import { type BoxesAt, BoxHistory } from './box-history.ts'
import { epochNow } from './epoch-now.ts'
import { PacketQueue } from './packet-queue.ts'
import { Playout } from './playout.ts'
import type { PacketHeader, PictureHeader } from './protocol.ts'

/** A camera whose video breaks the decoder so often is shown by the detector's pictures. */
const MAX_FAILURES = 3
/** Without a picture for so long the video counts as gone. */
const GONE_MS = 1500

export interface VideoPicture extends BoxesAt {
  readonly frame: VideoFrame
  /** µs since the epoch. */
  readonly capturedAt: number
  /** How far the detection is behind the video, ms. */
  readonly lagMs: number
}

/** Plays the H.264 of one camera, each picture with the boxes of its capture time. */
export class VideoPlayer {
  readonly #show: (picture: VideoPicture) => void
  readonly #history = new BoxHistory()
  readonly #playout = new Playout()
  readonly #packets = new PacketQueue<EncodedVideoChunk>()
  #decoder: VideoDecoder | undefined
  #codec = ''
  #next: VideoFrame | undefined
  #shownAt = Number.NEGATIVE_INFINITY
  #isTicking = false
  #failures = 0
  #isUseless = typeof VideoDecoder === 'undefined'
  /** Boxes of a capture time that no packet had. */
  skewed = 0

  constructor(show: (picture: VideoPicture) => void) {
    this.#show = show
  }

  /** This browser cannot play it: the pictures of the detector are all there is. */
  get isUseless(): boolean {
    return this.#isUseless
  }

  get isPlaying(): boolean {
    return performance.now() - this.#shownAt < GONE_MS
  }

  /** Boxes of one picture that the detector saw. */
  takeBoxes({ boxes, capturedAt }: PictureHeader): void {
    this.#history.add({ at: capturedAt, boxes })
    this.#playout.boxesCame(capturedAt / 1000, epochNow())
    if (this.#packets.isStray(capturedAt)) this.skewed++
  }

  take({ codec, capturedAt }: PacketHeader, data: Uint8Array<ArrayBuffer>): void {
    if (this.#isUseless) return
    if (codec && codec !== this.#codec) this.#configure(codec)
    this.#playout.packetCame(capturedAt / 1000, epochNow())
    const isKey = codec !== undefined
    const chunk = new EncodedVideoChunk({ type: isKey ? 'key' : 'delta', timestamp: capturedAt, data })
    if (this.#packets.take({ capturedAt, isKey }, chunk, this.#decoder?.decodeQueueSize ?? 0)) this.#tick()
  }

  /** Nothing more is shown until the next key frame comes. */
  stop(): void {
    this.#packets.clear()
    this.#next?.close()
    this.#next = undefined
    if (this.#decoder?.state === 'configured') this.#decoder.close()
    this.#decoder = undefined
    this.#codec = ''
    this.#shownAt = Number.NEGATIVE_INFINITY
  }

  #configure(codec: string): void {
    this.stop()
    this.#codec = codec
    const decoder = new VideoDecoder({
      output: (frame) => this.#decoded(frame),
      error: ({ name }) => {
        this.#isUseless = name === 'NotSupportedError' || ++this.#failures >= MAX_FAILURES
        this.stop()
      },
    })
    decoder.configure({ codec, optimizeForLatency: true })
    this.#decoder = decoder
  }

  #decoded(frame: VideoFrame): void {
    this.#next?.close()
    this.#next = frame
    this.#tick()
  }

  /** With each frame of the display: what is due goes to the decoder, what came out of it is shown. */
  #tick(): void {
    if (this.#isTicking) return
    this.#isTicking = true
    requestAnimationFrame(() => {
      this.#isTicking = false
      const now = epochNow()
      const isDue = (capturedAt: number): boolean => this.#playout.dueAt(capturedAt / 1000) <= now
      for (const chunk of this.#packets.due(isDue)) this.#decoder?.decode(chunk)
      if (this.#next) this.#showNext(this.#next)
      if (!this.#packets.isEmpty) this.#tick()
    })
  }

  #showNext(frame: VideoFrame): void {
    this.#next = undefined
    this.#shownAt = performance.now()
    const lagMs = this.#playout.lagAt(epochNow())
    this.#show({ frame, capturedAt: frame.timestamp, lagMs, ...this.#history.at(frame.timestamp) })
    frame.close()
  }
}
