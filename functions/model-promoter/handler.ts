import { codeOf, SentinelError } from '../../platform/errors.ts'
import type { ModelEvaluation } from '../../platform/events/model.ts'
import { type Context, type Incoming, implement } from '../../platform/function.ts'
import type { Database } from '../../platform/ports/database.ts'
import { promoteModel } from '../../platform/rollout/promote.ts'
import { newestRollout } from '../../platform/rollout/state.ts'
import { joined, say } from '../../platform/said.ts'
import { declaration } from './function.ts'
import { takeBack, verdictIn } from './take-back.ts'

type Evaluated = Incoming<typeof declaration>

/** A candidate that passed is tried on some of the cameras first; one that people come to find worse is taken back. */
export const modelPromoter = implement(declaration, async (event, { config, ...desk }) => {
  const { verdict, running } = event.data
  if (verdict === 'failed') {
    if (await takeBack(event, desk, config.takeBack)) await send(desk)
    return []
  }
  if (!isWanted(event.data, config)) return []
  // Where something else runs by now, what its gates say is of another day.
  const isCurrent = (await newestRollout(desk.database))?.model === running
  if (isCurrent && !(await wasTakenBack(desk.database, event.subject))) await promote(event, desk, config.canaryShare)
  await send(desk)
  return []
})

/** Whether it comes again is for people to say: it would come and go with each of their words. */
async function wasTakenBack(database: Database, digest: string): Promise<boolean> {
  const rollback = database
    .selectFrom('rollouts')
    .select('id')
    .where('subject', '=', digest)
    .where('kind', '=', 'rollback')
  return (await rollback.limit(1).executeTakeFirst()) !== undefined
}

/** The repository here may be gone with this process: the event is done only when the commit is where others find it. */
async function send({ repository }: Pick<Parameters<typeof promoteModel>[0], 'repository'>): Promise<void> {
  const { state, message } = await repository.synchronise()
  if (state === 'waiting') throw new SentinelError('SERVER_UNAVAILABLE', message)
}

function isWanted({ isTrained }: ModelEvaluation, { promote }: Context<typeof declaration>['config']): boolean {
  return promote === 'all' || (promote === 'trained' && isTrained)
}

async function promote(
  { subject: digest, id, data }: Evaluated,
  desk: Parameters<typeof promoteModel>[0],
  share: number,
): Promise<void> {
  const figures = data.gates.filter(({ state }) => state !== 'unknown').map(({ name, reason }) => `${name}: ${reason}`)
  const reason = joined([say('rollout.gatesPassed', {}), verdictIn(data)])
  const promotion = { digest, by: declaration.name, reason, share, cause: id, figures, isForced: true }
  try {
    await promoteModel(desk, promotion)
  } catch (error) {
    // Somebody promoted it by hand meanwhile, or something else: their wish counts.
    if (codeOf(error) !== 'CONFLICT') throw error
  }
}
