import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { type Credentials, credentialsFor } from '../authentication/credentials.ts'
import { StreamFailure } from '../failure.ts'
import type { ReadRequest } from '../sink.ts'
import { connectTo } from './connection.ts'
import { encodeMessage, headerOf, type RtspMessage, RtspSplitter, withHeaders } from './messages.ts'

const MAX_REDIRECTS = 5
/** To answer a challenge, and once more with a fresh nonce. */
const MAX_ATTEMPTS = 3

/** A request that the camera has not answered yet. */
interface Asked {
  readonly message: RtspMessage
  readonly method: string
  readonly uri: string
  attempts: number
  isAuthorized: boolean
}

/**
 * Stands between FFmpeg and a camera: FFmpeg speaks to this relay on loopback, and the relay to the camera. So every address
 * is checked, also where a camera redirects; certificates are checked; and the account of the URL answers what the camera
 * asks for, never another host. Media pass as they are.
 */
export class RtspRelay {
  readonly #request: ReadRequest
  readonly #signal: AbortSignal
  readonly #server: Server
  readonly #pending = new Map<string, Asked>()
  /** Where the camera is, after redirects; without its account. */
  #target: URL
  #credentials: Credentials | undefined
  #camera: Socket
  #player: Socket | undefined
  #own = ''
  #sequence = 0
  #redirects = 0
  #isSetUp = false
  /** To where the camera redirects; the connection before may end meanwhile. */
  #isMoving = false
  #failure: unknown

  private constructor(request: ReadRequest, signal: AbortSignal, camera: Socket) {
    const url = new URL(request.url)
    this.#request = request
    this.#signal = signal
    this.#credentials = credentialsFor(url)
    this.#target = withoutAccount(url)
    this.#camera = this.#listenTo(camera)
    this.#server = createServer((socket) => this.#welcome(socket))
  }

  /** @throws SentinelError `SOURCE_REFUSED`, StreamFailure, and whatever the network throws. */
  static async open(request: ReadRequest, signal: AbortSignal): Promise<RtspRelay> {
    const camera = await connectTo(new URL(request.url), request.networks, signal)
    const relay = new RtspRelay(request, signal, camera)
    await relay.#listen()
    return relay
  }

  /** What FFmpeg opens. Its path is a secret, so that no other process of this machine finds the camera here. */
  get url(): string {
    return this.#own
  }

  /** What went wrong between here and the camera, which FFmpeg tells as the end of the stream only. */
  get failure(): unknown {
    return this.#failure
  }

  interrupt(): void {
    this.#camera.destroy()
    this.#player?.destroy()
    this.#server.close()
  }

  close(): void {
    this.interrupt()
  }

