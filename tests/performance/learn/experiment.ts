import { recipeOf } from '../../../platform/training/recipe.ts'
import type { Figures } from '../figures.ts'
import type { Checkpoint } from './checkpoint.ts'
import { type Lesson, lessonsOf, nameOf } from './lessons.ts'
import { agreementOf, type Candidate, look, type Points, pointsOf } from './measure.ts'
import { type Found, halfOf, queueOrder, randomOrder } from './order.ts'
import { figuresOf, type Outcome, type Standing } from './outcomes.ts'
import type { CityPicture, PictureFile } from './pictures.ts'
import { type Material, teach } from './teach.ts'

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
  const boxes = await checkpoint.once('found in the pool', () => look(parent, pool, REPORTED))
  const found = new Map(pool.map(({ file }, at) => [file, boxes[at]!]))
  const outcomes: Outcome[] = []
  const lessons = lessonsOf(setting.isQuick)
  for (const [at, lesson] of lessons.entries()) {
    const begun = performance.now()
    const outcome = await checkpoint.once(nameOf(lesson), () => learnt(setting, lesson, found, start))
    outcomes.push(outcome)
    say(progressOf(outcome, at + 1, lessons.length, (performance.now() - begun) / 1000))
  }
  return {
    ...figuresOf(start, lifted, outcomes),
    ...(await checkpoint.once('in one thread', () => inOneThread(setting, lessons[0]!, found))),
    isQuick: Number(setting.isQuick),
  }
}

/** What the second thread is for. */
async function inOneThread(setting: Setting, lesson: Lesson, found: Found): Promise<Figures> {
  const { seconds, cpuSeconds } = await teach(setting.parent, { ...materialOf(setting, lesson, found), threads: 1 })
  return { trainSecondsInOneThread: seconds, trainCpuSecondsInOneThread: cpuSeconds }
}

function progressOf(
  { lesson, gain, forgotten, taught }: Outcome,
  done: number,
  total: number,
  seconds: number,
): string {
  const points = `gained ${text(gain)}, forgotten by day ${text(forgotten)}`
  return `${done} of ${total}, ${nameOf(lesson)}: ${points}; ${taught.boxes} boxes, ${taught.seconds.toFixed(0)} s of ${seconds.toFixed(0)} s`
}

async function judged({ shifted, day }: Setting, candidate: Candidate): Promise<Standing> {
  return { shifted: await pointsOf(candidate, shifted), day: await pointsOf(candidate, day) }
}

async function learnt(setting: Setting, lesson: Lesson, found: Found, start: Standing): Promise<Outcome> {
  const { parent, real } = setting
  const taught = await teach(parent, materialOf(setting, lesson, found))
  const { shifted, day } = await judged(setting, taught)
  const { boxes, seconds, cpuSeconds } = taught
  const points = { gain: less(shifted, start.shifted), forgotten: less(start.day, day) }
  const agreement = await agreementOf(parent, taught, real)
  return { lesson, ...points, agreement, taught: { boxes, seconds, cpuSeconds } }
}

/** The frames that an operator certifies, and how they are learnt. */
function materialOf({ pool, base }: Setting, lesson: Lesson, found: Found): Material {
  const { method, frames, order, seed, mistakes, isHalf } = lesson
  const there = isHalf ? halfOf(pool, seed) : pool
  const chosen = order === 'queue' ? queueOrder(there, found, frames, seed) : randomOrder(there, seed)
  const recipe = { ...recipeOf('0'.repeat(64), frames, { method }), seed }
  return { learnt: chosen.slice(0, frames), base, recipe, mistakes }
}

const less = (a: Points, b: Points): Points => ({ vehicle: a.vehicle - b.vehicle, person: a.person - b.person })

const text = ({ vehicle, person }: Points): string => `${vehicle.toFixed(1)} / ${person.toFixed(1)}`
const told = (name: string, shifted: Points, day: Points): string =>
  `${name}: vehicles / persons ${text(shifted)}, by day ${text(day)}`
