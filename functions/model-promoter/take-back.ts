import { codeOf } from '../../platform/errors.ts'
import type { Context, Incoming } from '../../platform/function.ts'
import type { Database } from '../../platform/ports/database.ts'
import { type RolloutDesk, rollBack } from '../../platform/rollout/promote.ts'
import { newestRollout, type Rollout } from '../../platform/rollout/state.ts'
import { joined, plainly, type Said, say } from '../../platform/said.ts'
import { declaration } from './function.ts'

type Evaluated = Incoming<typeof declaration>
type Whose = Context<typeof declaration>['config']['takeBack']

/**
 * Takes back a model that runs and whose gates fail after all, as when people come to prefer the one before it. What a person promoted is
 * theirs to take back unless the settings say otherwise.
 *
 * @returns whether there may be a commit to be sent: one event takes back once, and comes again where it could not be sent.
 */
export async function takeBack({ subject, data }: Evaluated, desk: RolloutDesk, whose: Whose): Promise<boolean> {
  if (whose === 'none') return false
  const newest = await newestRollout(desk.database)
  if (newest?.kind === 'rollback' && newest.by === declaration.name) return true
  if (!newest || before(newest, subject) !== data.running) return false
  if (whose === 'own' && (await whoBrought(desk.database, subject)) !== declaration.name) return false
  const figures = data.gates.filter(({ state }) => state === 'failed').map(({ name, reason }) => `${name}: ${reason}`)
  const reason = joined([say('rollout.gatesFail', {}), verdictIn(data)])
  try {
    await rollBack(desk, { by: declaration.name, reason, figures, of: subject, isUrgent: true })
  } catch (error) {
    // Somebody took it back or promoted another meanwhile: their wish counts.
    if (codeOf(error) !== 'CONFLICT') throw error
  }
  return true
}

/** Why it passed or failed; of an older event in its English. */
export function verdictIn({ reason, told }: Evaluated['data']): Said {
  return told ? { text: reason, told } : plainly(reason)
}

/** What a model took the place of, or stands beside; undefined where it does not run. */
function before({ model, canary, previous }: Rollout, digest: string): string | null | undefined {
  if (canary === digest) return model
  return model === digest && canary === null ? previous : undefined
}

/** Whoever wanted it first on its way to where it is: a canary that did well is handed on by the watch. */
async function whoBrought(database: Database, digest: string): Promise<string | undefined> {
  const rows = await database
    .selectFrom('rollouts')
    .select(['subject', 'kind', 'by'])
    .orderBy('sequence', 'desc')
    .limit(2)
    .execute()
  return rows.findLast(({ subject, kind }) => subject === digest && kind !== 'rollback')?.by
}
