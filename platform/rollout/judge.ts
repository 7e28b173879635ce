import type { Performance, Signals } from './signals.ts'

export interface WatchRules {
  /** How long a model is watched on each step, seconds. */
  readonly watchSeconds: number
  /** Frames without which nothing can be said. */
  readonly watchFrames: number
  /** Least and most boxes a frame, as a share of what the model before it found. */
  readonly watchFewer: number
  readonly watchMore: number
  /** Most time a picture, as a share of what the model before it took. */
  readonly watchLatency: number
  /** Least frames a second, as a share of before: those that it fails on are missing. */
  readonly watchFrameRate: number
  /** Most rejections among verdicts on its frames, and verdicts without which nothing can be said. */
  readonly watchRejected: number
  readonly watchVerdicts: number
}

export interface Judgement {
  readonly decision: 'wait' | 'good' | 'bad'
  readonly reason: string
  readonly figures: readonly string[]
}

/** Cameras that show pictures while a model answers nothing for so long: it fails on every one. */
const SILENT_SECONDS = 30

/** Bad as soon as one signal is; good only after the whole watch, and when there were frames to tell by. */
export function judgeRollout(signals: Signals, rules: WatchRules): Judgement {
  const { now, before, seconds, isWatched } = signals
  const figures = figuresOf(now, before)
  const bad =
    silent(signals) ?? (now.frames < rules.watchFrames ? undefined : worse(now, before, rules)) ?? rejected(now, rules)
  if (bad) return { decision: 'bad', reason: bad, figures }
  if (seconds < rules.watchSeconds) return { decision: 'wait', reason: 'It is being watched.', figures }
  // Where no camera shows anything there is nothing to wait for, and nothing to break either.
  if (now.frames < rules.watchFrames && isWatched)
    return { decision: 'wait', reason: `It has seen only ${now.frames} frames.`, figures }
  return { decision: 'good', reason: `Nothing turned worse in ${Math.round(seconds)} s.`, figures }
}

function silent({ now, before, seconds, isWatched }: Signals): string | undefined {
  if (now.frames > 0 || before.frames === 0 || !isWatched || seconds < SILENT_SECONDS) return undefined
  return `For ${Math.round(seconds)} s it has answered no frame of cameras that show pictures.`
}

function worse(now: Performance, before: Performance, rules: WatchRules): string | undefined {
  if (before.frames < rules.watchFrames) return undefined
  return (
    (below(now.boxesPerFrame, before.boxesPerFrame, rules.watchFewer) &&
      `It finds ${text(now.boxesPerFrame)} boxes a frame where the model before it found ${text(before.boxesPerFrame)}.`) ||
    (above(now.boxesPerFrame, before.boxesPerFrame, rules.watchMore) &&
      `It finds ${text(now.boxesPerFrame)} boxes a frame where the model before it found only ${text(before.boxesPerFrame)}.`) ||
    (above(now.latencyMs, before.latencyMs, rules.watchLatency) &&
      `It takes ${text(now.latencyMs)} ms a picture where the model before it took ${text(before.latencyMs)} ms.`) ||
    (below(now.framesPerSecond, before.framesPerSecond, rules.watchFrameRate) &&
      `It answers ${text(now.framesPerSecond)} frames a second of a camera where it was ${text(before.framesPerSecond)}: it fails on the others.`) ||
    undefined
  )
}

function rejected({ verdicts, rejected: count }: Performance, rules: WatchRules): string | undefined {
  if (verdicts < rules.watchVerdicts || count / verdicts <= rules.watchRejected) return undefined
  return `People rejected ${count} of the ${verdicts} frames of its that they judged.`
}

function below(now: number | null, before: number | null, share: number): boolean {
  return now !== null && before !== null && now < before * share
}

/** A street that was empty before says nothing of one that is not. */
function above(now: number | null, before: number | null, share: number): boolean {
  return now !== null && before !== null && before > 0 && now > before * share
}

function figuresOf(now: Performance, before: Performance): string[] {
  return [
    `boxes a frame: ${text(before.boxesPerFrame)} before, ${text(now.boxesPerFrame)} now, in ${now.frames} frames`,
    `milliseconds a picture: ${text(before.latencyMs)} before, ${text(now.latencyMs)} now`,
    `frames a second of a camera: ${text(before.framesPerSecond)} before, ${text(now.framesPerSecond)} now`,
    `verdicts: ${now.verdicts}, of them rejections: ${now.rejected}`,
  ]
}

function text(value: number | null): string {
  return value === null ? 'unknown' : value.toFixed(2)
}