  async #listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    const { port } = this.#server.address() as { port: number }
    this.#own = `rtsp://127.0.0.1:${port}/${randomBytes(16).toString('hex')}`
  }

  /** One player: the first that knows the secret. */
  #welcome(socket: Socket): void {
    socket.setNoDelay()
    socket.on('error', () => socket.destroy())
    const splitter = new RtspSplitter(
      (message) => this.#onRequest(socket, message),
      (media) => void (socket === this.#player && this.#camera.write(media)),
    )
    socket.on('data', (chunk: Buffer) => this.#guard(() => splitter.push(chunk)))
    socket.on('close', () => {
      if (socket === this.#player) this.interrupt()
    })
    socket.on('drain', () => this.#camera.resume())
  }

  #listenTo(camera: Socket): Socket {
    const splitter = new RtspSplitter(
      (message) => this.#onMessage(message),
      (media) => this.#play(media),
    )
    camera.on('data', (chunk: Buffer) => this.#guard(() => splitter.push(chunk)))
    const isLeft = (): boolean => camera !== this.#camera || this.#isMoving
    camera.on('error', (error) => {
      if (!isLeft()) this.#fail(error)
    })
    camera.on('close', () => {
      if (!isLeft()) this.#player?.end()
    })
    return camera
  }

  #play(bytes: Buffer): void {
    if (this.#player && !this.#player.write(bytes)) this.#camera.pause()
  }

  #onRequest(socket: Socket, message: RtspMessage): void {
    const [method = '', uri = ''] = message.start.split(' ')
    if (!this.#player && uri.startsWith(this.#own)) {
      this.#player = socket
      this.#server.close()
    }
    if (socket !== this.#player) return void socket.destroy()
    this.#ask({ message, method, uri, attempts: 0, isAuthorized: false })
  }

  #ask(asked: Asked): void {
    const { message, method, uri } = asked
    const target = uri.startsWith(this.#own) ? this.#target.href + uri.slice(this.#own.length) : uri
    const authorization = this.#credentials?.answer(method, target)
    const sequence = String(++this.#sequence)
    const changes = { CSeq: sequence, Authorization: authorization }
    this.#pending.set(sequence, {
      ...asked,
      attempts: asked.attempts + 1,
      isAuthorized: authorization !== undefined,
    })
    this.#camera.write(encodeMessage(withHeaders({ ...message, start: `${method} ${target} RTSP/1.0` }, changes)))
  }

  #onMessage(answer: RtspMessage): void {
    const sequence = headerOf(answer, 'cseq') ?? ''
    const asked = this.#pending.get(sequence)
    this.#pending.delete(sequence)
    if (asked) this.#onAnswer(asked, answer)
    // What the camera asks of its own accord, or answers to nobody, is the player's to judge.
    else this.#play(encodeMessage(answer))
  }

  #onAnswer(asked: Asked, answer: RtspMessage): void {
    const status = Number(answer.start.split(' ')[1])
    const location = headerOf(answer, 'location')
    if (status === 200 && asked.method === 'SETUP') this.#isSetUp = true
    if (status === 401 && this.#mayAskAgain(asked, answer)) this.#ask(asked)
    else if (status >= 300 && status < 400 && location !== undefined) void this.#redirect(asked, location)
    else this.#play(encodeMessage(this.#forPlayer(asked, answer)))
  }

  #mayAskAgain({ attempts, isAuthorized }: Asked, answer: RtspMessage): boolean {
    const canAnswer = this.#credentials?.challenged(headerOf(answer, 'www-authenticate'), isAuthorized) ?? false
    return canAnswer && attempts < MAX_ATTEMPTS
  }

  /** Addresses in a description are the camera's own, so that the player asks for them as if there were no relay. */
  #forPlayer({ message, method }: Asked, answer: RtspMessage): RtspMessage {
    const isBased = method !== 'DESCRIBE' || headerOf(answer, 'content-base') !== undefined
    return withHeaders(answer, {
      CSeq: headerOf(message, 'cseq'),
      ...(!isBased && { 'Content-Base': this.#target.href }),
    })
  }

  async #redirect(asked: Asked, location: string): Promise<void> {
    try {
      if (this.#isSetUp || ++this.#redirects > MAX_REDIRECTS)
        throw new StreamFailure('unreachable', `It redirects more than ${MAX_REDIRECTS} times, or while it plays`)
      const next = URL.parse(location, this.#target.href)
      if (!next || !/^rtsps?:$/.test(next.protocol))
        throw new StreamFailure('refused', 'It redirects to something that is no RTSP address')
      this.#isMoving = true
      this.#camera.destroy()
      this.#camera = this.#listenTo(await connectTo(next, this.#request.networks, this.#signal))
      this.#isMoving = false
      if (next.host !== this.#target.host) this.#credentials = undefined
      this.#target = withoutAccount(next)
      this.#ask({ ...asked, attempts: 0 })
    } catch (error) {
      this.#fail(error)
    }
  }

  #guard(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= error
    this.interrupt()
  }
}

function withoutAccount(url: URL): URL {
  return Object.assign(new URL(url), { username: '', password: '' })
}
