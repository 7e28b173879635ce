import type { CameraStateMessage, FromWorker, Overlay, TileStats, ToWorker } from './worker/protocol.ts'

export interface LiveSnapshot {
  readonly connected: boolean
  readonly perCamera: Readonly<Record<string, TileStats>>
  readonly states: Readonly<Record<string, CameraStateMessage>>
}

declare global {
  interface Window {
    /** What the page shows, for tests and benchmarks. */
    __sentinel?: { live: LiveSnapshot }
  }
}

/** The page's one connection to the live pictures: a worker that draws into the tiles' canvases. */
export class LiveConnection {
  readonly #worker = new Worker(new URL('./worker/live-worker.ts', import.meta.url), { type: 'module' })
  readonly #listeners = new Set<() => void>()
  readonly #visible = new Set<string>()
  #snapshot: LiveSnapshot = { connected: false, perCamera: {}, states: {} }

  constructor() {
    this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#hear(data)
    const protocol = location.protocol === 'https:' ? 'wss' : 'ws'
    this.#tell({ kind: 'start', url: `${protocol}://${location.host}/live` })
    document.addEventListener('visibilitychange', this.#tellVisible)
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  readonly snapshot = (): LiveSnapshot => this.#snapshot

  attach(camera: string, canvas: HTMLCanvasElement): void {
    const offscreen = canvas.transferControlToOffscreen()
    this.#tell({ kind: 'attach', camera, canvas: offscreen }, [offscreen])
  }

  detach(camera: string): void {
    this.#tell({ kind: 'detach', camera })
    this.show(camera, false)
  }

  resize(camera: string, width: number, height: number): void {
    this.#tell({ kind: 'size', camera, width, height })
  }

  /** Only tiles that can be seen are sent pictures. */
  show(camera: string, isVisible: boolean): void {
    if (isVisible === this.#visible.has(camera)) return
    if (isVisible) this.#visible.add(camera)
    else this.#visible.delete(camera)
    this.#tellVisible()
  }

  overlay(overlay: Overlay): void {
    this.#tell({ kind: 'overlay', overlay })
  }

  close(): void {
    document.removeEventListener('visibilitychange', this.#tellVisible)
    this.#worker.terminate()
  }

  readonly #tellVisible = (): void => {
    this.#tell({ kind: 'visible', cameras: document.hidden ? [] : [...this.#visible] })
  }

  #tell(message: ToWorker, transfer: Transferable[] = []): void {
    this.#worker.postMessage(message, transfer)
  }

  #hear(message: FromWorker): void {
    if (message.kind === 'stats')
      this.#snapshot = { ...this.#snapshot, connected: message.connected, perCamera: message.perCamera }
    else {
      const states = { ...this.#snapshot.states, [message.message.camera]: message.message }
      this.#snapshot = { ...this.#snapshot, states }
    }
    window.__sentinel = { live: this.#snapshot }
    for (const listener of this.#listeners) listener()
  }
}
