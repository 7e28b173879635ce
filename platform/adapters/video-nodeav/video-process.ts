import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Pixels } from '../../events/image.ts'
import { type FrameHeader, type FromChild, HEADER_BYTES, PIXEL_PIPE, readHeader, type ToChild } from './messages.ts'
import type { ReadRequest } from './reading/sink.ts'

const SILENT_FOR_MS = 20_000
const STOP_WITHIN_MS = 3000

/** What a stream's owner hears. */
export interface StreamListener {
  onMessage(message: Exclude<FromChild, { kind: 'alive' }>): void
  onFrame(header: FrameHeader, pixels: Pixels): void
  /** The process is gone without having closed the stream. */
  onCrash(): void
}

/** One process that reads a few cameras, and takes nobody else with it when it crashes. */
export class VideoProcess {
  readonly #child: ChildProcess
  readonly #listeners = new Map<number, StreamListener>()
  readonly #exited: Promise<void>
  #watchdog: NodeJS.Timeout
  #isGone = false

  constructor(onExit: (process: VideoProcess) => void) {
    this.#child = spawn(process.execPath, [fileURLToPath(new URL('child.ts', import.meta.url))], {
      // Its own process group: the terminal's Ctrl-C is for the main process, which closes cameras in order.
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc', 'pipe'],
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
      onExit(this)
      for (const listener of this.#listeners.values()) listener.onCrash()
      this.#listeners.clear()
    })
    readFrames(this.#child.stdio[PIXEL_PIPE] as Readable, (header, pixels) =>
      this.#listeners.get(header.stream)?.onFrame(header, pixels),
    )
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
    if (message.kind === 'alive') return
    const listener = this.#listeners.get(message.stream)
    if (message.kind === 'closed') this.#listeners.delete(message.stream)
    listener?.onMessage(message)
  }

  #watch(): NodeJS.Timeout {
    return setTimeout(() => this.#child.kill('SIGKILL'), SILENT_FOR_MS).unref()
  }
}

/** Puts each frame's bytes straight into the memory that it stays in. */
function readFrames(pipe: Readable, onFrame: (header: FrameHeader, pixels: Pixels) => void): void {
  const head = Buffer.alloc(HEADER_BYTES)
  let header: FrameHeader | undefined
  let target: Uint8Array = head
  let filled = 0
  const complete = (): void => {
    if (!header) {
      header = readHeader(head)
      target = new Uint8Array(new SharedArrayBuffer(header.bytes))
    } else {
      onFrame(header, { width: header.width, height: header.height, data: target.buffer as SharedArrayBuffer })
      header = undefined
      target = head
    }
    filled = 0
  }
  pipe.on('error', () => {})
  pipe.on('data', (chunk: Buffer) => {
    for (let at = 0; at < chunk.length; ) {
      const take = Math.min(chunk.length - at, target.length - filled)
      target.set(chunk.subarray(at, at + take), filled)
      at += take
      filled += take
      if (filled === target.length) complete()
    }
  })
}
