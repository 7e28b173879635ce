import Hls, { ErrorTypes, type FragBufferedData } from 'hls.js/light'
import { StreamClock } from './stream-clock.ts'

/** A stream that nobody watched is opened first, and begins with the camera's next key frame. */
const FIRST_WITHIN_MS = 20_000
const NEXT_WITHIN_MS = 8000
const LOOK_EVERY_MS = 1000
/** Pictures without a time of day after which the stream has none. */
const MOST_TIMELESS = 50

/** Why a stream is not played: it is not to be had, this browser cannot, may not, or it tells no time of day. */
export type StreamTrouble = 'gone' | 'unplayable' | 'refused' | 'timeless'

interface StreamListener {
  /** @param capturedAt µs since the epoch. The picture is the listener's to close. */
  onPicture(frame: VideoFrame, capturedAt: number): void
  /** Nothing more comes. */
  onEnd(trouble: StreamTrouble): void
}

/** Plays low-latency HLS into nothing, and hands out each picture with the time at which the stream says it was captured. */
export class HlsStream {
  readonly #listener: StreamListener
  readonly #video = document.createElement('video')
  // Without a worker: segments of MP4 are handed on as they are.
  readonly #hls = new Hls({
    enableWorker: false,
    backBufferLength: 5,
    maxBufferLength: 10,
    maxLiveSyncPlaybackRate: 1.5,
  })
  readonly #clock = new StreamClock()
  readonly #looking = setInterval(() => this.#look(), LOOK_EVERY_MS)
  #isOver = false
  #timeless = 0
  #patienceMs = FIRST_WITHIN_MS
  #pictureAt = performance.now()

  constructor(url: string, listener: StreamListener) {
    this.#listener = listener
    Object.assign(this.#video, { muted: true, playsInline: true })
    this.#hls.on(Hls.Events.FRAG_BUFFERED, (_, buffered) => this.#anchor(buffered))
    this.#hls.on(Hls.Events.MANIFEST_PARSED, () => this.#play())
    this.#hls.on(Hls.Events.ERROR, (_, { fatal, type }) => {
      if (fatal) this.#end(type === ErrorTypes.MEDIA_ERROR ? 'unplayable' : 'gone')
    })
    this.#hls.attachMedia(this.#video)
    this.#hls.loadSource(url)
    this.#awaitPicture()
  }

  /** Whether this browser has what it takes. */
  static get isSupported(): boolean {
    return Hls.isSupported() && 'requestVideoFrameCallback' in HTMLVideoElement.prototype && 'VideoFrame' in window
  }

  close(): void {
    this.#isOver = true
    clearInterval(this.#looking)
    this.#hls.destroy()
  }

  #play(): void {
    this.#video.play().catch(({ name }: Error) => {
      // Any other: it was closed before it began.
      if (name === 'NotAllowedError') this.#end('refused')
    })
  }

  /** A stream may be joined in the middle of a segment: each part says how far in it lies. */
  #anchor({ frag, part }: FragBufferedData): void {
    const { video, audiovideo } = (part ?? frag).elementaryStreams
    const start = (video ?? audiovideo)?.startPTS
    if (start === undefined || frag.programDateTime === null) return
    this.#clock.anchor(start, frag.programDateTime + (part?.fragOffset ?? 0) * 1000)
  }

  #awaitPicture(): void {
    this.#video.requestVideoFrameCallback((_, { mediaTime }) => {
      if (this.#isOver) return
      this.#awaitPicture()
      this.#hand(this.#clock.at(mediaTime))
    })
  }

  #hand(capturedAt: number | undefined): void {
    this.#pictureAt = performance.now()
    this.#patienceMs = NEXT_WITHIN_MS
    if (capturedAt !== undefined) {
      this.#listener.onPicture(new VideoFrame(this.#video, { timestamp: capturedAt }), capturedAt)
    } else if (++this.#timeless > MOST_TIMELESS) this.#end('timeless')
  }

  #look(): void {
    if (performance.now() - this.#pictureAt > this.#patienceMs) this.#end('gone')
  }

  #end(trouble: StreamTrouble): void {
    if (this.#isOver) return
    this.close()
    this.#listener.onEnd(trouble)
  }
}
