import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Pixels } from '../../events/image.ts'
import { type FrameHeader, type FromChild, HEADER_BYTES, readHeader, type ToChild } from './messages.ts'
import type { ReadRequest } from './reading/sink.ts'

const SILENT_FOR_MS = 20_000
const STOP_WITHIN_MS = 3000
/** As much as one read takes from the pixel socket. */
const READ_BYTES = 512 * 1024

export type StreamMessage = Extract<FromChild, { stream: number }>

/** What a stream's owner hears. */
export interface StreamListener {
  onMessage(message: StreamMessage): void
  onFrame(header: FrameHeader, pixels: Pixels): void
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
  #watchdog: NodeJS.Timeout
  #isGone = false

  constructor(onExit: (process: VideoProcess) => void) {
    this.#place = socketPlace()
    this.#child = spawn(process.execPath, [fileURLToPath(new URL('child.ts', import.meta.url)), this.#place.path], {
      // Its own process group: the terminal's Ctrl-C is for the main process, which closes cameras in order.
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, UV_THREADPOOL_SIZE: '12', NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
    })
    this.#watchdog = this.#watch()
    this.#child.on('message', (message: FromChild) => this.#onMessage(message))
    this.#exited = new Promise((resolve) => {
      this.#child.once('exit', resolve)
      this.#child.once('error', resolve)
    }).then(() => {
      clearTimeout(this.#watchdog)
      this.#isGone = true
      this.#pixels?.destroy()
      this.#place.remove()
      onExit(this)
      for (const listener of this.#listeners.values()) listener.onCrash()
      this.#listeners.clear()
    })
  }

  get streams(): number {
    return this.#listeners.size
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

  async stop(): Promise<void> {
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
    if (message.kind === 'listening') this.#fetchPixels()
    if (message.kind === 'alive' || message.kind === 'listening') return
    const listener = this.#listeners.get(message.stream)
    if (message.kind === 'closed') this.#listeners.delete(message.stream)
    listener?.onMessage(message)
  }

  #fetchPixels(): void {
    const reader = new FrameReader((header, pixels) => this.#listeners.get(header.stream)?.onFrame(header, pixels))
    const buffer = new Uint8Array(READ_BYTES)
    const callback = (bytes: number): boolean => {
      reader.read(buffer.subarray(0, bytes))
      return true
    }
    this.#pixels = connect({ path: this.#place.path, onread: { buffer, callback } })
    this.#pixels.on('error', () => {})
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

/** Puts the bytes of one frame after another straight into the memory that the frame stays in. */
class FrameReader {
  readonly #onFrame: (header: FrameHeader, pixels: Pixels) => void
  readonly #head = Buffer.alloc(HEADER_BYTES)
  #header: FrameHeader | undefined
  #target: Uint8Array = this.#head
  #filled = 0

  constructor(onFrame: (header: FrameHeader, pixels: Pixels) => void) {
    this.#onFrame = onFrame
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
      this.#target = new Uint8Array(new SharedArrayBuffer(this.#header.bytes))
      return
    }
    const { width, height } = this.#header
    this.#onFrame(this.#header, { width, height, data: this.#target.buffer as SharedArrayBuffer })
    this.#header = undefined
    this.#target = this.#head
  }
}
