import type { Transaction } from 'kysely'
import { completeEvent } from '../../platform/events/complete.ts'
import { ModelEvaluated, type ModelEvaluation, type ModelJudged } from '../../platform/events/model.ts'
import type { Context, Incoming } from '../../platform/function.ts'
import { appendToOutbox } from '../../platform/outbox.ts'
import type { Tables } from '../../platform/ports/tables.ts'
import type { declaration } from './function.ts'
import { peopleGate, verdictOf } from './gates.ts'
import { preferenceSoFar } from './live.ts'
import { type EvaluationRow, rejudge } from './rows.ts'

type Ports = Pick<Context<typeof declaration>, 'database' | 'clock' | 'config'>
type Judged = Extract<Incoming<typeof declaration>, { type: typeof ModelJudged.type }>

/**
 * People look at what the two disagree on when an evaluation has ended already: its verdict changes with what they say, and is told
 * anew in the same transaction when it does. One that is under way counts them at its end.
 */
export async function reconsider({ id, subject, data }: Judged, { database, clock, config }: Ports): Promise<void> {
  await database.transaction().execute(async (tx) => {
    const row = await endedEvaluation(tx, subject, data.running)
    if (!row) return
    const people = peopleGate(await preferenceSoFar(tx, subject, row.running), config)
    const gates = [...row.gates.filter(({ name }) => name !== people.name), people]
    const judged = verdictOf(gates)
    await rejudge(tx, subject, { ...judged, gates })
    if (judged.verdict === row.state) return
    const facts = { ...(await factsOf(tx, row)), ...judged, gates }
    const origin = { source: '/sentinel/models', id: `${id}-evaluated`, time: new Date(clock.now()).toISOString() }
    await appendToOutbox(tx, [completeEvent(ModelEvaluated.of(subject, facts), origin)])
  })
}

/** Locked, so that two words about it come one after the other. */
function endedEvaluation(tx: Transaction<Tables>, digest: string, running: string): Promise<EvaluationRow | undefined> {
  return tx
    .selectFrom('model_evaluations')
    .selectAll()
    .where('digest', '=', digest)
    .where('running', '=', running)
    .where('state', 'in', ['passed', 'failed'])
    .forUpdate()
    .executeTakeFirst()
}

async function factsOf(
  tx: Transaction<Tables>,
  { digest, running, comparisons, held_out: heldOut, reference, live }: EvaluationRow,
): Promise<Omit<ModelEvaluation, 'verdict' | 'reason' | 'told' | 'gates'>> {
  const { name, run } = await tx
    .selectFrom('models as m')
    .leftJoin('model_lineage as l', 'l.digest', 'm.digest')
    .select(['m.name', 'l.run'])
    .where('m.digest', '=', digest)
    .executeTakeFirstOrThrow()
  return { name, running, comparisons, heldOut, reference, live, isTrained: run !== null }
}
