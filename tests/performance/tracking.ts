import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { loadModel } from '../../platform/adapters/model-onnxruntime/load-model.ts'
import { SentinelError } from '../../platform/errors.ts'
import { root } from '../../platform/paths.ts'
import type { Benchmark, Figures } from './figures.ts'
import { figuresOf, shippedNumbers, type TrackerNumbers } from './tracking/follow.ts'
import { atRate, type Clip, clipsIn, type Footage, watch } from './tracking/footage.ts'
import { sketchFootage } from './tracking/sketch.ts'
import { tune } from './tracking/tune.ts'

const CLIPS = join(root, 'city', 'clips')
const MODEL = join(root, 'detector', 'model.onnx')
const RATES = [5, 10]

/** Tracks on the city's clips against their truth, at the rates that cameras are watched at. */
export const tracking: Benchmark = {
  about: 'identities on the city at 5 and 10 frames a second; every second camera was kept out of tuning',
  async run(say, { tune: isTuning }) {
    const clips = clipsIn(CLIPS)
    if (clips.length < 2) {
      say(`There are no clips with their truth in ${CLIPS}: the tracker is measured alone, on sketched traffic.`)
      return prefixed('sketch', measured(sketchFootage(), isTuning, say))
    }
    return measured(await watchAll(clips, say), isTuning, say)
  },
}

function measured(footage: readonly Footage[], isTuning: boolean | undefined, say: (text: string) => void): Figures {
  const numbers = shippedNumbers()
  const { forTuning, keptOut } = divided(footage)
  if (isTuning) {
    const rates = RATES.map((fps) => forTuning.map((clip) => atRate(clip, fps)))
    const best = tune(rates, numbers, say)
    for (const [name, value] of Object.entries(summary(forTuning, best))) say(`tuned on ${name}: ${value.toFixed(4)}`)
    for (const [name, value] of Object.entries(summary(keptOut, best))) say(`kept out ${name}: ${value.toFixed(4)}`)
  }
  return { ...summary(keptOut, numbers), ...byCamera(footage, numbers) }
}

function prefixed(prefix: string, figures: Figures): Figures {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${prefix}.${name}`, value]))
}

async function watchAll(clips: readonly Clip[], say: (text: string) => void): Promise<Footage[]> {
  if (!existsSync(MODEL)) {
    const message = `bench tracking needs the base detector, ${MODEL}: detector/README.md says how it is made.`
    throw new SentinelError('NOT_FOUND', message)
  }
  const model = await loadModel({ file: MODEL })
  try {
    const footage: Footage[] = []
    for (const clip of clips) {
      footage.push(await watch(clip, model))
      say(`${clip.camera}: ${footage.at(-1)!.frames.length} frames seen, ${footage.length} of ${clips.length} clips`)
    }
    return footage
  } finally {
    await model.close()
  }
}

/** By turns, in the order of their names. */
function divided(footage: readonly Footage[]) {
  return {
    forTuning: footage.filter((_, at) => at % 2 === 0),
    keptOut: footage.filter((_, at) => at % 2 === 1),
  }
}

/** The names without a rate are those of 5 frames a second. */
function summary(footage: readonly Footage[], numbers: TrackerNumbers): Figures {
  const [slow, fast] = RATES.map((fps) =>
    figuresOf(
      footage.map((clip) => atRate(clip, fps)),
      numbers,
    ),
  )
  const { idf1, mota, idSwitchesPerMinute } = fast!
  return { ...slow!, idf1At10Fps: idf1, motaAt10Fps: mota, idSwitchesPerMinuteAt10Fps: idSwitchesPerMinute }
}

function byCamera(footage: readonly Footage[], numbers: TrackerNumbers): Figures {
  const figures = footage.flatMap((clip) =>
    Object.entries(summary([clip], numbers)).map(([name, value]) => [`${clip.camera}.${name}`, value]),
  )
  return Object.fromEntries(figures)
}
