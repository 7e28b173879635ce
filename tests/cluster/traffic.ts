import type { TestContext } from 'node:test'
import { fromRecord, toRecord, type WireRecord } from '../../platform/events/codec.ts'
import { completeEvent } from '../../platform/events/complete.ts'
import { FrameCaptured } from '../../platform/events/frame.ts'
import { jpegImage } from '../../platform/events/image.ts'
import type { Log, LogRecord } from '../../platform/ports/log.ts'
import { defer } from '../support/defer.ts'
import { STREET, streets } from '../support/street.ts'

interface Told {
  readonly frameId: string
  /** Milliseconds since the epoch: when the log took it. */
  readonly at: number
}

/** Frames that cameras send, and what `detect` has told of them. */
export class Traffic {
  readonly #log: Log
  readonly #jpeg: Uint8Array
  readonly #sent = new Map<string, string[]>()
  readonly #told = new Map<string, Told[]>()
  #lastAt = 0

  private constructor(log: Log, jpeg: Uint8Array) {
    this.#log = log
    this.#jpeg = jpeg
  }

  static async open(t: TestContext, log: Log): Promise<Traffic> {
    const [jpeg] = await streets([200])
    const traffic = new Traffic(log, jpeg!)
    defer(t, await log.tail(['events.detections'], (record) => traffic.#hear(record)))
    return traffic
  }

  get sent(): number {
    return sizeOf(this.#sent)
  }

  /** Frames of which something was told, each once. */
  get told(): number {
    return new Set([...this.#told.values()].flat().map(({ frameId }) => frameId)).size
  }

  /** Tellings after the first of the same frame: a redelivery repeats its ids, and changes nothing. */
  get repeated(): number {
    return sizeOf(this.#told) - this.told
  }

  get lost(): string[] {
    const told = new Set([...this.#told.values()].flat().map(({ frameId }) => frameId))
    return [...this.#sent.values()].flat().filter((frameId) => !told.has(frameId))
  }

  /** Cameras whose frames were first told of in another order than they were sent in. */
  get disordered(): string[] {
    return [...this.#sent]
      .filter(([camera, sent]) => {
        const first = new Set((this.#told.get(camera) ?? []).map(({ frameId }) => frameId))
        return [...first].join() !== sent.filter((frameId) => first.has(frameId)).join()
      })
      .map(([camera]) => camera)
  }

  /** The first that was told of a frame, if anything was. */
  of(frameId: string): Told | undefined {
    return [...this.#told.values()].flat().find((told) => told.frameId === frameId)
  }

  /** One frame of each of so many cameras. @returns their ids */
  async send(cameras: number): Promise<string[]> {
    // Two frames of a camera never have the same time.
    const at = Math.max(Date.now(), this.#lastAt + 1)
    this.#lastAt = at
    const names = Array.from({ length: cameras }, (_, n) => `camera-${n}`)
    await this.#log.produce(
      'frames',
      names.map((camera) => this.#frame(camera, at)),
    )
    return names.map((camera) => {
      const frameId = `${camera}-${at}`
      this.#sent.set(camera, [...(this.#sent.get(camera) ?? []), frameId])
      return frameId
    })
  }

  #frame(camera: string, at: number): WireRecord {
    const { width, height } = STREET
    const id = `${camera}-${at}`
    const size = { width: `${width}`, height: `${height}` }
    const attributes = { capturedat: `${at * 1000}`, captureclock: 'arrival', frameid: id, ...size }
    const draft = FrameCaptured.of(camera, jpegImage(this.#jpeg, width, height), { id, attributes })
    return toRecord(completeEvent(draft, { source: '/cluster', id, time: new Date(at).toISOString() }))
  }

  #hear(record: LogRecord): void {
    const { subject, data } = fromRecord(record)
    const { frameId } = data as { frameId: string }
    const told = this.#told.get(subject) ?? []
    told.push({ frameId, at: record.timestamp })
    this.#told.set(subject, told)
  }
}

function sizeOf(lists: ReadonlyMap<string, readonly unknown[]>): number {
  return [...lists.values()].reduce((sum, { length }) => sum + length, 0)
}
