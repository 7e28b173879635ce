import type { WebSocket } from 'ws'
import { codeOf, messageOf } from '../errors.ts'
import { CameraOffline, CameraOnline } from '../events/camera.ts'
import { fromRecord } from '../events/codec.ts'
import type { SentinelEvent } from '../events/event.ts'
import type { FrameDetection } from '../events/frame.ts'
import { isFrameImage } from '../events/image.ts'
import type { Log } from '../ports/log.ts'
import type { VideoPackets } from '../ports/video.ts'
import { Client, type LiveCounts } from './client.ts'
import { ClientMessage, type Picture, pictureMessage } from './messages.ts'

const MALFORMED = 4400
const CHECK_ALIVE_EVERY_MS = 30_000

/** Where events of the pipeline come from. */
export interface LiveFeed {
  listen(topic: 'events.detections' | 'events.cameras', listener: (event: SentinelEvent) => void): () => void
}

export interface LiveSources {
  readonly log: Log
  readonly video?: VideoPackets | undefined
}

type Detected = SentinelEvent<FrameDetection>

/** Sends each detected frame with its boxes to whoever watches its camera. */
export class LivePictures {
  readonly counts: LiveCounts = { clients: 0, sent: 0, packets: 0, dropped: 0 }
  readonly #log: Log
  readonly #onError: (error: Error) => void
  readonly #video: VideoPackets | undefined
  readonly #clients = new Set<Client>()
  /** Cameras whose picture is being fetched, and the newest detection that waits for that. */
  readonly #showing = new Map<string, Detected | undefined>()
  readonly #stops: (() => void)[]

  /** @param sources of pictures, and of video where this process reads cameras itself. */
  constructor({ log, video }: LiveSources, feed: LiveFeed, onError: (error: Error) => void) {
    this.#log = log
    this.#video = video
    this.#onError = onError
    const heartbeat = setInterval(() => this.#checkAlive(), CHECK_ALIVE_EVERY_MS)
    this.#stops = [
      feed.listen('events.detections', (event) => this.#onDetected(event as Detected)),
      feed.listen('events.cameras', (event) => this.#tellState(event)),
      () => clearInterval(heartbeat),
    ]
  }

  connect(socket: WebSocket): void {
    const client = new Client(socket, this.counts, this.#video)
    this.#clients.add(client)
    this.counts.clients++
    socket.on('message', (data, isBinary) => this.#onMessage(client, isBinary ? undefined : String(data)))
    socket.on('error', () => socket.terminate())
    socket.on('close', () => {
      this.#clients.delete(client)
      client.leave()
      this.counts.clients--
    })
  }

  close(): void {
    for (const stop of this.#stops) stop()
    for (const client of this.#clients) client.close(1001, 'The server is going away')
  }

  #onMessage(client: Client, text: string | undefined): void {
    const message = parse(text)
    if (typeof message === 'string') client.close(MALFORMED, shortened(message))
    else client.on(message)
  }

  /** One picture of a camera at a time, so that they stay in order; while it is fetched only the newest waits. */
  #onDetected(event: Detected): void {
    const camera = event.subject
    if (!this.#isWatched(camera)) return
    if (this.#showing.has(camera)) {
      if (this.#showing.get(camera)) this.counts.dropped++
      this.#showing.set(camera, event)
    } else void this.#showAll(event)
  }

  async #showAll(first: Detected): Promise<void> {
    const camera = first.subject
    for (let event: Detected | undefined = first; event; event = this.#showing.get(camera)) {
      this.#showing.set(camera, undefined)
      await this.#show(event).catch(this.#onError)
    }
    this.#showing.delete(camera)
  }

  /** The picture is fetched and encoded only when somebody watches, and once for all who do. */
  async #show(event: Detected): Promise<void> {
    const captured = await this.#pictureOf(event.data)
    if (!captured) {
      this.counts.dropped++
      return
    }
    const { frameId: id, capturedAt } = event.data
    const picture = { id, capturedAt, message: pictureMessage(event, captured) }
    for (const client of this.#clients) client.offer(event.subject, picture)
  }

  /** Undefined when the log no longer holds the frame. */
  async #pictureOf({ frame, frameId }: FrameDetection): Promise<Picture | undefined> {
    const [record] = await this.#log.read('frames', frame.partition, frame.offset, 1)
    if (record?.headers.ce_frameid !== frameId) return undefined
    const { data, frameid, capturedat } = fromRecord(record)
    const jpeg = isFrameImage(data) ? await data.jpeg().catch(unlessExpired) : undefined
    return jpeg && { jpeg, frame: String(frameid), capturedAt: Number(capturedat) }
  }

  #isWatched(camera: string): boolean {
    return [...this.#clients].some((client) => client.watches(camera))
  }

  #tellState({ type, subject, data }: SentinelEvent): void {
    const state = { [CameraOnline.type]: 'online', [CameraOffline.type]: 'offline' }[type]
    if (!state) return
    const { reason, detail } = data as { reason?: string; detail?: string }
    const text = JSON.stringify({ type: 'camera', camera: subject, state, ...(reason && { reason, detail }) })
    for (const client of this.#clients) if (client.watches(subject)) client.tell(text)
  }

  #checkAlive(): void {
    for (const client of this.#clients) client.checkAlive()
  }
}

/** The message, or what is wrong with it. */
function parse(text: string | undefined): ClientMessage | string {
  try {
    if (text === undefined) return 'Messages are JSON text'
    const { data, error } = ClientMessage.safeParse(JSON.parse(text))
    if (data) return data
    const { path, message } = error!.issues[0]!
    return `${path.join('.')}: ${message}`
  } catch (error) {
    return messageOf(error)
  }
}

/** A picture that is gone is one that this viewer misses, not a failure. */
function unlessExpired(error: unknown): undefined {
  if (codeOf(error) !== 'PICTURE_EXPIRED') throw error
}

/** The reason of a close frame has at most 123 bytes. */
function shortened(reason: string): string {
  const bytes = new TextEncoder().encodeInto(reason, new Uint8Array(120))
  return reason.slice(0, bytes.read)
}
