import { saveFile } from './save-file.ts'
import type {
  CameraStateMessage,
  FromWorker,
  Overlay,
  PictureHeader,
  TileStats,
  ToWorker,
  Zone,
} from './worker/protocol.ts'

export interface LiveSnapshot {
  readonly connected: boolean
  readonly perCamera: Readonly<Record<string, TileStats>>
  readonly states: Readonly<Record<string, CameraStateMessage>>
  /** The picture that a paused camera shows. */
  readonly stepped: Stepped | undefined
  /** The camera whose stream and boxes go by different clocks. */
  readonly misfit: string | undefined
}

interface Stepped {
  readonly camera: string
  readonly header: PictureHeader
  /** Newer pictures than it that are kept. */
  readonly behind: number
}

const NOTHING: LiveSnapshot = { connected: false, perCamera: {}, states: {}, stepped: undefined, misfit: undefined }

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
  #snapshot = NOTHING
  /** A picture of a stream is on its way to the worker. */
  #isBusy = false

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

  /** What is not named is not drawn. */
  overlay(overlay: Partial<Overlay>): void {
    const nothing = { boxes: false, tracks: false, labels: false, confidence: false, zones: false }
    this.#tell({ kind: 'overlay', overlay: { ...nothing, ...overlay } })
  }

  /** Of the tile that somebody looks at, nothing is left out. */
  hover(camera: string | undefined): void {
    this.#tell({ kind: 'hover', camera })
  }

  zones(zones: Readonly<Record<string, readonly Zone[]>>): void {
    this.#tell({ kind: 'zones', zones })
  }

  /** Plays its video, and keeps its last pictures. */
  focus(camera: string): void {
    this.#tell({ kind: 'focus', camera })
    // A clock may have been set since.
    this.#change({ ...this.#snapshot, misfit: undefined })
  }

  /** Its pictures come from a media server from now on, or no longer do. */
  stream(camera: string, isOn: boolean): void {
    this.#tell({ kind: 'stream', camera, isOn })
  }

  /** Shows one of them, or leaves it out while the one before is on its way; it is closed either way. */
  showStreamed(camera: string, frame: VideoFrame, capturedAt: number): void {
    if (!this.#isBusy) this.#tell({ kind: 'streamed', camera, frame, capturedAt }, [frame])
    else frame.close()
    this.#isBusy = true
  }

  pause(camera: string, isPaused: boolean): void {
    this.#tell({ kind: 'pause', camera, isPaused })
  }

  /** @param by pictures forth, or back when below 0. */
  step(camera: string, by: number): void {
    this.#tell({ kind: 'step', camera, by })
  }

  /** Saves the picture that is shown as a file: with what is drawn over it, or as the camera gave it. */
  save(camera: string, withBoxes: boolean): void {
    this.#tell({ kind: 'snapshot', camera, withBoxes })
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
    if (message.kind === 'snapshot') {
      saveFile(message.picture, message.name)
      return
    }
    if (message.kind === 'took') {
      this.#isBusy = false
      return
    }
    this.#change(heard(this.#snapshot, message))
  }

  #change(snapshot: LiveSnapshot): void {
    this.#snapshot = snapshot
    window.__sentinel = { live: snapshot }
    for (const listener of this.#listeners) listener()
  }
}

function heard(before: LiveSnapshot, message: Exclude<FromWorker, { kind: 'snapshot' | 'took' }>): LiveSnapshot {
  if (message.kind === 'stats') return { ...before, connected: message.connected, perCamera: message.perCamera }
  if (message.kind === 'stepped') return { ...before, stepped: message }
  if (message.kind === 'misfit') return { ...before, misfit: message.camera }
  return { ...before, states: { ...before.states, [message.message.camera]: message.message } }
}
