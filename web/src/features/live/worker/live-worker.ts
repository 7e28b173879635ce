import { paint } from './paint.ts'
import { type FromWorker, isSkewed, type Overlay, type PictureHeader, readPicture, type ToWorker } from './protocol.ts'
import { Statistics } from './statistics.ts'

const STATS_EVERY_MS = 1000
const FIRST_RETRY_MS = 500
const MAX_RETRY_MS = 10_000

interface Tile {
  readonly context: OffscreenCanvasRenderingContext2D
  readonly statistics: Statistics
  /** Decoded and not yet drawn; a newer one takes its place. */
  next: { readonly header: PictureHeader; readonly bitmap: ImageBitmap } | undefined
}

/** Socket, decoding and drawing in one worker, so that the page itself stays free. */
class LiveView {
  readonly #tiles = new Map<string, Tile>()
  #url = ''
  #socket: WebSocket | undefined
  #visible: readonly string[] = []
  #overlay: Overlay = { boxes: true, labels: true }
  #retry = FIRST_RETRY_MS
  #isDrawing = false

  on(message: ToWorker): void {
    if (message.kind === 'start') this.#start(message.url)
    else if (message.kind === 'attach') this.#attach(message.camera, message.canvas)
    else if (message.kind === 'detach') this.#detach(message.camera)
    else if (message.kind === 'size') this.#resize(message.camera, message.width, message.height)
    else if (message.kind === 'visible') this.#watch(message.cameras)
    else this.#overlay = message.overlay
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
      paint(tile.context, bitmap, header, this.#overlay)
      bitmap.close()
      this.#acknowledge(header)
      drawn.push({ tile, header })
    }
    // The frame after the one that drew it is when it can be seen.
    requestAnimationFrame(() => {
      const now = epochNow()
      for (const { tile, header } of drawn)
        tile.statistics.drew(now, now - header.picture.capturedAt / 1000, header.frame, isSkewed(header))
    })
  }

  #acknowledge({ camera, frame }: PictureHeader): void {
    this.#send({ type: 'ack', camera, frame })
  }

  #attach(camera: string, canvas: OffscreenCanvas): void {
    const context = canvas.getContext('2d', { alpha: false })!
    this.#tiles.set(camera, { context, statistics: new Statistics(), next: undefined })
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
