import { type BoxesAt, BoxHistory } from './box-history.ts'
import { epochNow } from './epoch-now.ts'
import { Playout } from './playout.ts'
import type { PacketHeader, PictureHeader } from './protocol.ts'

/** The decoder is behind when more wait in it: it goes on at the next key frame. */
const MAX_DECODING = 6
const MAX_WAITING = 250
/** A camera whose video breaks the decoder so often is shown by the detector's pictures. */
const MAX_FAILURES = 3
/** Without a picture for so long the video counts as gone. */
const GONE_MS = 1500
/** Packets whose capture times are remembered, to tell whether boxes belong to one of them. */
const REMEMBERED = 250

export interface VideoPicture extends BoxesAt {
  readonly frame: VideoFrame
  /** µs since the epoch. */
  readonly capturedAt: number
}

/** Plays the H.264 of one camera, each picture with the boxes of its capture time. */
export class VideoPlayer {
  readonly #show: (picture: VideoPicture) => void
  readonly #history = new BoxHistory()
  readonly #playout = new Playout()
  readonly #waiting: EncodedVideoChunk[] = []
  readonly #packets: { readonly at: number; readonly isKey: boolean }[] = []
  #decoder: VideoDecoder | undefined
  #codec = ''
  #needsKey = true
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
    // Packets that were left out lie before a key frame: boxes of that time belong to a picture that never came.
    const next = this.#packets.findIndex(({ at }) => at >= capturedAt)
    const packet = this.#packets[next]
    if (next > 0 && packet && packet.at !== capturedAt && !packet.isKey) this.skewed++
  }

  take({ codec, capturedAt }: PacketHeader, data: Uint8Array<ArrayBuffer>): void {
    if (this.#isUseless) return
    if (codec && codec !== this.#codec) this.#configure(codec)
    this.#playout.packetCame(capturedAt / 1000, epochNow())
    this.#packets.push({ at: capturedAt, isKey: codec !== undefined })
    if (this.#packets.length > REMEMBERED) this.#packets.shift()
    if (this.#isBehind()) this.#needsKey = true
    if (this.#needsKey && !codec) return
    this.#needsKey = false
    this.#waiting.push(new EncodedVideoChunk({ type: codec ? 'key' : 'delta', timestamp: capturedAt, data }))
    this.#tick()
  }

  /** Nothing more is shown until the next key frame comes. */
  stop(): void {
    this.#waiting.length = 0
    this.#packets.length = 0
    this.#needsKey = true
    this.#next?.close()
    this.#next = undefined
    if (this.#decoder?.state === 'configured') this.#decoder.close()
    this.#decoder = undefined
    this.#codec = ''
    this.#shownAt = Number.NEGATIVE_INFINITY
  }

  #isBehind(): boolean {
    return this.#waiting.length > MAX_WAITING || (this.#decoder?.decodeQueueSize ?? 0) > MAX_DECODING
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
      while (this.#waiting[0] && this.#playout.dueAt(this.#waiting[0].timestamp / 1000) <= now)
        this.#decoder?.decode(this.#waiting.shift()!)
      if (this.#next) this.#showNext(this.#next)
      if (this.#waiting.length > 0) this.#tick()
    })
  }

  #showNext(frame: VideoFrame): void {
    this.#next = undefined
    this.#shownAt = performance.now()
    this.#show({ frame, capturedAt: frame.timestamp, ...this.#history.at(frame.timestamp) })
    frame.close()
  }
}
