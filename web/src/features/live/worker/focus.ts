import type { ShownBox } from './box-history.ts'
import { epochNow } from './epoch-now.ts'
import type { FromWorker, PacketHeader, PictureHeader } from './protocol.ts'
import { Recorder } from './recorder.ts'
import type { Statistics } from './statistics.ts'
import { StreamedPictures } from './streamed-pictures.ts'
import type { Trails } from './trails.ts'
import { type VideoPicture, VideoPlayer } from './video-player.ts'

/** What the camera in focus shares with its tile. */
interface Stage {
  readonly camera: string
  readonly context: OffscreenCanvasRenderingContext2D
  readonly statistics: Statistics
  readonly trails: Trails
  draw(context: Stage['context'], picture: ImageBitmap | VideoFrame, boxes: readonly ShownBox[]): void
  tell(message: FromWorker): void
}

/** The camera in focus: its video or its stream with the detector's boxes, or the detector's last pictures one by one. */
export class Focus {
  readonly #stage: Stage
  readonly #recorder = new Recorder()
  readonly #player = new VideoPlayer((picture) => this.#show(picture))
  readonly #streamed = new StreamedPictures()
  #isStreamed = false
  #skewed = 0

  constructor(stage: Stage) {
    this.#stage = stage
  }

  get wantsVideo(): boolean {
    return !this.#recorder.isPaused && !this.#isStreamed && !this.#player.isUseless
  }

  /** While its pictures come from a media server no video is wanted from elsewhere. */
  stream(isOn: boolean): void {
    this.#isStreamed = isOn
    if (isOn) this.#player.stop()
  }

  /** One picture of the media server's stream. @param capturedAt µs since the epoch, as the stream tells it. */
  takeStreamed(frame: VideoFrame, capturedAt: number): void {
    if (this.#recorder.isPaused || !this.#isStreamed) return
    const picture = this.#streamed.take(frame, capturedAt)
    if (picture) this.#show(picture)
    else this.#stage.tell({ kind: 'misfit', camera: this.#stage.camera })
  }

  /** @returns whether the picture itself is to be drawn: there is no video, and nobody has paused. */
  takePicture(header: PictureHeader, jpeg: Uint8Array<ArrayBuffer>): boolean {
    this.#recorder.take(header, jpeg)
    if (this.#recorder.isPaused) return false
    this.#player.takeBoxes(header)
    this.#streamed.takeBoxes(header)
    return !this.#player.isPlaying && !this.#streamed.isPlaying
  }

  takePacket(header: PacketHeader, data: Uint8Array<ArrayBuffer>): void {
    if (!this.#recorder.isPaused) this.#player.take(header, data)
  }

  async pause(isPaused: boolean): Promise<void> {
    this.#recorder.pause(isPaused)
    this.#player.stop()
    if (isPaused) await this.step(0)
  }

  /** @param by pictures that the detector saw, forth or back. */
  async step(by: number): Promise<void> {
    const { camera, context, draw, tell } = this.#stage
    const recorded = this.#recorder.step(by)
    if (!recorded) return
    const { header, jpeg, behind } = recorded
    const bitmap = await bitmapOf(jpeg)
    draw(context, bitmap, header.boxes)
    bitmap.close()
    tell({ kind: 'stepped', camera, header, behind })
  }

  /** The picture in its own size: as the camera gave it, or with what is drawn over it. */
  async snapshot(withBoxes: boolean): Promise<void> {
    const { tell, draw } = this.#stage
    const recorded = this.#recorder.current
    if (!recorded) return
    const { header, jpeg } = recorded
    const { frame: name, boxes } = header
    if (!withBoxes) {
      tell({ kind: 'snapshot', name: `${name}.jpg`, picture: new Blob([jpeg], { type: 'image/jpeg' }) })
      return
    }
    const bitmap = await bitmapOf(jpeg)
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
    draw(canvas.getContext('2d', { alpha: false })!, bitmap, boxes)
    bitmap.close()
    tell({ kind: 'snapshot', name: `${name}-boxes.png`, picture: await canvas.convertToBlob({ type: 'image/png' }) })
  }

  close(): void {
    this.#player.stop()
  }

  #show({ frame, boxes, capturedAt, ageUs, lagMs }: VideoPicture): void {
    const { context, statistics, trails, draw } = this.#stage
    if (ageUs === 0) trails.see(boxes, capturedAt)
    draw(context, frame, boxes)
    for (; this.#skewed < this.#player.skewed + this.#streamed.skewed; this.#skewed++) statistics.skewed()
    const video = { boxAge: ageUs / 1000, lag: lagMs, isStreamed: this.#isStreamed }
    const drawn = (at: number) => ({ at, latency: at - capturedAt / 1000, video })
    // The frame after the one that drew it is when it can be seen.
    requestAnimationFrame(() => statistics.drew(drawn(epochNow()), ''))
  }
}

function bitmapOf(jpeg: Uint8Array<ArrayBuffer>): Promise<ImageBitmap> {
  return createImageBitmap(new Blob([jpeg], { type: 'image/jpeg' }))
}
