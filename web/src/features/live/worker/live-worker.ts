import { epochNow } from './epoch-now.ts'
import { Focus } from './focus.ts'
import { paint, type Scene } from './paint.ts'
import {
  type FromWorker,
  isSkewed,
  type Overlay,
  type PictureHeader,
  readBinary,
  type ToWorker,
  type Zone,
} from './protocol.ts'
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
  focus?: Focus
  /** Decoded and not yet drawn; a newer one takes its place. */
  next: { readonly header: PictureHeader; readonly bitmap: ImageBitmap } | undefined
}

/** Socket, decoding and drawing in one worker, so that the page itself stays free. */
class LiveView {
  readonly #tiles = new Map<string, Tile>()
  #url = ''
  #socket: WebSocket | undefined
  #visible: readonly string[] = []
  /** The camera whose video the server sends. */
  #playing: string | null = null
  #overlay: Overlay = { boxes: true, tracks: false, labels: true, confidence: true, zones: true }
  #zones: Readonly<Record<string, readonly Zone[]>> = {}
  #hovered: string | undefined
  #retry = FIRST_RETRY_MS
  #isDrawing = false

  on(message: ToWorker): void {
    if (message.kind === 'start') this.#start(message.url)
    else if (message.kind === 'attach') this.#attach(message.camera, message.canvas)
    else if (message.kind === 'detach') this.#detach(message.camera)
    else if (message.kind === 'size') this.#resize(message.camera, message.width, message.height)
    else if (message.kind === 'visible') this.#watch(message.cameras)
    else if (message.kind === 'overlay') this.#overlay = message.overlay
    else if (message.kind === 'zones') this.#zones = message.zones
    else if (message.kind === 'hover') this.#hovered = message.camera
    else if (message.kind === 'streamed') this.#takeStreamed(message)
    else this.#focus(message)
  }

  /** What a person does with the one camera in focus. */
  #focus(message: Extract<ToWorker, { kind: 'focus' | 'stream' | 'pause' | 'step' | 'snapshot' }>): void {
    const { camera } = message
    const tile = this.#tiles.get(camera)
    if (!tile) return
    if (message.kind === 'focus') tile.focus = this.#newFocus(camera, tile)
    else if (message.kind === 'stream') tile.focus?.stream(message.isOn)
    else if (message.kind === 'pause') void tile.focus?.pause(message.isPaused)
    else if (message.kind === 'step') void tile.focus?.step(message.by)
    else void tile.focus?.snapshot(message.withBoxes)
    this.#askForVideo()
  }

  #takeStreamed({ camera, frame, capturedAt }: Extract<ToWorker, { kind: 'streamed' }>): void {
    this.#tiles.get(camera)?.focus?.takeStreamed(frame, capturedAt)
    frame.close()
    tell({ kind: 'took' })
  }

  #newFocus(camera: string, tile: Tile): Focus {
    const { statistics, trails } = tile
    const draw = (context: OffscreenCanvasRenderingContext2D, picture: Scene['picture'], boxes: Scene['boxes']) =>
      paint(context, { picture, boxes, trails, zones: this.#zones[camera] ?? [], isFull: true }, this.#overlay)
    return new Focus({ camera, context: tile.context, statistics, trails, draw, tell })
  }

  /** Video is sent only while somebody sees it. */
  #askForVideo(): void {
    const wanted = this.#visible.find((camera) => this.#tiles.get(camera)?.focus?.wantsVideo) ?? null
    if (wanted === this.#playing) return
    this.#playing = wanted
    this.#send({ type: 'focus', camera: wanted })
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
      this.#playing = null
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
    this.#askForVideo()
  }

  #send(message: unknown): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message))
  }

  async #receive(message: ArrayBuffer): Promise<void> {
    const { header, bytes } = readBinary(message)
    const focus = this.#tiles.get(header.camera)?.focus
    if (header.type === 'packet') {
      focus?.takePacket(header, bytes)
      return this.#askForVideo()
    }
    if (focus && !focus.takePicture(header, bytes)) return this.#acknowledge(header)
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' })).catch(() => undefined)
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
    for (const [camera, tile] of this.#tiles) {
      if (!tile.next) continue
      const { header, bitmap } = tile.next
      tile.next = undefined
      tile.trails.see(header.boxes, header.capturedAt)
      const isFull = tile.focus !== undefined || camera === this.#hovered
      const zones = this.#zones[camera] ?? []
      paint(tile.context, { picture: bitmap, boxes: header.boxes, trails: tile.trails, zones, isFull }, this.#overlay)
      bitmap.close()
      this.#acknowledge(header)
      drawn.push({ tile, header })
    }
    // The frame after the one that drew it is when it can be seen.
    requestAnimationFrame(() => {
      const now = epochNow()
      const hasFirst = drawn.some(({ tile }) => tile.statistics.isEmpty)
      for (const { tile, header } of drawn) {
        const latency = now - header.picture.capturedAt / 1000
        tile.statistics.drew({ at: now, latency }, header.frame, isSkewed(header))
      }
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
    const tile = this.#tiles.get(camera)
    tile?.next?.bitmap.close()
    tile?.focus?.close()
    this.#tiles.delete(camera)
    this.#askForVideo()
  }

  #resize(camera: string, width: number, height: number): void {
    const canvas = this.#tiles.get(camera)?.context.canvas
    if (canvas && (canvas.width !== width || canvas.height !== height)) Object.assign(canvas, { width, height })
  }
}

function tell(message: FromWorker): void {
  postMessage(message)
}

const view = new LiveView()
self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => view.on(data))
setInterval(() => view.tellStatistics(), STATS_EVERY_MS)
