import { joined, say } from '../said.ts'
import { judgeRollout, type WatchRules } from './judge.ts'
import { promoteModel, type RolloutDesk, rollBack } from './promote.ts'
import { signalsOf } from './signals.ts'
import type { Rollout } from './state.ts'

/** Who the commits are by that nobody asked for. */
const WATCHER = 'rollout-watch'
/** A promotion to all cameras is watched for so many times the watch of a canary: frames may be late. */
const WATCHES = 2

/** Only what somebody brought in is watched; what was gone back to was good before. */
const WATCHED = new Set(['canary', 'promote', 'change'])

/**
 * Looks after the newest promotion: takes it back as soon as a live signal turns bad, and hands a canary that did well on to all
 * cameras.
 *
 * @param cameras those that the promoted model looks at.
 */
export async function watchRollout(
  desk: RolloutDesk,
  rollout: Rollout,
  cameras: readonly string[],
  rules: WatchRules,
): Promise<void> {
  const { applied_at: appliedAt, subject: digest, kind } = rollout
  const now = desk.clock.now()
  if (!appliedAt || !WATCHED.has(kind) || isOver(rollout, appliedAt, now, rules)) return
  const previous = rollout.canary === null ? rollout.previous : rollout.model
  if (previous === null || previous === digest) return
  const asked = { digest, previous, appliedAt, now, windowSeconds: rules.watchSeconds, cameras }
  const { decision, reason, figures } = judgeRollout(await signalsOf(desk.database, asked), rules)
  if (decision === 'bad') await rollBack(desk, { by: WATCHER, reason, figures, isUrgent: true })
  else if (decision === 'good' && kind === 'canary')
    await promoteModel(desk, {
      digest,
      by: WATCHER,
      reason: joined([say('rollout.canaryDidWell', {}), reason]),
      figures,
      isForced: true,
    })
}

/** A canary is watched until it is decided. */
function isOver({ kind }: Rollout, appliedAt: Date, now: number, { watchSeconds }: WatchRules): boolean {
  return kind !== 'canary' && now - appliedAt.getTime() > WATCHES * watchSeconds * 1000
}
