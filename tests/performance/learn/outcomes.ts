import type { Figures } from '../figures.ts'
import { FEW, FRAMES, type Lesson, METHOD, nameOf } from './lessons.ts'
import type { Points } from './measure.ts'
import type { Taught } from './teach.ts'

export interface Standing {
  readonly shifted: Points
  readonly day: Points
}

/** What one training came to: gains over the model as it is shipped. */
export interface Outcome {
  readonly lesson: Lesson
  readonly gain: Points
  readonly forgotten: Points
  /** With the model as it is shipped on real pictures, a share; null without them. */
  readonly agreement: number | null
  readonly taught: Pick<Taught, 'boxes' | 'seconds' | 'cpuSeconds'>
}

export function figuresOf(start: Standing, lifted: Standing, outcomes: readonly Outcome[]): Figures {
  const of = (frames: number, order: Lesson['order']) => outcomes.filter(({ lesson }) => isUsual(lesson, frames, order))
  const [usual, random] = [of(FRAMES, 'queue'), of(FRAMES, 'random')]
  const gains = usual.map(({ gain }) => gain.vehicle)
  return {
    gainAp50At200: mean(gains),
    gainAp50At200Spread: Math.max(...gains) - Math.min(...gains),
    gainOverRandomAt200: mean(gains) - mean(random.map(({ gain }) => gain.vehicle)),
    forgottenAp50: mean(usual.map(({ forgotten }) => forgotten.vehicle)),
    ...(usual[0]?.agreement != null && { agreementOnRealRoads: mean(usual.map(({ agreement }) => agreement!)) }),
    trainSeconds: mean(usual.map(({ taught }) => taught.seconds)),
    trainCpuSeconds: mean(usual.map(({ taught }) => taught.cpuSeconds)),
    boxesAt200: mean(usual.map(({ taught }) => taught.boxes)),
    seeds: usual.length,
    ap50AsShipped: start.shifted.vehicle,
    ap50ByDayAsShipped: start.day.vehicle,
    gainByInputCorrection: lifted.shifted.vehicle - start.shifted.vehicle,
    forgottenByInputCorrection: start.day.vehicle - lifted.day.vehicle,
    ...Object.assign({}, ...FEW.map((frames) => overRandom(frames, outcomes))),
    ...Object.fromEntries(outcomes.flatMap((outcome) => entriesOf(outcome))),
  }
}

const isUsual = ({ method, mistakes, isHalf, ...lesson }: Lesson, frames: number, order: Lesson['order']): boolean =>
  method === METHOD && mistakes === 0 && !isHalf && lesson.frames === frames && lesson.order === order

/** What the queue's order gains over random sampling from the same cameras with the same seed: the mean, and how far the pairs lie apart. */
function overRandom(frames: number, outcomes: readonly Outcome[]): Figures {
  const pairs = outcomes.flatMap(({ lesson, gain }) => {
    if (!lesson.isHalf || lesson.frames !== frames || lesson.order !== 'queue') return []
    const name = nameOf({ ...lesson, order: 'random' })
    const random = outcomes.find((other) => nameOf(other.lesson) === name)
    return random ? [gain.vehicle - random.gain.vehicle] : []
  })
  if (pairs.length === 0) return {}
  const middle = mean(pairs)
  return {
    [`gainOverRandomAt${frames}Frames`]: middle,
    [`gainOverRandomAt${frames}FramesLeast`]: Math.min(...pairs),
    [`gainOverRandomAt${frames}FramesMost`]: Math.max(...pairs),
    [`gainOverRandomAt${frames}FramesError`]: standardError(pairs),
    [`gainOverRandomAt${frames}FramesPairs`]: pairs.length,
  }
}

function entriesOf({ lesson, gain, forgotten, taught }: Outcome): [string, number][] {
  const name = nameOf(lesson)
  return [
    [`${name}.gain`, gain.vehicle],
    [`${name}.gainPerson`, gain.person],
    [`${name}.forgotten`, forgotten.vehicle],
    [`${name}.forgottenPerson`, forgotten.person],
    [`${name}.boxes`, taught.boxes],
  ]
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Of the mean. */
function standardError(values: readonly number[]): number {
  const middle = mean(values)
  const variance = values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1)
  return Math.sqrt(variance / values.length)
}
