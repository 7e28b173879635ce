import type { WebSocket } from 'ws'
import { messageOf } from '../errors.ts'
import { CameraOffline, CameraOnline } from '../events/camera.ts'
import { fromRecord } from '../events/codec.ts'
import type { SentinelEvent } from '../events/event.ts'
import type { FrameDetection } from '../events/frame.ts'
import { isFrameImage } from '../events/image.ts'
import type { Log } from '../ports/log.ts'
import { Flow } from './flow.ts'
import { ClientMessage, pictureMessage } from './messages.ts'

const MAX_BUFFERED_BYTES = 4 * 1024 * 1024
const MALFORMED = 4400

/** Where events of the pipeline come from. */
export interface LiveFeed {
  listen(topic: 'events.detections' | 'events.cameras', listener: (event: SentinelEvent) => void): () => void
}

export interface LiveCounts {
  clients: number
  sent: number
  /** Pictures that gave way to newer ones, or whose client did not keep up. */
  dropped: number
}

class Client {
  readonly socket: WebSocket
  cameras: ReadonlySet<string> = new Set()
  readonly #flows = new Map<string, Flow<Buffer>>()

  constructor(socket: WebSocket) {
    this.socket = socket
  }

  watch(cameras: readonly string[]): void {
    this.cameras = new Set(cameras)
    for (const camera of this.#flows.keys()) if (!this.cameras.has(camera)) this.#flows.delete(camera)
  }

  flowOf(camera: string): Flow<Buffer> {
    const existing = this.#flows.get(camera)
    if (existing) return existing
    const flow = new Flow<Buffer>()
    this.#flows.set(camera, flow)
    return flow
  }
}

/** Sends each detected frame with its boxes to whoever watches its camera. */
export class LivePictures {
  readonly counts: LiveCounts = { clients: 0, sent: 0, dropped: 0 }
  readonly #log: Log
  readonly #clients = new Set<Client>()
  readonly #stops: (() => void)[]

  constructor(log: Log, feed: LiveFeed) {
    this.#log = log
    this.#stops = [
      feed.listen('events.detections', (event) => void this.#show(event as SentinelEvent<FrameDetection>)),
      feed.listen('events.cameras', (event) => this.#tellState(event)),
    ]
  }

  connect(socket: WebSocket): void {
    const client = new Client(socket)
    this.#clients.add(client)
    this.counts.clients++
    socket.on('message', (data, isBinary) => this.#onMessage(client, isBinary ? undefined : String(data)))
    socket.on('error', () => socket.terminate())
    socket.on('close', () => {
      this.#clients.delete(client)
      this.counts.clients--
    })
  }

  close(): void {
    for (const stop of this.#stops) stop()
    for (const { socket } of this.#clients) socket.close(1001, 'The server is going away')
  }

  #onMessage(client: Client, text: string | undefined): void {
    const message = parse(text)
    if (typeof message === 'string') {
      client.socket.close(MALFORMED, message.slice(0, 120))
      return
    }
    if (message.type === 'watch') client.watch(message.cameras)
    else {
      const next = client.flowOf(message.camera).acknowledge(message.frame)
      if (next) this.#send(client, next)
    }
  }

  /** The picture is fetched and encoded only when somebody watches, and once for all who do. */
  async #show(event: SentinelEvent<FrameDetection>): Promise<void> {
    const watching = [...this.#clients].filter(({ cameras }) => cameras.has(event.subject))
    if (watching.length === 0) return
    const jpeg = await this.#jpegOf(event.data)
    if (!jpeg) return
    const message = pictureMessage(event, jpeg)
    for (const client of watching) this.#offer(client, event, message)
  }

  #offer(client: Client, { subject, data }: SentinelEvent<FrameDetection>, message: Buffer): void {
    if (client.socket.bufferedAmount > MAX_BUFFERED_BYTES) {
      this.counts.dropped++
      return
    }
    const { send, replaced } = client.flowOf(subject).offer(data.frameId, message)
    if (replaced) this.counts.dropped++
    if (send) this.#send(client, send)
  }

  #send(client: Client, message: Buffer): void {
    this.counts.sent++
    client.socket.send(message)
  }

  /** Undefined when the log no longer holds the frame. */
  async #jpegOf({ frame, frameId }: FrameDetection): Promise<Uint8Array | undefined> {
    const [record] = await this.#log.read('frames', frame.partition, frame.offset, 1)
    if (record?.headers.ce_frameid !== frameId) return undefined
    const { data } = fromRecord(record)
    return isFrameImage(data) ? data.jpeg().catch(() => undefined) : undefined
  }

  #tellState({ type, subject, data }: SentinelEvent): void {
    const state = { [CameraOnline.type]: 'online', [CameraOffline.type]: 'offline' }[type]
    if (!state) return
    const { reason, detail } = data as { reason?: string; detail?: string }
    const text = JSON.stringify({ type: 'camera', camera: subject, state, ...(reason && { reason, detail }) })
    for (const { cameras, socket } of this.#clients) if (cameras.has(subject)) socket.send(text)
  }
}

/** The message, or what is wrong with it. */
function parse(text: string | undefined): ClientMessage | string {
  try {
    if (text === undefined) return 'Messages are JSON text'
    const { data, error } = ClientMessage.safeParse(JSON.parse(text))
    return data ?? (error!.issues[0]?.message || 'Unknown message')
  } catch (error) {
    return messageOf(error)
  }
}
