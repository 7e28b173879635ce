import type { WebSocket } from 'ws'
import type { VideoPacket, VideoPackets } from '../ports/video.ts'
import { Flow, type Picture } from './flow.ts'
import { type ClientMessage, packetMessage } from './messages.ts'

const MAX_BUFFERED_BYTES = 4 * 1024 * 1024

export interface LiveCounts {
  clients: number
  sent: number
  /** Of video. */
  packets: number
  /** Pictures that gave way to newer ones, or whose client did not keep up. */
  dropped: number
}

/** One page that watches cameras. */
export class Client {
  readonly #socket: WebSocket
  readonly #counts: LiveCounts
  readonly #video: VideoPackets | undefined
  /** Of the cameras that are watched, and of no other. */
  readonly #flows = new Map<string, Flow>()
  #minIntervalMs = 0
  #answers = true
  #unfocus = (): void => {}
  /** After a packet that it was not sent, it can go on only at a key frame. */
  #isVideoBroken = false

  constructor(socket: WebSocket, counts: LiveCounts, video?: VideoPackets) {
    this.#socket = socket
    this.#counts = counts
    this.#video = video
    socket.on('pong', () => {
      this.#answers = true
    })
  }

  on(message: ClientMessage): void {
    if (message.type === 'watch') this.#watch(message.cameras, message.maxFps)
    else if (message.type === 'focus') this.#focus(message.camera)
    else this.#acknowledge(message.camera, message.frame)
  }

  watches(camera: string): boolean {
    return this.#flows.has(camera)
  }

  /** Sends the picture, keeps it until there is room, or drops it for a client that does not keep up. */
  offer(camera: string, picture: Picture): void {
    const flow = this.#flows.get(camera)
    if (!flow) return
    if (this.#isFull()) {
      this.#counts.dropped++
      return
    }
    const { send, replaced } = flow.offer(picture, this.#minIntervalMs)
    if (replaced) this.#counts.dropped++
    if (send) this.#send(send)
  }

  /** It is gone: nothing is followed for it any more. */
  leave(): void {
    this.#unfocus()
  }

  tell(text: string): void {
    this.#socket.send(text)
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason)
  }

  /** Cuts off a client that has not answered since the last call: its machine is gone and will never say so. */
  checkAlive(): void {
    if (this.#answers) this.#socket.ping()
    else this.#socket.terminate()
    this.#answers = false
  }

  #watch(cameras: readonly string[], maxFps: number | undefined): void {
    this.#minIntervalMs = maxFps === undefined ? 0 : 1000 / maxFps
    const wanted = new Set(cameras)
    for (const camera of this.#flows.keys()) if (!wanted.has(camera)) this.#flows.delete(camera)
    for (const camera of wanted) if (!this.#flows.has(camera)) this.#flows.set(camera, new Flow())
  }

  #focus(camera: string | null): void {
    this.#unfocus()
    const unfollow = camera === null ? undefined : this.#video?.follow(camera, (packet) => this.#pass(camera, packet))
    this.#unfocus = unfollow ?? (() => {})
  }

  #pass(camera: string, packet: VideoPacket): void {
    this.#isVideoBroken = this.#isFull() || (this.#isVideoBroken && packet.codec === undefined)
    if (this.#isVideoBroken) return
    this.#counts.packets++
    this.#socket.send(packetMessage(camera, packet))
  }

  #acknowledge(camera: string, frame: string): void {
    const flow = this.#flows.get(camera)
    flow?.acknowledge(frame)
    const next = this.#isFull() ? undefined : flow?.next()
    if (next) this.#send(next)
  }

  #isFull(): boolean {
    return this.#socket.bufferedAmount > MAX_BUFFERED_BYTES
  }

  #send({ message }: Picture): void {
    this.#counts.sent++
    this.#socket.send(message)
  }
}
