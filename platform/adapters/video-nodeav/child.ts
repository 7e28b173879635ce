import { rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { dirname } from 'node:path'
import type { CaptureClock } from '../../events/frame.ts'
import type { Pixels } from '../../events/image.ts'
import type { StreamOpened } from '../../ports/video.ts'
import { type FromChild, type StreamMessage, type ToChild, writeHeader, writeMessage } from './messages.ts'
import { asFailure, StreamFailure } from './reading/failure.ts'
import { readSource } from './reading/read-source.ts'
import type { EncodedPacket, ReadRequest, Sink } from './reading/sink.ts'

/** The parent ends a child that is silent for longer. */
const ALIVE_EVERY_MS = 1000
/** Frames are dropped rather than queued while the parent does not keep up. */
const MAX_QUEUED_BYTES = 4 * 1024 * 1024

const streams = new Map<number, AbortController>()
const followed = new Set<number>()

/** The parent connects once, and reads into memory of its own without a buffer for each piece. */
const pipe = new Promise<Socket>((resolve) => {
  const server = createServer((socket) => {
    socket.on('error', () => process.exit())
    server.close()
    resolve(socket)
  })
  server.listen(process.argv[2], () => tell({ kind: 'listening' }))
})

function tell(message: FromChild): void {
  if (process.connected) process.send!(message, undefined, undefined, () => {})
}

class StreamSink implements Sink {
  readonly #stream: number
  readonly #pipe: Socket
  /** Memory of frames that have gone out, used again. */
  readonly #free: SharedArrayBuffer[] = []
  #last = 0
  #told = ''
  /** Whoever begins to follow, or has missed a packet, can go on only at a key frame. */
  #isBroken = true

  constructor(stream: number, pipe: Socket) {
    this.#stream = stream
    this.#pipe = pipe
  }

  get isReady(): boolean {
    return this.#pipe.writableLength < MAX_QUEUED_BYTES
  }

  /** A file that starts again opens its decoder again, and is still the same stream. */
  opened(opened: StreamOpened): void {
    const shape = JSON.stringify(opened)
    if (shape === this.#told) return
    this.#told = shape
    this.say({ kind: 'opened', opened })
  }

  say(message: StreamMessage): void {
    this.#pipe.write(writeMessage(this.#stream, message))
  }

  buffer(bytes: number): SharedArrayBuffer {
    const free = this.#free.pop()
    return free?.byteLength === bytes ? free : new SharedArrayBuffer(bytes)
  }

  /** Capture times rise strictly, whatever the source's clock does. */
  frame({ width, height, data }: Pixels, capturedAt: number, clock: CaptureClock): void {
    const time = Math.max(capturedAt, this.#last + 1)
    this.#last = time
    const kind = 'pixels'
    const header = {
      stream: this.#stream,
      width,
      height,
      capturedAt: time,
      clock,
      bytes: data.byteLength,
      kind,
    } as const
    this.#pipe.write(writeHeader(header))
    this.#pipe.write(new Uint8Array(data), () => this.#free.push(data))
  }

  get isFollowed(): boolean {
    const isFollowed = followed.has(this.#stream)
    if (!isFollowed) this.#isBroken = true
    return isFollowed
  }

  packet({ data, isKey, width, height, capturedAt }: EncodedPacket): void {
    this.#isBroken = !this.isReady || (this.#isBroken && !isKey)
    if (this.#isBroken) return
    const kind = isKey ? 'key' : 'delta'
    const header = {
      stream: this.#stream,
      width,
      height,
      capturedAt,
      clock: 'arrival',
      bytes: data.length,
      kind,
    } as const
    this.#pipe.write(writeHeader(header))
    this.#pipe.write(data)
  }
}

async function open(stream: number, request: ReadRequest): Promise<void> {
  const abort = new AbortController()
  streams.set(stream, abort)
  const sink = new StreamSink(stream, await pipe)
  const failure = await readSource(request, sink, abort.signal).then(
    () => new StreamFailure('ended', 'The source has ended'),
    asFailure,
  )
  streams.delete(stream)
  followed.delete(stream)
  const { reason, message } = abort.signal.aborted ? new StreamFailure('released', 'No longer wanted') : failure
  sink.say({ kind: 'closed', reason, detail: message })
}

process.on('message', (message: ToChild) => {
  if (message.kind === 'open') void open(message.stream, message.request)
  else if (message.kind === 'follow') followed[message.isWanted ? 'add' : 'delete'](message.stream)
  else streams.get(message.stream)?.abort()
})
// The parent is gone, however it went: nobody else would end this process.
process.on('disconnect', () => {
  rmSync(dirname(process.argv[2]!), { recursive: true, force: true })
  process.exit()
})

setInterval(() => tell({ kind: 'alive' }), ALIVE_EVERY_MS)
tell({ kind: 'alive' })
