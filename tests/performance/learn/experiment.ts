import type { Box } from '../../../platform/events/frame.ts'
import type { Recipe } from '../../../platform/events/training.ts'
import { recipeOf } from '../../../platform/training/recipe.ts'
import type { Figures } from '../figures.ts'
import type { Checkpoint } from './checkpoint.ts'
import { agreementOf, type Candidate, look, type Points, pointsOf } from './measure.ts'
import { queueOrder, randomOrder } from './order.ts'
import type { CityPicture, PictureFile } from './pictures.ts'
import { type Taught, teach } from './teach.ts'

export interface Setting {
  readonly parent: Candidate
  /** Frames that an operator may be shown. */
  readonly pool: readonly CityPicture[]
  /** Cameras that are never learnt from. */
  readonly shifted: readonly CityPicture[]
  readonly day: readonly CityPicture[]
  /** Real ones, of which nobody says what is in them: what is said of them is to stay. */
  readonly real: readonly PictureFile[]
  /** Rehearsed. */
  readonly base: readonly CityPicture[]
  readonly isQuick: boolean
  readonly checkpoint: Checkpoint
  readonly say: (text: string) => void
}

/** What one training came to: gains over the model as it is shipped. */
interface Outcome {
  readonly name: string
  readonly gain: Points
  readonly forgotten: Points
  /** With the model as it is shipped on real pictures, a share; null without them. */
  readonly agreement: number | null
  readonly taught: Pick<Taught, 'boxes' | 'seconds' | 'cpuSeconds'>
}

/** About 200 boxes. */
const FRAMES = 25
/** Score from which detect reports a box, and triage sees it. */
const REPORTED = 0.1

/** Everything that issue 6 asks of the learning loop, as figures in points of AP50. */
export async function experiment(setting: Setting): Promise<Figures> {
  const { parent, pool, say } = setting
  const { checkpoint } = setting
  const start = await checkpoint.once('as shipped', () => judged(setting, parent))
  say(told('as shipped', start.shifted, start.day))
  const corrected: Candidate = { ...parent, side: { ...parent.side, tone: 'adaptive' } }
  const lifted = await checkpoint.once('input corrected', () => judged(setting, corrected))
  say(told('input corrected', lifted.shifted, lifted.day))
  const found = await checkpoint.once('found in the pool', () => look(parent, pool, REPORTED))
  const outcomes: Outcome[] = []
  const lessons = lessonsOf(setting.isQuick)
  for (const [at, lesson] of lessons.entries()) {
    const begun = performance.now()
    const outcome = await checkpoint.once(nameOf(lesson), () => learnt(setting, lesson, found, start))
    outcomes.push(outcome)
    say(progressOf(outcome, at + 1, lessons.length, (performance.now() - begun) / 1000))
  }
  return figuresOf(setting, start, lifted, outcomes)
}

function progressOf({ name, gain, forgotten, taught }: Outcome, done: number, total: number, seconds: number): string {
  const points = `gained ${text(gain)}, forgotten by day ${text(forgotten)}`
  return `${done} of ${total}, ${name}: ${points}; ${taught.boxes} boxes, ${taught.seconds.toFixed(0)} s of ${seconds.toFixed(0)} s`
}

interface Standing {
  readonly shifted: Points
  readonly day: Points
}

async function judged({ shifted, day }: Setting, candidate: Candidate): Promise<Standing> {
  return { shifted: await pointsOf(candidate, shifted), day: await pointsOf(candidate, day) }
}

interface Lesson {
  readonly method: Recipe['method']
  readonly frames: number
  readonly order: 'queue' | 'random'
  readonly seed: number
  readonly mistakes: number
}

