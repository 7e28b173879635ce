import { type BoxesAt, BoxHistory } from './box-history.ts'
import { epochNow } from './epoch-now.ts'
import { PacketQueue } from './packet-queue.ts'
import { Playout } from './playout.ts'
import type { PacketHeader, PictureHeader } from './protocol.ts'

/** A camera whose video breaks the decoder so often is shown by the detector's pictures. */
const MAX_FAILURES = 3
/** Without a picture for so long the video counts as gone. */
const GONE_MS = 1500
/** A picture goes to the decoder so much before it is due, ms: what comes out of it late is shown with the next frame of the display. */
const DECODE_AHEAD_MS = 50
/** A decoder lends out only so many pictures. */
const MOST_DECODED = 6

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
  /** Not yet due, oldest first. */
  readonly #decoded: VideoFrame[] = []
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
    for (const frame of this.#decoded.splice(0)) frame.close()
    if (this.#decoder?.state === 'configured') this.#decoder.close()
    this.#decoder = undefined
    this.#codec = ''
    this.#shownAt = Number.NEGATIVE_INFINITY
  }

  #configure(codec: string): void {
    this.stop()
    this.#codec = codec
    const decoder = new VideoDecoder({
      output: (frame) => this.#take(frame),
      error: ({ name }) => {
        this.#isUseless = name === 'NotSupportedError' || ++this.#failures >= MAX_FAILURES
        this.stop()
      },
    })
    decoder.configure({ codec, optimizeForLatency: true })
    this.#decoder = decoder
  }

  #take(frame: VideoFrame): void {
    this.#decoded.push(frame)
    if (this.#decoded.length > MOST_DECODED) this.#decoded.shift()!.close()
    this.#tick()
  }

  /** With each frame of the display: what is due soon goes to the decoder, the newest picture that is due is shown. */
  #tick(): void {
    if (this.#isTicking) return
    this.#isTicking = true
    requestAnimationFrame(() => {
      this.#isTicking = false
      const now = epochNow()
      const dueBy = (time: number) => (capturedAt: number) => this.#playout.dueAt(capturedAt / 1000) <= time
      for (const chunk of this.#packets.due(dueBy(now + DECODE_AHEAD_MS))) this.#decoder?.decode(chunk)
      const isDue = dueBy(now)
      const due = this.#decoded.splice(0, this.#decoded.findLastIndex(({ timestamp }) => isDue(timestamp)) + 1)
      const newest = due.pop()
      for (const frame of due) frame.close()
      if (newest) this.#showNow(newest)
      if (!this.#packets.isEmpty || this.#decoded.length > 0) this.#tick()
    })
  }

  #showNow(frame: VideoFrame): void {
    this.#shownAt = performance.now()
    const lagMs = this.#playout.lagAt(epochNow())
    this.#show({ frame, capturedAt: frame.timestamp, lagMs, ...this.#history.at(frame.timestamp) })
    frame.close()
  }
}
