import { type Said, say } from '../said.ts'
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
  readonly reason: Said
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
  if (seconds < rules.watchSeconds) return { decision: 'wait', reason: say('rollout.isWatched', {}), figures }
  // Where no camera shows anything there is nothing to wait for, and nothing to break either.
  if (now.frames < rules.watchFrames && isWatched)
    return { decision: 'wait', reason: say('rollout.fewFrames', { frames: now.frames }), figures }
  return { decision: 'good', reason: say('rollout.nothingWorse', { seconds: Math.round(seconds) }), figures }
}

function silent({ now, before, seconds, isWatched }: Signals): Said | undefined {
  if (now.frames > 0 || before.frames === 0 || !isWatched || seconds < SILENT_SECONDS) return undefined
  return say('rollout.silent', { seconds: Math.round(seconds) })
}

function worse(now: Performance, before: Performance, rules: WatchRules): Said | undefined {
  if (before.frames < rules.watchFrames) return undefined
  const figures = (key: 'boxesPerFrame' | 'latencyMs' | 'framesPerSecond') => ({ now: now[key]!, before: before[key]! })
  if (below(now.boxesPerFrame, before.boxesPerFrame, rules.watchFewer))
    return say('rollout.fewerBoxes', figures('boxesPerFrame'))
  if (above(now.boxesPerFrame, before.boxesPerFrame, rules.watchMore))
    return say('rollout.moreBoxes', figures('boxesPerFrame'))
  if (above(now.latencyMs, before.latencyMs, rules.watchLatency)) return say('rollout.slower', figures('latencyMs'))
  if (below(now.framesPerSecond, before.framesPerSecond, rules.watchFrameRate))
    return say('rollout.fewerFrames', figures('framesPerSecond'))
  return undefined
}

function rejected({ verdicts, rejected: count }: Performance, rules: WatchRules): Said | undefined {
  if (verdicts < rules.watchVerdicts || count / verdicts <= rules.watchRejected) return undefined
  return say('rollout.rejected', { rejected: count, verdicts })
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
