import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as ort from 'onnxruntime-node'
import { detect } from '../../functions/detect/handler.ts'
import { frameGrabber } from '../../functions/frame-grabber/handler.ts'
import { EmbeddedLog } from '../../platform/adapters/log-embedded/embedded-log.ts'
import { memory } from '../../platform/adapters/memory.ts'
import { loadModel } from '../../platform/adapters/model-onnxruntime/load-model.ts'
import { systemClock } from '../../platform/adapters/system-clock.ts'
import { NodeAvVideo } from '../../platform/adapters/video-nodeav/video.ts'
import { CameraWatch } from '../../platform/events/camera.ts'
import { fromRecord, toRecord } from '../../platform/events/codec.ts'
import { completeEvent } from '../../platform/events/complete.ts'
import { isFrameImage } from '../../platform/events/image.ts'
import type { Implementation } from '../../platform/function.ts'
import { Consumer } from '../../platform/hosts/consumer.ts'
import { deliver } from '../../platform/hosts/deliver.ts'
import { withInputSize } from '../../platform/models/input-size.ts'
import type { Size } from '../../platform/models/letterbox.ts'
import type { Model } from '../../platform/ports/model.ts'
import type { Ports } from '../../platform/ports/ports.ts'
import { processMs } from '../support/processes.ts'
import { sharedFile } from '../support/shared.ts'
import { type Benchmark, cpuMs, type Figures, median } from './figures.ts'

const ROUNDS = 5
const BARE_RUNS = 60
const ROUND_MS = 5000
const WARM_UP_MS = 1500
const CAMERAS = 2
/** What yolox_nano declares, and the part of it that the clip (768×432) needs. */
const DECLARED = { width: 416, height: 416 }
const RECTANGLE = { width: 416, height: 256 }

const clip = sharedFile('video/intel_car-detection.mp4')
const modelFile = sharedFile('models/yolox_nano.onnx')
const names = sharedFile('models/coco80.names')

const SILENT = { handled() {}, published() {}, deadLettered() {}, retrying() {} }

/** CPU time of a frame from decoding to the published event, beside the bare model and Python pipelines, in turns. */
export const pipeline: Benchmark = {
  about:
    'CPU time a frame, decode to published event, over that of bare inference in the same run (yolox_nano, shared clip)',
  async run(say) {
    const missing = clip.skip || modelFile.skip || names.skip
    if (missing) throw new Error(`bench pipeline ${missing}`)
    const python = await pythonIsThere()
    if (!python)
      say('Python with numpy, onnxruntime and opencv is not there: overTunedPython and overDefaultPython are left out')
    const bare = await Bare.open(DECLARED)
    const bareSameInput = await Bare.open(RECTANGLE)
    const ours = await Ours.open()
    const rounds: Record<string, number>[] = []
    try {
      for (let round = 1; round <= ROUNDS; round++) {
        const figures: Record<string, number> = {
          bare: await bare.measure(),
          plain: await ours.measure(false, ROUND_MS),
        }
        figures.evidence = await ours.measure(true, ROUND_MS)
        figures.sameInput = await bareSameInput.measure()
        figures.bare = (figures.bare! + (await bare.measure())) / 2
        if (python) {
          figures.tuned = await pythonMs('tuned.py')
          figures.default = await pythonMs('default.py')
        }
        rounds.push(figures)
        say(
          `round ${round} of ${ROUNDS}: ${Object.entries(figures)
            .map(([name, ms]) => `${name} ${ms.toFixed(1)} ms`)
            .join(', ')}`,
        )
      }
    } finally {
      await ours.close()
    }
    return figuresOf(rounds, python, ours.stages)
  },
}

function figuresOf(rounds: readonly Record<string, number>[], python: boolean, stages: Figures): Figures {
  const ratio = (a: string, b: string): number => median(rounds.map((round) => round[a]! / round[b]!))
  const ms = (name: string): number => median(rounds.map((round) => round[name]!))
  return {
    overBare: ratio('plain', 'bare'),
    overBareWithEvidence: ratio('evidence', 'bare'),
    ...(python && { overTunedPython: ratio('plain', 'tuned'), overDefaultPython: ratio('plain', 'default') }),
    overBareSameInput: ratio('plain', 'sameInput'),
    bareCpuMs: ms('bare'),
    bareCpuMsSameInput: ms('sameInput'),
    cpuMs: ms('plain'),
    cpuMsWithEvidence: ms('evidence'),
    ...stages,
  }
}

/** The model alone, on one input of a size, one thread that does not spin. */
class Bare {
  readonly #session: ort.InferenceSession
  readonly #input: ort.Tensor

  private constructor(session: ort.InferenceSession, { width, height }: Size) {
    this.#session = session
    this.#input = new ort.Tensor('float32', new Float32Array(3 * height * width).fill(114), [1, 3, height, width])
  }

  static async open(size: Size): Promise<Bare> {
    const extra = { session: { intra_op: { allow_spinning: '0' } } }
    const model = withInputSize(readFileSync(modelFile.path), size)
    return new Bare(
      await ort.InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1, extra }),
      size,
    )
  }

  /** CPU milliseconds a run. */
  async measure(): Promise<number> {
    const before = cpuMs()
    for (let run = 0; run < BARE_RUNS; run++) await this.#session.run({ images: this.#input })
    return (cpuMs() - before) / BARE_RUNS
  }
}

/** Sentinel's own functions on its own log: lease, grabber, frames, detector, tracker, published event. */
class Ours {
  readonly #log: EmbeddedLog
  readonly #video: NodeAvVideo
  readonly #directory: string
  readonly #consumers: Consumer[] = []
  readonly #model: Model
  #detected = 0
  #withEvidence = false
  readonly #timings: Record<string, number[]> = {}

  private constructor(log: EmbeddedLog, video: NodeAvVideo, model: Model, directory: string) {
    this.#log = log
    this.#video = video
    this.#model = model
    this.#directory = directory
  }

  static async open(): Promise<Ours> {
    const directory = await mkdtemp(join(tmpdir(), 'sentinel-bench-pipeline-'))
    const log = await EmbeddedLog.open({ directory, clock: systemClock })
    const model = await loadModel({ file: modelFile.path, names: names.path, workers: 1 })
    const ours = new Ours(log, new NodeAvVideo(), model, directory)
    await ours.#watch()
    return ours
  }

  async #start(): Promise<void> {
    const cameras = { sourceOf: async () => ({ url: pathToFileURL(clip.path).href, loop: true }) }
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
  async measure(withEvidence: boolean, ms: number): Promise<number> {
    this.#withEvidence = withEvidence
    await this.#start()
    await systemClock.sleep(WARM_UP_MS)
    const cpu = cpuMs() + this.#readersMs()
    const frames = this.#detected
    await systemClock.sleep(ms)
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

async function pythonIsThere(): Promise<boolean> {
  return python(['-c', 'import numpy, onnxruntime, cv2']).then(
    () => true,
    () => false,
  )
}

async function pythonMs(script: string): Promise<number> {
  const file = fileURLToPath(new URL(`python/${script}`, import.meta.url))
  return Number(await python([file, clip.path, modelFile.path]))
}

function python(args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('python3', args, { stdio: ['ignore', 'pipe', 'ignore'] })
    let out = ''
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk
    })
    child.on('error', reject)
    child.on('exit', (code) => (code === 0 ? resolve(out.trim()) : reject(new Error(`python3 ended with ${code}`))))
  })
}
