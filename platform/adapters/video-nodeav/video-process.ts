import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Pixels } from '../../events/image.ts'
import type { PixelMemory } from '../pictures/pixel-memory.ts'
import {
  type FrameHeader,
  type FromChild,
  HEADER_BYTES,
  readHeader,
  type StreamMessage,
  type ToChild,
} from './messages.ts'
import type { ReadRequest } from './reading/sink.ts'

const SILENT_FOR_MS = 20_000
const STOP_WITHIN_MS = 3000
/** As much as one read takes from the pixel socket. */
const READ_BYTES = 512 * 1024
/** Little garbage, collected seldom and by one thread: the cores belong to the pictures. */
const NODE_FLAGS = ['--disable-warning=ExperimentalWarning', '--single-threaded-gc', '--min-semi-space-size=8']
/** What a child needs of the environment: it reads what strangers send, so it holds no secrets. */
const PASSED_ON =
  /^(PATH|HOME|TMPDIR|TEMP|TMP|TZ|LANG|LC_.*|SYSTEMROOT|LD_LIBRARY_PATH|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS)$/i

/** What a stream's owner hears. */
export interface StreamListener {
  onMessage(message: StreamMessage): void
  onFrame(header: FrameHeader, pixels: Pixels): void
  onPacket(header: FrameHeader, data: Buffer): void
  /** The process is gone without having closed the stream. */
  onCrash(): void
}

/** One process that reads a few cameras, and takes nobody else with it when it crashes. */
export class VideoProcess {
  readonly #child: ChildProcess
  readonly #listeners = new Map<number, StreamListener>()
  readonly #exited: Promise<void>
  readonly #place: SocketPlace
  #pixels: Socket | undefined
  readonly #idleMs: number
  readonly #memory: PixelMemory
  #watchdog: NodeJS.Timeout
  #idle: NodeJS.Timeout | undefined
  #isGone = false
  #wasUp = false
  #end = ''

  /** @param idleMs it ends when it has read nothing for so long. */
  constructor(idleMs: number, memory: PixelMemory, onExit: (process: VideoProcess) => void) {
    this.#idleMs = idleMs
    this.#memory = memory
    this.#place = socketPlace()
    this.#child = spawn(
      process.execPath,
      [...NODE_FLAGS, fileURLToPath(new URL('child.ts', import.meta.url)), this.#place.path],
      {
        // Its own process group: the terminal's Ctrl-C is for the main process, which closes cameras in order.
        detached: true,
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        env: {
          ...Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED_ON.test(name))),
          UV_THREADPOOL_SIZE: '12',
        },
      },
    )
    this.#watchdog = this.#watch()
    this.#child.on('message', (message: FromChild) => this.#onMessage(message))
    this.#exited = new Promise<string>((resolve) => {
      this.#child.once('exit', (code, signal) => resolve(`it ended with ${signal ?? code}`))
      this.#child.once('error', ({ message }) => resolve(message))
    }).then((end) => {
      this.#end = end
      clearTimeout(this.#watchdog)
      clearTimeout(this.#idle)
      this.#isGone = true
      this.#pixels?.destroy()
      this.#place.remove()
      onExit(this)
      for (const listener of this.#listeners.values()) listener.onCrash()
      this.#listeners.clear()
    })
  }

  hasRoom(most: number): boolean {
    return !this.#isGone && this.#listeners.size < most
  }

  /** Whether it ever came so far as to read cameras. */
  get wasUp(): boolean {
    return this.#wasUp
  }

  /** How it ended; empty while it runs. */
  get end(): string {
    return this.#end
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  open(stream: number, request: ReadRequest, listener: StreamListener): void {
    if (this.#isGone) {
      listener.onCrash()
      return
    }
    this.#listeners.set(stream, listener)
    this.#send({ kind: 'open', stream, request })
  }

  close(stream: number): void {
    this.#send({ kind: 'close', stream })
  }

  /** Whether the stream's packets are wanted too. */
  follow(stream: number, isWanted: boolean): void {
    this.#send({ kind: 'follow', stream, isWanted })
  }

  async stop(): Promise<void> {
    this.#isGone = true
    if (this.#child.connected) this.#child.disconnect()
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_WITHIN_MS)
    await this.#exited
    clearTimeout(timer)
  }

  #send(message: ToChild): void {
    if (this.#child.connected) this.#child.send(message, () => {})
  }

  #onMessage(message: FromChild): void {
    this.#watchdog.refresh()
    if (message.kind !== 'listening') return
    this.#wasUp = true
    this.#connect()
  }

  #onStreamMessage(stream: number, message: StreamMessage): void {
    const listener = this.#listeners.get(stream)
    if (message.kind === 'closed') this.#forget(stream)
    listener?.onMessage(message)
  }

  #forget(stream: number): void {
    this.#listeners.delete(stream)
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => {
      if (this.#listeners.size === 0) void this.stop()
    }, this.#idleMs).unref()
  }

  #connect(): void {
    const reader = new FrameReader(this.#memory, {
      onFrame: (header, pixels) => this.#listeners.get(header.stream)?.onFrame(header, pixels),
      onPacket: (header, data) => this.#listeners.get(header.stream)?.onPacket(header, data),
      onMessage: (stream, message) => this.#onStreamMessage(stream, message),
    })
    const buffer = new Uint8Array(READ_BYTES)
    const callback = (bytes: number): boolean => {
      reader.read(buffer.subarray(0, bytes))
      return true
    }
    this.#pixels = connect({ path: this.#place.path, onread: { buffer, callback } })
    // Without its socket a child is of no use: its cameras are opened again in another.
    this.#pixels.on('error', () => this.#child.kill('SIGKILL'))
    this.#pixels.on('close', () => this.#child.kill('SIGKILL'))
  }

  #watch(): NodeJS.Timeout {
    return setTimeout(() => this.#child.kill('SIGKILL'), SILENT_FOR_MS).unref()
  }
}

