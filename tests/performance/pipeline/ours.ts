import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { detect } from '../../../functions/detect/handler.ts'
import { frameGrabber } from '../../../functions/frame-grabber/handler.ts'
import { EmbeddedLog } from '../../../platform/adapters/log-embedded/embedded-log.ts'
import { memory } from '../../../platform/adapters/memory.ts'
import { loadModel } from '../../../platform/adapters/model-onnxruntime/load-model.ts'
import { systemClock } from '../../../platform/adapters/system-clock.ts'
import { NodeAvVideo } from '../../../platform/adapters/video-nodeav/video.ts'
import { CameraWatch } from '../../../platform/events/camera.ts'
import { fromRecord, toRecord } from '../../../platform/events/codec.ts'
import { completeEvent } from '../../../platform/events/complete.ts'
import { isFrameImage } from '../../../platform/events/image.ts'
import type { Implementation } from '../../../platform/function.ts'
import { Consumer } from '../../../platform/hosts/consumer.ts'
import { deliver } from '../../../platform/hosts/deliver.ts'
import type { Model } from '../../../platform/ports/model.ts'
import type { Ports } from '../../../platform/ports/ports.ts'
import { processMs } from '../../support/processes.ts'
import { cpuMs, type Figures, median } from '../figures.ts'

const ROUND_MS = 5000
const WARM_UP_MS = 1500
const CAMERAS = 2

const SILENT = { handled() {}, published() {}, deadLettered() {}, retrying() {} }

/** Paths of what is run on what. */
export interface Subject {
  readonly model: string
  readonly names?: string
  readonly clip: string
}

/** Sentinel's own functions on its own log: lease, grabber, frames, detector, tracker, published event. */
export class Ours {
  readonly #log: EmbeddedLog
  readonly #video: NodeAvVideo
  readonly #directory: string
  readonly #consumers: Consumer[] = []
  readonly #subject: Subject
  readonly #model: Model
  #detected = 0
  #withEvidence = false
  readonly #timings: Record<string, number[]> = {}

  private constructor(subject: Subject, log: EmbeddedLog, model: Model, directory: string) {
    this.#subject = subject
    this.#log = log
    this.#video = new NodeAvVideo()
    this.#model = model
    this.#directory = directory
  }

  static async open(subject: Subject): Promise<Ours> {
    const directory = await mkdtemp(join(tmpdir(), 'sentinel-bench-pipeline-'))
    const log = await EmbeddedLog.open({ directory, clock: systemClock })
    const model = await loadModel({ file: subject.model, names: subject.names, workers: 1 })
    const ours = new Ours(subject, log, model, directory)
    await ours.#watch()
    return ours
  }

  async #start(): Promise<void> {
    const cameras = { sourceOf: async () => ({ url: pathToFileURL(this.#subject.clip).href, loop: true }) }
    const shared = {
      log: this.#log,
      video: this.#video,
      model: { for: () => this.#model, check: () => this.#model.check(), close: () => this.#model.close() },
      cameras,
      memory: memory(),
      clock: systemClock,
    }
    for (const fn of [frameGrabber, detect] as Implementation[])
      this.#consumers.push(await consume(fn, shared as unknown as Ports))
  }

  async #stop(): Promise<void> {
    for (const consumer of this.#consumers.splice(0)) await consumer.stop()
  }

  async #watch(): Promise<void> {
    await this.#log.tail(['events.detections'], (record) => {
      this.#detected++
      const { timings, frame } = fromRecord(record).data as {
        timings: Record<string, number>
        frame: { partition: number; offset: number }
      }
      for (const [stage, ms] of Object.entries(timings)) this.#note(stage, ms)
      if (this.#withEvidence) void this.#keepEvidence(frame)
    })
    for (let n = 0; n < CAMERAS; n++) {
      const lease = CameraWatch.of(`camera-${n}`, { until: Date.now() + 3_600_000, fps: 60, revision: 0 })
      const event = completeEvent(lease, { source: '/bench', id: `${n}`, time: new Date().toISOString() })
      await this.#log.produce('cameras.watch', [toRecord(event)])
    }
  }

  #note(stage: string, ms: number): void {
    this.#timings[stage] ??= []
    this.#timings[stage].push(ms)
  }

  async #keepEvidence({ partition, offset }: { partition: number; offset: number }): Promise<void> {
    const [record] = await this.#log.read('frames', partition, offset, 1)
    if (record && isFrameImage(record.value)) await record.value.jpeg()
  }

  /** CPU milliseconds a detected frame, of this process and the readers of video together. It runs only meanwhile. */
  async measure(withEvidence = false): Promise<number> {
    this.#withEvidence = withEvidence
    await this.#start()
    await systemClock.sleep(WARM_UP_MS)
    const cpu = cpuMs() + this.#readersMs()
    const frames = this.#detected
    await systemClock.sleep(ROUND_MS)
    const spent = (cpuMs() + this.#readersMs() - cpu) / (this.#detected - frames)
    await this.#stop()
    return spent
  }

  /** Wall milliseconds of each stage. */
  get stages(): Figures {
    return Object.fromEntries(Object.entries(this.#timings).map(([stage, all]) => [stage, median(all)]))
  }

  #readersMs(): number {
    return this.#video.processIds.reduce((sum, pid) => sum + processMs(pid), 0)
  }

  async close(): Promise<void> {
    await this.#stop()
    await this.#video.close()
    await this.#model.close()
    await this.#log.close()
    await rm(this.#directory, { recursive: true })
  }
}

function consume(fn: Implementation, ports: Ports): Promise<Consumer> {
  const { name, on, config, delivery } = fn.declaration
  const delivering = { fn, ports, config: config.parse({}), observer: SILENT }
  return Consumer.start({
    log: ports.log,
    clock: systemClock,
    group: name,
    topics: on.map(({ topic }: { topic: string }) => topic),
    parallel: delivery?.parallel ?? 1,
    batch: 1,
    work: (records, signals, attempt) => deliver(delivering, records, signals, attempt),
  })
}
