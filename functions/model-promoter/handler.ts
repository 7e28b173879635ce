import { codeOf } from '../../platform/errors.ts'
import type { ModelEvaluation } from '../../platform/events/model.ts'
import { type Context, type Incoming, implement } from '../../platform/function.ts'
import { promoteModel } from '../../platform/rollout/promote.ts'
import { newestRollout } from '../../platform/rollout/state.ts'
import { declaration } from './function.ts'

type Evaluated = Incoming<typeof declaration>

/** A candidate that passed is tried on some of the cameras first. */
export const modelPromoter = implement(declaration, async (event, { config, ...desk }) => {
  if (!isWanted(event.data, config)) return []
  // What it was held against runs no more: what its gates say is of another day.
  if ((await newestRollout(desk.database))?.model !== event.data.running) return []
  await promote(event, desk, config.canaryShare)
  return []
})

function isWanted(
  { verdict, isTrained }: ModelEvaluation,
  { promote }: Context<typeof declaration>['config'],
): boolean {
  return verdict === 'passed' && (promote === 'all' || (promote === 'trained' && isTrained))
}

async function promote(
  { subject: digest, id, data }: Evaluated,
  desk: Parameters<typeof promoteModel>[0],
  share: number,
): Promise<void> {
  const figures = data.gates.filter(({ state }) => state !== 'unknown').map(({ name, reason }) => `${name}: ${reason}`)
  const reason = `All of its gates passed. ${data.reason}`
  const promotion = { digest, by: declaration.name, reason, share, cause: id, figures, isForced: true }
  try {
    await promoteModel(desk, promotion)
  } catch (error) {
    // Somebody promoted it by hand meanwhile, or something else: their wish counts.
    if (codeOf(error) !== 'CONFLICT') throw error
  }
}
