import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { root } from '../../platform/paths.ts'
import { memoryMiB, processMs, treeOf } from '../support/processes.ts'
import { type Started, startSentinel } from '../support/sentinel.ts'
import { sharedFile } from '../support/shared.ts'
import { subscribe } from '../support/subscription.ts'
import { type Benchmark, type Figures, quantile, slope } from './figures.ts'
import { Bare, RECTANGLE } from './pipeline/bare.ts'

const FPS = 5
const WARM_UP_MS = 15_000
const MEMORY_EVERY_MS = 5000
const LATENCY_GOAL_MS = 300
const RATE_GOAL = 0.9
const STEP_SECONDS = 40
const STEP = 2

interface Footage {
  readonly sources: readonly string[]
  readonly model: string
  readonly args: readonly string[]
}

/** Looped cameras through the whole product, from outside: what a subscriber hears, and what the process tree takes. */
export const cameras: Benchmark = {
  about: 'looped cameras at 5 frames a second through a running Sentinel, heard by one subscriber',
  async run(say, { count = 10, minutes = 2, max = false }) {
    const footage = await findFootage(say)
    // How fast the machine is just now: shared ones differ by half from hour to hour.
    const bareCpuMs = await (await Bare.open(footage.model, RECTANGLE)).measure()
    const figures = await (max ? mostCameras(footage, count, say) : oneRun(footage, count, minutes * 60, say))
    return { ...figures, bareCpuMs }
  },
}

/** The built-in city where it is there, else the shared clip with the shared model. */
export async function findFootage(say: (text: string) => void): Promise<Footage> {
  const [catalogue, model] = [join(root, 'city', 'cameras.json'), join(root, 'detector', 'model.onnx')]
  if (existsSync(catalogue) && existsSync(model)) {
    const rows = JSON.parse(await readFile(catalogue, 'utf8')) as { source: string }[]
    return { sources: rows.map(({ source }) => resolve(root, 'city', source)), model, args: ['--model', model] }
  }
  const [clip, yolox, names] = [
    sharedFile('video/intel_car-detection.mp4'),
    sharedFile('models/yolox_nano.onnx'),
    sharedFile('models/coco80.names'),
  ]
  const missing = clip.skip || yolox.skip || names.skip
  if (missing) throw new Error(`bench cameras ${missing}`)
  say('The city is not there: the shared clip and yolox_nano take its place')
  const args = ['--model', yolox.path, '--names', names.path]
  return { sources: [`${clip.path}#loop`], model: yolox.path, args }
}

async function oneRun(footage: Footage, count: number, seconds: number, say: (text: string) => void): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-bench-cameras-'))
  try {
    const sentinel = await startWith(footage, count, folder)
    try {
      return await measure(sentinel, count, seconds, say)
    } finally {
      await sentinel.stop()
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

export async function startWith({ sources, args }: Footage, count: number, folder: string): Promise<Started> {
  const rows = Array.from({ length: count }, (_, n) => ({
    name: `Camera ${n}`,
    source: sources[n % sources.length]!,
    fps: FPS,
  }))
  const file = join(folder, 'cameras.json')
  await writeFile(file, JSON.stringify(rows))
  return startSentinel(['--port', '0', '--data-dir', join(folder, 'data'), '--cameras', file, ...args])
}

interface Heard {
  readonly frameDetected: { readonly camera: { readonly id: string }; readonly capturedAt: string }
}

async function measure(
  sentinel: Started,
  count: number,
  seconds: number,
  say: (text: string) => void,
): Promise<Figures> {
  const latencies: number[] = []
  const frames = new Map<string, number>()
  const query = 'subscription { frameDetected { camera { id } capturedAt } }'
  const subscription = subscribe<Heard>(sentinel, query, ({ frameDetected: { camera, capturedAt } }) => {
    latencies.push(Date.now() - Date.parse(capturedAt))
    frames.set(camera.id, (frames.get(camera.id) ?? 0) + 1)
  })
  await Promise.race([delay(WARM_UP_MS), subscription.broken])
  latencies.length = 0
  frames.clear()
  const from = performance.now()
  const tree = treeOf(sentinel.child.pid!)
  const cpu = cpuOf(tree)
  const memory = await Promise.race([watchMemory(tree, seconds, say), subscription.broken])
  const elapsed = (performance.now() - from) / 1000
  const cores = (cpuOf(tree) - cpu) / 1000 / elapsed
  await subscription.close()
  const rates = [...frames.values()].map((number) => number / elapsed)
  return {
    cameras: frames.size,
    detectionsPerSecondPerCamera: rates.reduce((sum, rate) => sum + rate, 0) / count,
    fairnessRatio: frames.size < count ? 0 : Math.min(...rates) / Math.max(...rates),
    p50CaptureToEventMs: quantile(latencies, 0.5),
    p95CaptureToEventMs: quantile(latencies, 0.95),
    rssSlopeMiBPerMinute: slope(memory.slice(Math.floor(memory.length / 2))),
    memoryMiB: memory.at(-1)![1],
    cores,
  }
}

/** CPU time of processes so far, milliseconds. */
export const cpuOf = (tree: readonly number[]): number => sum(tree, processMs)

/** A process that has ended takes nothing. */
function sum(tree: readonly number[], each: (pid: number) => number): number {
  return tree.reduce((total, pid) => {
    try {
      return total + each(pid)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ESRCH')
        return total
      throw error
    }
  }, 0)
}

/** Minutes and MiB of the tree, every few seconds. */
async function watchMemory(
  tree: readonly number[],
  seconds: number,
  say: (text: string) => void,
): Promise<[number, number][]> {
  const points: [number, number][] = []
  const from = performance.now()
  let told = 0
  for (;;) {
    const elapsed = (performance.now() - from) / 1000
    points.push([elapsed / 60, sum(tree, memoryMiB)])
    if (elapsed >= told) {
      say(`${Math.round(elapsed)} of ${seconds} s, ${Math.round(points.at(-1)![1])} MiB`)
      told += 60
    }
    if (elapsed >= seconds) return points
    await delay(Math.min(MEMORY_EVERY_MS, (seconds - elapsed) * 1000))
  }
}

/** Adds cameras until they no longer get what they ask for in time. */
async function mostCameras(footage: Footage, from: number, say: (text: string) => void): Promise<Figures> {
  let best: Figures | undefined
  for (let count = from; ; count += STEP) {
    const figures = await oneRun(footage, count, STEP_SECONDS, () => {})
    const { p95CaptureToEventMs: p95, detectionsPerSecondPerCamera: rate, fairnessRatio } = figures
    say(
      `${count} cameras: ${rate!.toFixed(2)} a second each, p95 ${Math.round(p95!)} ms, ${figures.cores!.toFixed(2)} cores`,
    )
    const isServed = p95! < LATENCY_GOAL_MS && rate! >= FPS * RATE_GOAL && fairnessRatio! >= RATE_GOAL
    if (!isServed) return { ...(best ?? figures), maxCameras: best?.cameras ?? 0 }
    best = figures
  }
}
