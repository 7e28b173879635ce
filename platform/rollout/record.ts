import { sql, type Transaction } from 'kysely'
import { completeEvent } from '../events/complete.ts'
import type { Draft } from '../events/event.ts'
import { ModelPromoted, ModelRolledBack } from '../events/model.ts'
import { appendToOutbox } from '../outbox.ts'
import type { Database } from '../ports/database.ts'
import type { Commit, Repository } from '../ports/repository.ts'
import type { Tables } from '../ports/tables.ts'
import { type Deployment, deploymentIn, isSameDeployment } from './deployment.ts'
import { storyIn } from './message.ts'
import { isOf, newestRollout, type Rollout } from './state.ts'

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
    for (let n = (at < 0 ? history.length : at) - 1; n >= 0; n--) {
      await record(tx, history[n]!, history[n + 1], n === 0 ? target : readable(history[n]!))
    }
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

async function record(
  tx: Transaction<Tables>,
  commit: Commit,
  parent: Commit | undefined,
  deployment: Deployment | undefined,
): Promise<void> {
  const before = await newestRollout(tx)
  if (!deployment || (storyIn(commit).kind === 'change' && isUnchanged(deployment, parent, before))) return
  const row = rowOf(commit, deployment, before)
  // One that was laid onto another commit is known already: only where it lies has changed, and what it comes after.
  const added = await tx
    .insertInto('rollouts')
    .values({ ...row, reason_told: row.reason_told && JSON.stringify(row.reason_told) })
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet({ commit: commit.id, sequence: sql<string>`DEFAULT` })
        .where('rollouts.commit', '<>', commit.id),
    )
    .returning(sql<boolean>`xmax = 0`.as('isNew'))
    .executeTakeFirst()
  if (added?.isNew) await appendToOutbox(tx, [completeEvent(factOf(row, deployment), originOf(row))])
}

/** Others write into the repository too: what leaves the file as it was is not about models. */
function isUnchanged(now: Deployment, parent: Commit | undefined, before: Rollout | undefined): boolean {
  if (!parent) return before !== undefined && isOf(before, now)
  const then = readable(parent)
  return then !== undefined && isSameDeployment(then, now)
}

type NewRollout = Omit<Rollout, 'sequence' | 'applied_at' | 'failure' | 'failure_told'>

function rowOf(commit: Commit, { model, canary }: Deployment, before: Rollout | undefined): NewRollout {
  const { id, kind, subject, by, reason, told } = storyIn(commit)
  const came = canary?.digest ?? model.digest
  const gone = before && (before.canary ?? before.model)
  return {
    ...{ id, commit: commit.id, kind, by, reason, committed_at: new Date(commit.at) },
    reason_told: told.length > 0 ? told : null,
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