interface SocketPlace {
  readonly path: string
  remove(): void
}

/** A socket's name that only this user can reach. */
function socketPlace(): SocketPlace {
  if (process.platform === 'win32') {
    return { path: `\\\\.\\pipe\\sentinel-${randomBytes(16).toString('hex')}`, remove: () => {} }
  }
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-pixels-'))
  return { path: join(folder, 'socket'), remove: () => rmSync(folder, { recursive: true, force: true }) }
}

interface Hears extends Pick<StreamListener, 'onFrame' | 'onPacket'> {
  onMessage(stream: number, message: StreamMessage): void
}

/** Takes frames, packets and messages out of the socket; puts the bytes of a frame straight into the memory that the frame stays in. */
class FrameReader {
  readonly #hears: Hears
  readonly #memory: PixelMemory
  readonly #head = Buffer.alloc(HEADER_BYTES)
  #header: FrameHeader | undefined
  #target: Uint8Array = this.#head
  #filled = 0

  constructor(memory: PixelMemory, hears: Hears) {
    this.#memory = memory
    this.#hears = hears
  }

  read(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; ) {
      const take = Math.min(chunk.length - at, this.#target.length - this.#filled)
      this.#target.set(chunk.subarray(at, at + take), this.#filled)
      at += take
      this.#filled += take
      if (this.#filled === this.#target.length) this.#complete()
    }
  }

  #complete(): void {
    this.#filled = 0
    if (!this.#header) {
      this.#header = readHeader(this.#head)
      const { kind, bytes } = this.#header
      this.#target = kind === 'pixels' ? new Uint8Array(this.#memory.take(bytes)) : Buffer.alloc(bytes)
      return
    }
    this.#hand(this.#header)
    this.#header = undefined
    this.#target = this.#head
  }

  #hand(header: FrameHeader): void {
    const { stream, width, height, kind } = header
    if (kind === 'message') this.#hears.onMessage(stream, JSON.parse(this.#target.toString()))
    else if (kind === 'pixels')
      this.#hears.onFrame(header, { width, height, data: this.#target.buffer as SharedArrayBuffer })
    else this.#hears.onPacket(header, this.#target as Buffer)
  }
}
