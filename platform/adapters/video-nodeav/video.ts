import { SentinelError } from '../../errors.ts'
import type { FrameImage, Pixels } from '../../events/image.ts'
import type { StreamEvent, StreamRequest, Video, VideoPacket, VideoPackets } from '../../ports/video.ts'
import { Pictures } from '../pictures/pictures.ts'
import { PixelMemory } from '../pictures/pixel-memory.ts'
import { Followers } from './followers.ts'
import type { FrameHeader, StreamMessage } from './messages.ts'
import { codecOf } from './reading/h264.ts'
import { VideoProcess } from './video-process.ts'

const STREAMS_PER_PROCESS = 4
/** A source that was in a process that crashed is read alone for this long, so that it takes no other with it again. */
const SUSPECT_FOR_MS = 10 * 60_000
const IDLE_MS = 10_000
/** Frames that wait for their reader; the newest win. */
const MAX_WAITING = 2

export interface VideoOptions {
  /** CIDR ranges that cameras may be in; empty for any but cloud metadata services. */
  readonly networks?: readonly string[]
}

/** Camera sources read through FFmpeg, in processes of their own. */
export class NodeAvVideo implements Video, VideoPackets {
  readonly #networks: readonly string[]
  readonly #pictures = new Pictures()
  readonly #memory = new PixelMemory()
  readonly #processes = new Set<VideoProcess>()
  readonly #alone = new WeakSet<VideoProcess>()
  readonly #suspects = new Map<string, number>()
  readonly #followers = new Followers()
  #failure: string | undefined
  #streams = 0
  #isClosed = false

  constructor({ networks = [] }: VideoOptions = {}) {
    this.#networks = networks
  }

  async *open(request: StreamRequest, signal: AbortSignal): AsyncGenerator<StreamEvent> {
    const queue = new StreamQueue()
    if (signal.aborted || this.#isClosed) {
      yield { kind: 'closed', reason: 'released', detail: 'No longer wanted' }
      return
    }
    const stream = this.#streams++
    const process = this.#processFor(request.url)
    const abort = (): void => process.close(stream)
    process.open(
      stream,
      { ...request, networks: this.#networks },
      {
        onMessage: (message) => queue.put(eventOf(message)),
        onFrame: (header, pixels) => queue.put(frameOf(header, this.#image(pixels))),
        onPacket: (header, data) => this.#followers.tell(request.camera, packetOf(header, data)),
        onCrash: () => queue.put(this.#crash(request.url)),
      },
    )
    signal.addEventListener('abort', abort)
    const notFollowed = this.#followers.opened(request.camera, (isWanted) => process.follow(stream, isWanted))
    try {
      for (;;) {
        const event = await queue.take()
        yield event
        if (event.kind === 'closed') return
      }
    } finally {
      signal.removeEventListener('abort', abort)
      notFollowed()
      abort()
    }
  }

  follow(camera: string, listener: (packet: VideoPacket) => void): () => void {
    return this.#followers.follow(camera, listener)
  }

  /** Process ids of the readers, for those who watch over memory and for tests. */
  get processIds(): number[] {
    return [...this.#processes].flatMap(({ pid }) => pid ?? [])
  }

  async check(): Promise<void> {
    if (this.#isClosed) throw new SentinelError('VIDEO_UNAVAILABLE', 'Video is closed')
    const isUp = [...this.#processes].some(({ wasUp }) => wasUp)
    if (isUp || this.#failure === undefined) return
    throw new SentinelError(
      'VIDEO_UNAVAILABLE',
      `The process that reads cameras does not start: ${this.#failure}. It is tried again with each camera.`,
    )
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all([...this.#processes].map((process) => process.stop()))
    await this.#pictures.close()
  }

  #image(pixels: Pixels): FrameImage {
    return this.#pictures.image(pixels, ({ data }) => this.#memory.giveBack(data))
  }

  #processFor(url: string): VideoProcess {
    const isSuspect = (this.#suspects.get(url) ?? 0) > performance.now()
    const roomy = isSuspect
      ? undefined
      : [...this.#processes].find((each) => !this.#alone.has(each) && each.hasRoom(STREAMS_PER_PROCESS))
    if (roomy) return roomy
    const started = new VideoProcess(isSuspect ? 0 : IDLE_MS, this.#memory, (gone) => {
      this.#processes.delete(gone)
      this.#failure = gone.wasUp ? undefined : gone.end
    })
    this.#processes.add(started)
    if (isSuspect) this.#alone.add(started)
    return started
  }

  #crash(url: string): StreamEvent {
    if (this.#isClosed) return { kind: 'closed', reason: 'released', detail: 'No longer wanted' }
    this.#suspects.set(url, performance.now() + SUSPECT_FOR_MS)
    return { kind: 'closed', reason: 'crashed', detail: 'The process that read it ended; it is read alone from now on' }
  }
}

function eventOf(message: StreamMessage): StreamEvent {
  if (message.kind === 'opened') return { kind: 'opened', ...message.opened }
  return { kind: 'closed', reason: message.reason, detail: message.detail }
}

function frameOf({ capturedAt, clock }: FrameHeader, image: FrameImage): StreamEvent {
  return { kind: 'frame', image, capturedAt, captureClock: clock }
}

function packetOf({ kind, width, height, capturedAt }: FrameHeader, data: Buffer): VideoPacket {
  return { codec: kind === 'key' ? codecOf(data) : undefined, width, height, capturedAt, data }
}

/** Events in order; of frames that nobody takes only the newest stay. */
class StreamQueue {
  readonly #events: StreamEvent[] = []
  #wake: (() => void) | undefined

  put(event: StreamEvent): void {
    const isFull = event.kind === 'frame' && this.#events.filter(({ kind }) => kind === 'frame').length >= MAX_WAITING
    if (isFull) this.#dropOldestFrame()
    this.#events.push(event)
    this.#wake?.()
  }

  #dropOldestFrame(): void {
    const at = this.#events.findIndex(({ kind }) => kind === 'frame')
    const [dropped] = this.#events.splice(at, 1)
    if (dropped?.kind === 'frame') dropped.image.release()
  }

  async take(): Promise<StreamEvent> {
    while (this.#events.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    return this.#events.shift()!
  }
}
