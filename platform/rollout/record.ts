import { sql, type Transaction } from 'kysely'
import { completeEvent } from '../events/complete.ts'
import type { Draft } from '../events/event.ts'
import { ModelPromoted, ModelRolledBack } from '../events/model.ts'
import { appendToOutbox } from '../outbox.ts'
import type { Database } from '../ports/database.ts'
import type { Commit, Repository } from '../ports/repository.ts'
import type { Tables } from '../ports/tables.ts'
import { type Deployment, deploymentIn } from './deployment.ts'
import { storyIn } from './message.ts'
import { newestRollout, type Rollout } from './state.ts'

/** One at a time writes commits down, so that each is told once and in order. */
const LOCK = sql`SELECT pg_advisory_xact_lock(hashtext('sentinel:rollouts'))`
/** More have not been made while nobody looked; of a longer history the newest are told. */
const MOST = 200

interface Desk {
  readonly database: Database
  readonly repository: Repository
}

/**
 * Writes down every commit that is not known yet, with its event in the same transaction: whoever made it, and whatever was
 * killed between the commit and this, each is told exactly once.
 *
 * @returns what is to run now; undefined before the first commit.
 * @throws SentinelError `INPUT_INVALID` where the newest one cannot be read.
 */
export async function recordCommits({ database, repository }: Desk): Promise<Rollout | undefined> {
  const known = await newestRollout(database)
  const head = await repository.head()
  if (!head || known?.commit === head.id) return known
  const target = deploymentIn(head.text)
  return database.transaction().execute(async (tx) => {
    await LOCK.execute(tx)
    const last = (await newestRollout(tx))?.commit
    const history = await repository.history(MOST)
    const at = history.findIndex(({ id }) => id === last)
    const fresh = (at < 0 ? history : history.slice(0, at)).reverse()
    for (const commit of fresh) await record(tx, commit, commit.id === head.id ? target : readable(commit))
    return newestRollout(tx)
  })
}

/** A commit in between that nobody can read never ran. */
function readable({ text }: Commit): Deployment | undefined {
  try {
    return deploymentIn(text)
  } catch {
    return undefined
  }
}

async function record(tx: Transaction<Tables>, commit: Commit, deployment: Deployment | undefined): Promise<void> {
  const before = await newestRollout(tx)
  if (!deployment || (before && isUnchanged(before, deployment) && storyIn(commit).kind === 'change')) return
  const row = rowOf(commit, deployment, before)
  // One that was laid onto another commit is known already: only where it lies has changed.
  const added = await tx
    .insertInto('rollouts')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ commit: commit.id }))
    .returning(sql<boolean>`xmax = 0`.as('isNew'))
    .executeTakeFirstOrThrow()
  if (added.isNew) await appendToOutbox(tx, [completeEvent(factOf(row, deployment), originOf(row))])
}

function isUnchanged({ model, canary, share }: Rollout, deployment: Deployment): boolean {
  const wanted = deployment.canary
  return model === deployment.model.digest && canary === (wanted?.digest ?? null) && share === (wanted?.share ?? 1)
}

type NewRollout = Omit<Rollout, 'sequence' | 'applied_at' | 'failure'>

function rowOf(commit: Commit, { model, canary }: Deployment, before: Rollout | undefined): NewRollout {
  const { id, kind, subject, by, reason } = storyIn(commit)
  const came = canary?.digest ?? model.digest
  const gone = before && (before.canary ?? before.model)
  return {
    ...{ id, commit: commit.id, kind, by, reason, committed_at: new Date(commit.at) },
    ...{ model: model.digest, canary: canary?.digest ?? null, share: canary?.share ?? 1 },
    subject: subject ?? (kind === 'rollback' ? (gone ?? came) : came),
    previous: before?.model ?? null,
  }
}

function factOf(row: NewRollout, { model, canary }: Deployment): Draft {
  const { commit, by, reason, subject, previous, share } = row
  if (row.kind === 'rollback')
    return ModelRolledBack.of(subject, { name: subject.slice(0, 12), commit, by, reason, to: model.digest }) as Draft
  return ModelPromoted.of(subject, { name: (canary ?? model).name, commit, by, reason, share, previous }) as Draft
}

function originOf({ id, committed_at }: NewRollout) {
  return { source: '/sentinel/rollouts', id: `${id}-recorded`, time: committed_at.toISOString() }
}
