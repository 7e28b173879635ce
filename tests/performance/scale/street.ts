import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Pictures } from '../../../platform/adapters/pictures/pictures.ts'
import { fromRecord, toRecord } from '../../../platform/events/codec.ts'
import { completeEvent } from '../../../platform/events/complete.ts'
import { FrameCaptured, type FrameDetection } from '../../../platform/events/frame.ts'
import { type FrameImage, jpegImage } from '../../../platform/events/image.ts'
import { root } from '../../../platform/paths.ts'
import type { Log, LogRecord } from '../../../platform/ports/log.ts'
import { decodeFile } from '../../support/decode.ts'

/** Frames a second of each camera. */
export const FPS = 5
const PICTURES = 10

/** Frames of one of the city's clips, as a grabber encodes them. */
export async function prerecorded(): Promise<FrameImage[]> {
  const pictures = new Pictures()
  const images: FrameImage[] = []
  for await (const { pixels } of decodeFile(join(root, 'city', 'clips', 'east-crossing.mp4'))) {
    const { width, height } = pixels
    images.push(jpegImage(await pictures.encode(pixels), width, height))
    if (images.length === PICTURES) break
  }
  await pictures.close()
  return images
}

/** What was seen of a frame: when it was captured, and when its detection was on the log; ms since the epoch. */
export interface Answer {
  readonly camera: string
  readonly capturedAt: number
  readonly at: number
}

/** Cameras that put prerecorded frames on the log, and who hears what is detected in them. */
export class Street {
  readonly answers: Answer[] = []
  /** Detections of a camera that came before those of earlier frames of it, and such of a frame that had one already. */
  outOfOrder = 0
  repeated = 0
  /** Frames that are on the log. */
  produced = 0
  readonly #log: Log
  readonly #images: readonly FrameImage[]
  readonly #last = new Map<string, number>()
  readonly #stop = new AbortController()
  #cameras: Promise<void>[] = []
  #forget: () => Promise<void> = async () => {}

  constructor(log: Log, images: readonly FrameImage[]) {
    this.#log = log
    this.#images = images
  }

  async open(cameras: number): Promise<void> {
    this.#forget = await this.#log.tail(['events.detections'], (record) => this.#hear(record))
    this.#cameras = Array.from({ length: cameras }, (_, n) => this.#film(`cam-${n}`, n / cameras))
  }

  async close(): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#cameras)
    await this.#forget()
  }

  /** One frame after the other: a log that cannot take them so fast gets fewer, as from a grabber. @param phase 0..1 */
  async #film(camera: string, phase: number): Promise<void> {
    const { signal } = this.#stop
    for (let next = performance.now() + (phase * 1000) / FPS, n = 0; !signal.aborted; n++) {
      await sleep(Math.max(0, next - performance.now()), undefined, { signal }).catch(() => {})
      if (signal.aborted) return
      await this.#capture(camera, this.#images[n % this.#images.length]!)
      this.produced++
      next = Math.max(next + 1000 / FPS, performance.now() - 1000 / FPS)
    }
  }

  async #capture(camera: string, image: FrameImage): Promise<void> {
    const now = Date.now()
    const frameid = `${camera}-${now}`
    const size = { width: `${image.width}`, height: `${image.height}` }
    const attributes = { capturedat: `${now * 1000}`, captureclock: 'arrival', frameid, ...size }
    const draft = FrameCaptured.of(camera, image, { id: frameid, attributes })
    const event = completeEvent(draft, { source: '/scale', id: frameid, time: new Date(now).toISOString() })
    await this.#log.produce('frames', [toRecord(event)])
  }

  #hear(record: LogRecord): void {
    const { subject: camera, data } = fromRecord(record)
    const capturedAt = (data as FrameDetection).capturedAt / 1000
    const last = this.#last.get(camera) ?? Number.NEGATIVE_INFINITY
    if (capturedAt === last) this.repeated++
    else if (capturedAt < last) this.outOfOrder++
    this.#last.set(camera, Math.max(last, capturedAt))
    this.answers.push({ camera, capturedAt, at: record.timestamp })
  }
}
