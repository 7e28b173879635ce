import { randomUUID } from 'node:crypto'
import { SentinelError } from '../errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { Database } from '../ports/database.ts'
import type { Commit, Repository } from '../ports/repository.ts'
import { refusal } from '../refusal.ts'
import { type Said, say } from '../said.ts'
import { type Deployment, deploymentIn, isSameDeployment, kustomizationOf } from './deployment.ts'
import { messageOf, type Story, storyIn } from './message.ts'
import { recordCommits } from './record.ts'
import type { Rollout } from './state.ts'

export interface RolloutDesk {
  readonly database: Database
  readonly repository: Repository
  readonly clock: Clock
}

export interface Promotion {
  readonly digest: string
  readonly by: string
  /** A person's own words, or what Sentinel says. */
  readonly reason: string | Said
  /** Of the cameras; below 1 a canary. All without it. */
  readonly share?: number
  /** The event that led to it: one event promotes once. */
  readonly cause?: string
  /** Also where its gates have not passed. */
  readonly isForced?: boolean
  readonly figures?: readonly string[]
}

/** How far back a wish is looked for, and a model to go back to. */
const MOST = 200

/**
 * Promotes a model by a commit that says who wants it and why; what applies commits does the rest.
 *
 * @throws SentinelError `NOT_FOUND` for a model that is not known, `CONFLICT` where it runs already, its gates have not passed or
 * somebody else was faster.
 */
export async function promoteModel(desk: RolloutDesk, promotion: Promotion): Promise<Rollout> {
  const { digest, cause, share = 1 } = promotion
  if (!(share > 0 && share <= 1)) throw refusal('shareOfCameras', {})
  const name = await nameOf(desk.database, digest)
  const remote = await desk.repository.synchronise()
  const recorded = remote.state === 'waiting' ? recordedHere : recordedAndSent
  const history = await desk.repository.history(MOST)
  if (cause !== undefined && history.some((commit) => storyIn(commit).cause === cause)) return recorded(desk)
  const head = headOf(history)
  const now = deploymentIn(head.text)
  const wanted: Deployment =
    share < 1 ? { model: now.model, canary: { digest, name, share } } : { model: { digest, name } }
  if (isSameDeployment(now, wanted) || now.model.digest === digest) throw refusal('modelRunsAlready', { name })
  if (!promotion.isForced) await checkGates(desk.database, digest, name)
  const cameras = share < 1 ? `${Math.round(share * 100)} % of the cameras` : 'all cameras'
  const story = storyOf(promotion, share < 1 ? 'canary' : 'promote')
  const title = `Promote ${name} to ${cameras}`
  await write(desk, head.id, wanted, { title, story, figures: promotion.figures ?? [] })
  return recorded(desk)
}

/** The first commit, or a further one where the operator wants another model to start with. */
export async function startWith(desk: RolloutDesk, model: Deployment['model'], by: string): Promise<Rollout> {
  const head = await desk.repository.head()
  const story = storyOf({ digest: model.digest, by, reason: say('rollout.start', {}) }, 'start')
  await write(desk, head?.id, { model }, { title: `Start with ${model.name}`, story, figures: [] })
  return recordedAndSent(desk)
}

export interface Rollback {
  readonly by: string
  /** A person's own words, or what Sentinel says. */
  readonly reason: string | Said
  readonly figures?: readonly string[]
  /** Digest of the model that is to be taken back; the newest one without it. */
  readonly of?: string
  /** Whoever asks sends it later: what is bad is not kept at work by a remote repository that does not answer. */
  readonly isUrgent?: boolean
}

/**
 * Takes the newest promotion back, as `git revert` does.
 *
 * @throws SentinelError `CONFLICT` where there is nothing to go back to, or another model has come meanwhile.
 */
export async function rollBack(desk: RolloutDesk, wish: Rollback): Promise<Rollout> {
  const { by, reason, figures = [], isUrgent } = wish
  const history = await desk.repository.history(MOST)
  const head = headOf(history)
  const { target, reverts } = goal(history)
  const now = deploymentIn(head.text)
  const bad = now.canary ?? now.model
  if (wish.of !== undefined && wish.of !== bad.digest) throw refusal('otherModelCame', { name: bad.name })
  const story = { ...storyOf({ digest: bad.digest, by, reason }, 'rollback'), reverts: reverts.map(({ id }) => id) }
  const title = `Revert "${reverts[0]!.message.split('\n')[0]}"`
  await write(desk, head.id, target, { title, story, figures })
  return isUrgent ? recordedHere(desk) : recordedAndSent(desk)
}

/** The last state before the one that is now, leaving out what was taken back before. */
function goal(history: readonly Commit[]): { target: Deployment; reverts: Commit[] } {
  const now = deploymentIn(headOf(history).text)
  const reverted = new Set(history.flatMap((commit) => storyIn(commit).reverts))
  const standing = history.filter(
    (commit, n) =>
      !reverted.has(commit.id) &&
      (storyIn(commit).kind === 'change' ? commit.text !== history[n + 1]?.text : storyIn(commit).kind !== 'rollback'),
  )
  const at = standing.findIndex(({ text }) => isEarlier(text, now))
  if (at < 0) throw refusal('noEarlierModel', {})
  return { target: deploymentIn(standing[at]!.text), reverts: standing.slice(0, at) }
}

/** Settled, and another model than the newest one's; of a canary, the model beside it. */
function isEarlier(text: string | undefined, now: Deployment): boolean {
  try {
    const { model, canary } = deploymentIn(text)
    if (canary) return false
    return now.canary ? model.digest === now.model.digest : model.digest !== now.model.digest
  } catch {
    return false
  }
}

function headOf([head]: readonly Commit[]): Commit {
  if (head) return head
  throw refusal('noModelRuns', {})
}

function storyOf(
  { digest, by, reason, cause }: Pick<Promotion, 'digest' | 'by' | 'reason' | 'cause'>,
  kind: Story['kind'],
): Story & { readonly subject: string } {
  const said = typeof reason === 'string' ? { text: reason, told: [] } : reason
  return { id: randomUUID(), kind, subject: digest, by, reason: said.text, told: said.told, cause, reverts: [] }
}

async function write(
  { repository, clock }: RolloutDesk,
  onto: string | undefined,
  deployment: Deployment,
  told: Parameters<typeof messageOf>[0],
): Promise<void> {
  const { by } = told.story
  const text = kustomizationOf(deployment)
  await repository.commit({ onto, text, message: messageOf(told), author: by, at: clock.now() })
}

async function recordedHere(desk: RolloutDesk): Promise<Rollout> {
  return (await recordCommits(desk))!
}

/** What cannot be sent now is sent by whoever applies commits. */
async function recordedAndSent(desk: RolloutDesk): Promise<Rollout> {
  const rollout = await recordedHere(desk)
  await desk.repository.synchronise()
  return rollout
}

async function nameOf(database: Database, digest: string): Promise<string> {
  const row = await database.selectFrom('models').select('name').where('digest', '=', digest).executeTakeFirst()
  if (row) return row.name
  throw refusal('modelMissing', { digest })
}

async function checkGates(database: Database, digest: string, name: string): Promise<void> {
  const row = await database
    .selectFrom('model_evaluations')
    .select(['state', 'reason'])
    .where('digest', '=', digest)
    .executeTakeFirst()
  if (row?.state === 'passed') return
  if (row?.state === 'failed') {
    const { code, message, told } = refusal('modelGatesFailed', { name })
    throw new SentinelError(code, `${message} ${row.reason ?? ''}`.trim(), told && { told })
  }
  throw refusal('modelNotHeld', { name })
}
