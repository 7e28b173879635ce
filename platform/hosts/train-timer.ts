import { considerTraining, type TrainingDesk } from '../training/request.ts'
import type { TrainingRules } from '../training/threshold.ts'
import { type LeaderOptions, leadWhile } from './leader.ts'

const CONSIDER_EVERY_MS = 60_000

/** What waits for its time, such as an old annotation or the next day's budget, has no event of its own. */
export function considerNowAndThen(
  options: Omit<LeaderOptions, 'name'>,
  desk: TrainingDesk,
  rules: TrainingRules,
): Promise<void> {
  return leadWhile({ ...options, name: 'training' }, async (_, signal) => {
    while (!signal.aborted) {
      await considerTraining(desk, rules)
      await desk.clock.sleep(CONSIDER_EVERY_MS, signal)
    }
  })
}
