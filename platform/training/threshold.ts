import type { Light } from '../events/annotation.ts'
import { type Said, say } from '../said.ts'

export interface TrainingRules {
  /** New pictures. */
  readonly trainAfter: number
  /** New pictures of one light. */
  readonly trainAfterLight: number
  /** New boxes of one class. */
  readonly trainAfterBoxes: number
  /** Hours after which even a few new pictures are reason enough. */
  readonly trainAfterHours: number
  /** Share of rejections among the latest verdicts on the running model's frames, and how many of these are looked at. */
  readonly trainAfterRejected: number
  readonly trainVerdicts: number
  /** Trainings a day. */
  readonly trainBudget: number
  /** Seconds without a new annotation: whoever is at work is not interrupted half-way. */
  readonly trainQuiet: number
}

/** An annotation that stands. */
export interface Learnable {
  readonly verdictId: string
  readonly light: Light
  readonly classes: readonly string[]
  /** Milliseconds since the epoch. */
  readonly recordedAt: number
}

export interface Judged {
  readonly verdicts: number
  readonly rejected: number
}

export interface Situation {
  readonly annotations: readonly Learnable[]
  /** The latest verdicts on the running model's frames since the last training was requested. */
  readonly judged: Judged
  /** Verdicts that were trained on before. */
  readonly known: ReadonlySet<string>
  /** Whether a training waits or runs. */
  readonly isBusy: boolean
  readonly runsToday: number
  /** Milliseconds since the epoch. */
  readonly now: number
}

const HOUR_MS = 3_600_000
/** Fewer pictures teach nothing, however old they are and however badly the model does. */
const LEAST_FRESH = 5

/** Why to train now; undefined when not to. */
export function reasonToTrain(situation: Situation, rules: TrainingRules): Said | undefined {
  const { annotations, known, isBusy, runsToday, now } = situation
  const fresh = annotations.filter(({ verdictId }) => !known.has(verdictId))
  if (isBusy || runsToday >= rules.trainBudget || fresh.length === 0) return undefined
  const newest = Math.max(...fresh.map(({ recordedAt }) => recordedAt))
  if (now - newest < rules.trainQuiet * 1000) return undefined
  return crossed(fresh, rules) ?? rejected(fresh, situation.judged, rules) ?? old(fresh, now, rules)
}

function crossed(fresh: readonly Learnable[], rules: TrainingRules): Said | undefined {
  const count = fresh.length
  if (count >= rules.trainAfter) return say('training.pictures', { count })
  const byLight = most(fresh.map(({ light }) => light))
  if (byLight && byLight.count >= rules.trainAfterLight)
    return say('training.picturesBy', { count: byLight.count, light: byLight.name })
  const byClass = most(fresh.flatMap(({ classes }) => classes))
  if (byClass && byClass.count >= rules.trainAfterBoxes) return say('training.boxesOf', { ...byClass })
  return undefined
}

function rejected(fresh: readonly Learnable[], { verdicts, rejected: count }: Judged, rules: TrainingRules) {
  if (fresh.length < LEAST_FRESH || verdicts < rules.trainVerdicts) return undefined
  if (count / verdicts < rules.trainAfterRejected) return undefined
  return say('training.rejected', { count: fresh.length, rejected: count, verdicts })
}

function old(fresh: readonly Learnable[], now: number, { trainAfterHours }: TrainingRules): Said | undefined {
  const oldest = Math.min(...fresh.map(({ recordedAt }) => recordedAt))
  if (fresh.length < LEAST_FRESH || now - oldest < trainAfterHours * HOUR_MS) return undefined
  return say('training.waited', { count: fresh.length, hours: Math.floor((now - oldest) / HOUR_MS) })
}

function most(names: readonly string[]): { readonly name: string; readonly count: number } | undefined {
  const groups = [...Map.groupBy(names, (name) => name)].map(([name, all]) => ({ name, count: all.length }))
  return groups.sort((a, b) => b.count - a.count)[0]
}