/** Every question is asked with all else as it is shipped. */
function lessonsOf(isQuick: boolean): Lesson[] {
  const usual: Lesson = { method: recipeOf('', FRAMES).method, frames: FRAMES, order: 'queue', seed: 1, mistakes: 0 }
  if (isQuick) return [usual, { ...usual, order: 'random' }]
  const seeds = [1, 2, 3]
  return [
    ...seeds.flatMap((seed): Lesson[] => [
      { ...usual, seed },
      { ...usual, seed, order: 'random' },
    ]),
    ...[10, 50, 100].map((frames) => ({ ...usual, frames })),
    ...[0.05, 0.1].map((mistakes) => ({ ...usual, mistakes })),
    ...(['last', 'head', 'whole'] as const)
      .filter((method) => method !== usual.method)
      .map((method) => ({ ...usual, method })),
  ]
}

const nameOf = ({ method, frames, order, seed, mistakes }: Lesson): string =>
  `${method}.${order}.frames${frames}.seed${seed}.mistakes${mistakes * 100}`

async function learnt(
  setting: Setting,
  lesson: Lesson,
  found: readonly (readonly Box[])[],
  start: Standing,
): Promise<Outcome> {
  const { parent, pool, base, real } = setting
  const { method, frames, order, seed, mistakes } = lesson
  const chosen = order === 'queue' ? queueOrder(pool, found, frames, seed) : randomOrder(pool, seed).slice(0, frames)
  const recipe = { ...recipeOf('0'.repeat(64), frames, { method }), seed }
  const taught = await teach(parent, { learnt: chosen, base, recipe, mistakes })
  const { shifted, day } = await judged(setting, taught)
  const { boxes, seconds, cpuSeconds } = taught
  const points = { gain: less(shifted, start.shifted), forgotten: less(start.day, day) }
  const agreement = await agreementOf(parent, taught, real)
  return { name: nameOf(lesson), ...points, agreement, taught: { boxes, seconds, cpuSeconds } }
}

const less = (a: Points, b: Points): Points => ({ vehicle: a.vehicle - b.vehicle, person: a.person - b.person })

const text = ({ vehicle, person }: Points): string => `${vehicle.toFixed(1)} / ${person.toFixed(1)}`
const told = (name: string, shifted: Points, day: Points): string =>
  `${name}: vehicles / persons ${text(shifted)}, by day ${text(day)}`

function figuresOf({ isQuick }: Setting, start: Standing, lifted: Standing, outcomes: readonly Outcome[]): Figures {
  const { method } = recipeOf('', FRAMES)
  const usual = outcomes.filter(
    ({ name }) => name.startsWith(`${method}.queue.frames${FRAMES}.`) && name.endsWith('mistakes0'),
  )
  const random = outcomes.filter(({ name }) => name.startsWith(`${method}.random.frames${FRAMES}.`))
  const gains = usual.map(({ gain }) => gain.vehicle)
  const gain = mean(gains)
  return {
    gainAp50At200: gain,
    gainAp50At200Spread: Math.max(...gains) - Math.min(...gains),
    gainOverRandomAt200: gain - mean(random.map((each) => each.gain.vehicle)),
    forgottenAp50: mean(usual.map(({ forgotten }) => forgotten.vehicle)),
    ...(usual[0]?.agreement != null && { agreementOnRealRoads: mean(usual.map(({ agreement }) => agreement!)) }),
    trainSeconds: mean(usual.map(({ taught }) => taught.seconds)),
    trainCpuSeconds: mean(usual.map(({ taught }) => taught.cpuSeconds)),
    boxesAt200: mean(usual.map(({ taught }) => taught.boxes)),
    seeds: usual.length,
    isQuick: Number(isQuick),
    ap50AsShipped: start.shifted.vehicle,
    ap50ByDayAsShipped: start.day.vehicle,
    gainByInputCorrection: lifted.shifted.vehicle - start.shifted.vehicle,
    forgottenByInputCorrection: start.day.vehicle - lifted.day.vehicle,
    ...Object.fromEntries(outcomes.flatMap((outcome) => entriesOf(outcome))),
  }
}

function entriesOf({ name, gain, forgotten }: Outcome): [string, number][] {
  return [
    [`${name}.gain`, gain.vehicle],
    [`${name}.gainPerson`, gain.person],
    [`${name}.forgotten`, forgotten.vehicle],
  ]
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
