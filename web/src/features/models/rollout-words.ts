import type { ChipKind } from '../../components/ui/chip.tsx'
import type { NamedModel, Rollout } from './api/rollouts.ts'

export type RolloutState = 'RUNS' | 'WAITS' | 'FAILED' | 'PAST'

export const ROLLOUT_KINDS = {
  RUNS: 'good',
  WAITS: 'live',
  FAILED: 'bad',
  PAST: 'plain',
} as const satisfies Record<RolloutState, ChipKind>

/** What became of a commit. @param newest the last commit that was made, which is what is to run. */
export function stateOf({ id, appliedAt, failure }: Rollout, newest: Rollout | undefined): RolloutState {
  if (id !== newest?.id) return 'PAST'
  if (failure !== null) return 'FAILED'
  return appliedAt === null ? 'WAITS' : 'RUNS'
}

/** From which model to which one a commit leads; nothing runs before the first one. */
export function wayOf({ kind, subject, model, canary, previous }: Rollout): {
  readonly from: NamedModel | null
  readonly to: NamedModel
} {
  if (kind === 'ROLLBACK') return { from: subject, to: model }
  if (canary) return { from: model, to: canary }
  return { from: previous?.id === model.id ? null : previous, to: model }
}

/** Whether there may be something to go back to: a first model has none before it. */
export function canGoBack(rollouts: readonly Rollout[]): boolean {
  const [newest] = rollouts
  if (!newest) return false
  return newest.canary !== null || rollouts.some(({ model }) => model.id !== newest.model.id)
}

/** Such as `25 %`. */
export function shareText(share: number): string {
  return `${Math.round(share * 100)} %`
}
