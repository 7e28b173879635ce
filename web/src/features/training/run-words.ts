import type { ChipKind } from '../../components/ui/chip.tsx'
import type { Progress, Run } from './api/training.ts'

export const STATE_KINDS = {
  REQUESTED: 'plain',
  RUNNING: 'live',
  COMPLETED: 'good',
  FAILED: 'bad',
  CANCELLED: 'warn',
} as const satisfies Record<Run['state'], ChipKind>

export function isOpen({ state }: Pick<Run, 'state'>): boolean {
  return state === 'REQUESTED' || state === 'RUNNING'
}

/** 0..1; unknown before the first step. */
export function shareDone(progress: Progress | null): number | undefined {
  return progress && progress.total > 0 ? progress.done / progress.total : undefined
}

/** Over the steps of the fit: the losses on what is learnt and on what is kept for judging, and the precision (percent) there. */
export function fitLines(curve: readonly Progress[]) {
  const fit = curve.filter(({ stage }) => stage === 'FIT')
  const pick = (key: 'loss' | 'valLoss' | 'ap50', factor = 1) =>
    fit.flatMap((progress) => (progress[key] === null ? [] : [[progress.done, progress[key] * factor] as const]))
  return { loss: pick('loss'), valLoss: pick('valLoss'), precision: pick('ap50', 100) }
}

/** Milliseconds of work, until now while it goes on; undefined before it starts. */
export function tookMs({ startedAt, finishedAt }: Run, now: number): number | undefined {
  if (startedAt === null) return undefined
  return Math.max(0, (finishedAt === null ? now : Date.parse(finishedAt)) - Date.parse(startedAt))
}

/** Such as `42 s` or `3 min 05 s`. */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`
}
