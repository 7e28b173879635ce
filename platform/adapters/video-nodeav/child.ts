import { rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { dirname } from 'node:path'
import type { CaptureClock } from '../../events/frame.ts'
import type { Pixels } from '../../events/image.ts'
import type { StreamOpened } from '../../ports/video.ts'
import { type FromChild, type ToChild, writeHeader } from './messages.ts'
import { asFailure, StreamFailure } from './reading/failure.ts'
import { readSource } from './reading/read-source.ts'
import type { ReadRequest, Sink } from './reading/sink.ts'

/** The parent ends a child that is silent for longer. */
const ALIVE_EVERY_MS = 1000
/** Frames are dropped rather than queued while the parent does not keep up. */
const MAX_QUEUED_BYTES = 4 * 1024 * 1024

let pipe: Socket | undefined
const streams = new Map<number, AbortController>()

function tell(message: FromChild): void {
  if (process.connected) process.send!(message, undefined, undefined, () => {})
}

class StreamSink implements Sink {
  readonly #stream: number
  /** Memory of frames that have gone out, used again. */
  readonly #free: SharedArrayBuffer[] = []
  #last = 0
  #told = ''

  constructor(stream: number) {
    this.#stream = stream
  }

  get isReady(): boolean {
    return pipe !== undefined && pipe.writableLength < MAX_QUEUED_BYTES
  }

  /** A file that starts again opens its decoder again, and is still the same stream. */
  opened(opened: StreamOpened): void {
    const shape = JSON.stringify(opened)
    if (shape === this.#told) return
    this.#told = shape
    tell({ kind: 'opened', stream: this.#stream, opened })
  }

  buffer(bytes: number): SharedArrayBuffer {
    const free = this.#free.pop()
    return free?.byteLength === bytes ? free : new SharedArrayBuffer(bytes)
  }

  /** Capture times rise strictly, whatever the source's clock does. */
  frame({ width, height, data }: Pixels, capturedAt: number, clock: CaptureClock): void {
    const time = Math.max(capturedAt, this.#last + 1)
    this.#last = time
    const header = { stream: this.#stream, width, height, capturedAt: time, clock, bytes: data.byteLength }
    pipe?.write(writeHeader(header))
    pipe?.write(new Uint8Array(data), () => this.#free.push(data))
  }
}

async function open(stream: number, request: ReadRequest): Promise<void> {
  const abort = new AbortController()
  streams.set(stream, abort)
  const failure = await readSource(request, new StreamSink(stream), abort.signal).then(
    () => new StreamFailure('ended', 'The source has ended'),
    asFailure,
  )
  streams.delete(stream)
  const { reason, message } = abort.signal.aborted ? new StreamFailure('released', 'No longer wanted') : failure
  tell({ kind: 'closed', stream, reason, detail: message })
}

process.on('message', (message: ToChild) => {
  if (message.kind === 'open') void open(message.stream, message.request)
  else streams.get(message.stream)?.abort()
})
// The parent is gone, however it went: nobody else would end this process.
process.on('disconnect', () => {
  rmSync(dirname(process.argv[2]!), { recursive: true, force: true })
  process.exit()
})

/** The parent connects once, and reads into memory of its own without a buffer for each piece. */
const server = createServer((socket) => {
  pipe = socket
  socket.on('error', () => process.exit())
  server.close()
})
server.listen(process.argv[2], () => tell({ kind: 'listening' }))
setInterval(() => tell({ kind: 'alive' }), ALIVE_EVERY_MS)
tell({ kind: 'alive' })
