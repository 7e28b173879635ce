import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Started, startSentinel } from '../support/sentinel.ts'
import { sharedFile } from '../support/shared.ts'
import { type Benchmark, type Figures, median } from './figures.ts'

const ROUNDS = 3
const FUNCTIONS = ['frame-grabber', 'detect', 'event-store', 'triage-router']

/** From spawn to the ready line on a new data directory and on a used one, and to each function's first event. */
export const startup: Benchmark = {
  about: 'spawn to ready, first start and second, and spawn to the first event of each function',
  async run(say) {
    const rounds: Figures[] = []
    for (let round = 1; round <= ROUNDS; round++) {
      rounds.push(await oneRound())
      say(`round ${round} of ${ROUNDS}`)
    }
    const names = Object.keys(rounds[0]!)
    return Object.fromEntries(names.map((name) => [name, median(rounds.map((round) => round[name]!))]))
  },
}

async function oneRound(): Promise<Figures> {
  const directory = await mkdtemp(join(tmpdir(), 'sentinel-bench-start-'))
  const args = ['--port', '0', '--data-dir', join(directory, 'data'), ...(await pipelineArgs(directory))]
  try {
    const first = await startSentinel(args)
    await first.stop()
    const spawned = performance.now()
    const second = await startSentinel(args)
    const events = await firstEvents(second, spawned)
    await second.stop()
    return { readySeconds: second.readyMs / 1000, firstStartSeconds: first.readyMs / 1000, ...events }
  } finally {
    await rm(directory, { recursive: true })
  }
}

/** Without the shared data it starts with nothing to watch, and only readiness is measured. */
async function pipelineArgs(directory: string): Promise<string[]> {
  const [clip, model, names] = [
    sharedFile('video/intel_car-detection.mp4'),
    sharedFile('models/yolox_nano.onnx'),
    sharedFile('models/coco80.names'),
  ]
  if (clip.skip || model.skip || names.skip) return []
  const cameras = join(directory, 'cameras.json')
  await writeFile(cameras, JSON.stringify([{ name: 'Clip', source: `${clip.path}#loop` }]))
  return ['--cameras', cameras, '--model', model.path, '--names', names.path]
}

async function firstEvents({ origin, token }: Started, spawned: number): Promise<Figures> {
  const found: Record<string, number> = {}
  for (const end = performance.now() + 20_000; performance.now() < end; await delay(20)) {
    const text = await (await fetch(`${origin}/metrics`, { headers: { authorization: `Bearer ${token}` } })).text()
    for (const name of FUNCTIONS) {
      const isBusy = new RegExp(`^sentinel_events_(handled|published)_total\\{function="${name}".*\\} [1-9]`, 'm').test(
        text,
      )
      if (isBusy) found[`${name}.ms`] ??= performance.now() - spawned
    }
    if (Object.keys(found).length === FUNCTIONS.length) break
  }
  return found
}
