import { paint } from './paint.ts'
import { type FromWorker, isSkewed, type Overlay, type PictureHeader, readPicture, type ToWorker } from './protocol.ts'
import { Recorder } from './recorder.ts'
import { Statistics } from './statistics.ts'
import { Trails } from './trails.ts'

const STATS_EVERY_MS = 1000
const FIRST_RETRY_MS = 500
const MAX_RETRY_MS = 10_000

interface Tile {
  readonly context: OffscreenCanvasRenderingContext2D
  readonly statistics: Statistics
  readonly trails: Trails
  /** Of the camera that is in focus. */
  recorder?: Recorder
  /** Decoded and not yet drawn; a newer one takes its place. */
  next: { readonly header: PictureHeader; readonly bitmap: ImageBitmap } | undefined
}

/** Socket, decoding and drawing in one worker, so that the page itself stays free. */
class LiveView {
  readonly #tiles = new Map<string, Tile>()
  #url = ''
  #socket: WebSocket | undefined
  #visible: readonly string[] = []
  #overlay: Overlay = { boxes: true, tracks: false, labels: true, confidence: true }
  #retry = FIRST_RETRY_MS
  #isDrawing = false

  on(message: ToWorker): void {
    if (message.kind === 'start') this.#start(message.url)
    else if (message.kind === 'attach') this.#attach(message.camera, message.canvas)
    else if (message.kind === 'detach') this.#detach(message.camera)
    else if (message.kind === 'size') this.#resize(message.camera, message.width, message.height)
    else if (message.kind === 'visible') this.#watch(message.cameras)
    else if (message.kind === 'overlay') this.#overlay = message.overlay
    else this.#focus(message)
  }

  /** What a person does with the one camera in focus. */
  #focus(message: Extract<ToWorker, { kind: 'record' | 'pause' | 'step' | 'snapshot' }>): void {
    const tile = this.#tiles.get(message.camera)
    if (!tile) return
    if (message.kind === 'record') tile.recorder = new Recorder()
    else if (message.kind === 'pause') {
      tile.recorder?.pause(message.isPaused)
      if (message.isPaused) void this.#step(tile, message.camera, 0)
    } else if (message.kind === 'step') void this.#step(tile, message.camera, message.by)
    else void this.#snapshot(tile, message.camera)
  }

  async #step(tile: Tile, camera: string, by: number): Promise<void> {
    const recorded = tile.recorder?.step(by)
    if (!recorded) return
    const { header, jpeg, behind } = recorded
    const bitmap = await createImageBitmap(new Blob([jpeg], { type: 'image/jpeg' }))
    paint(tile.context, bitmap, header, this.#overlay, tile.trails)
    bitmap.close()
    tell({ kind: 'stepped', camera, header, behind })
  }

  async #snapshot({ context, statistics }: Tile, camera: string): Promise<void> {
    const { frame } = statistics.at(epochNow())
    tell({ kind: 'snapshot', camera, frame, picture: await context.canvas.convertToBlob({ type: 'image/png' }) })
  }

  tellStatistics(): void {
    const now = epochNow()
    const perCamera = Object.fromEntries(
      [...this.#tiles].map(([camera, { statistics }]) => [camera, statistics.at(now)]),
    )
    tell({ kind: 'stats', connected: this.#socket?.readyState === WebSocket.OPEN, perCamera })
  }

  #start(url: string): void {
    this.#url = url
    this.#connect()
  }

  #connect(): void {
    const socket = new WebSocket(this.#url)
    this.#socket = socket
    socket.binaryType = 'arraybuffer'
    socket.onopen = () => {
      this.#retry = FIRST_RETRY_MS
      this.#watch(this.#visible)
    }
    socket.onmessage = ({ data }) => {
      if (typeof data === 'string') tell({ kind: 'state', message: JSON.parse(data) })
      else void this.#receive(data)
    }
    socket.onclose = () => {
      setTimeout(() => this.#connect(), this.#retry * (0.5 + Math.random() / 2))
      this.#retry = Math.min(MAX_RETRY_MS, this.#retry * 2)
    }
  }

  #watch(cameras: readonly string[]): void {
    this.#visible = cameras
    this.#send({ type: 'watch', cameras })
  }

  #send(message: unknown): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message))
  }

  async #receive(message: ArrayBuffer): Promise<void> {
    const { header, jpeg } = readPicture(message)
    const recorder = this.#tiles.get(header.camera)?.recorder
    recorder?.take(header, jpeg)
    if (recorder?.isPaused) return void this.#acknowledge(header)
    const bitmap = await createImageBitmap(new Blob([jpeg], { type: 'image/jpeg' })).catch(() => undefined)
    const tile = this.#tiles.get(header.camera)
    if (!tile || !bitmap) {
      bitmap?.close()
      this.#acknowledge(header)
      return
    }
    if (tile.next) {
      tile.next.bitmap.close()
      this.#acknowledge(tile.next.header)
    }
    tile.next = { header, bitmap }
    if (!this.#isDrawing) {
      this.#isDrawing = true
      requestAnimationFrame(() => this.#draw())
    }
  }

  #draw(): void {
    this.#isDrawing = false
    const drawn: { tile: Tile; header: PictureHeader }[] = []
    for (const tile of this.#tiles.values()) {
      if (!tile.next) continue
      const { header, bitmap } = tile.next
      tile.next = undefined
      tile.trails.see(header.boxes, header.capturedAt)
      paint(tile.context, bitmap, header, this.#overlay, tile.trails)
      bitmap.close()
      this.#acknowledge(header)
      drawn.push({ tile, header })
    }
    // The frame after the one that drew it is when it can be seen.
    requestAnimationFrame(() => {
      const now = epochNow()
      const hasFirst = drawn.some(({ tile }) => tile.statistics.isEmpty)
      for (const { tile, header } of drawn)
        tile.statistics.drew(now, now - header.picture.capturedAt / 1000, header.frame, isSkewed(header))
      if (hasFirst) this.tellStatistics()
    })
  }

  #acknowledge({ camera, frame }: PictureHeader): void {
    this.#send({ type: 'ack', camera, frame })
  }

  #attach(camera: string, canvas: OffscreenCanvas): void {
    const context = canvas.getContext('2d', { alpha: false })!
    this.#tiles.set(camera, { context, statistics: new Statistics(), trails: new Trails(), next: undefined })
  }

  #detach(camera: string): void {
    this.#tiles.get(camera)?.next?.bitmap.close()
    this.#tiles.delete(camera)
  }

  #resize(camera: string, width: number, height: number): void {
    const canvas = this.#tiles.get(camera)?.context.canvas
    if (canvas && (canvas.width !== width || canvas.height !== height)) Object.assign(canvas, { width, height })
  }
}

function tell(message: FromWorker): void {
  postMessage(message)
}

/** ms since the epoch, finer than Date.now. */
function epochNow(): number {
  return performance.timeOrigin + performance.now()
}

const view = new LiveView()
self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => view.on(data))
setInterval(() => view.tellStatistics(), STATS_EVERY_MS)
