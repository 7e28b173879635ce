import { codeOf, SentinelError } from '../errors.ts'
import { registerModel } from '../models/register.ts'
import type { Database } from '../ports/database.ts'
import type { RemoteState } from '../ports/repository.ts'
import { type Deployment, deploymentIn } from '../rollout/deployment.ts'
import type { WatchRules } from '../rollout/judge.ts'
import { type RolloutDesk, rollBack } from '../rollout/promote.ts'
import { recordCommits } from '../rollout/record.ts'
import { isOf, newestRollout, type Rollout } from '../rollout/state.ts'
import { watchRollout } from '../rollout/watch.ts'
import { joined, type Said, saidBy, say } from '../said.ts'
import type { Deployer } from './deployer.ts'

export interface ReconcilerOptions {
  readonly desk: RolloutDesk
  readonly deployer: Deployer
  readonly rules: WatchRules
  readonly onError: (error: Error) => void
}

const LOOK_EVERY_MS = 1000
const SYNCHRONISE_EVERY_MS = 30_000

/** Makes the newest commit of the deployment's repository true, and looks after what it brought. */
export class Reconciler {
  readonly #options: ReconcilerOptions
  #failure: Said | undefined
  #remote: RemoteState = { state: 'none', message: '', told: [] }
  #synchronisedAt = Number.NEGATIVE_INFINITY
  #synchronisedHead: string | undefined
  #recordedHead: string | undefined

  constructor(options: ReconcilerOptions) {
    this.#options = options
  }

  /** What is wrong and what to do; undefined when all is well. */
  get trouble(): Said | undefined {
    const { message, told } = this.#remote
    return this.#failure ?? (message === '' ? undefined : { text: message, told })
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options.desk
    while (!signal.aborted) {
      await this.step()
      await clock.sleep(LOOK_EVERY_MS, signal)
    }
  }

  /** Never rejects: what fails now is tried again the next time. */
  async step(): Promise<void> {
    try {
      const rollout = await this.#newest()
      if (rollout) await this.#reconcile(rollout)
      this.#failure = undefined
    } catch (error) {
      this.#fail(error as Error)
    }
    // Last: a remote repository that does not answer keeps nothing from being applied or taken back.
    await this.#synchronise().catch((error: Error) => this.#fail(error))
  }

  #fail(error: Error): void {
    this.#failure = error instanceof Undone ? error.said : saidBy(error)
    this.#options.onError(error)
  }

  /** Commits are looked through only when there is a new one. */
  async #newest(): Promise<Rollout | undefined> {
    const { desk } = this.#options
    const head = (await desk.repository.head())?.id
    if (head !== undefined && head === this.#recordedHead) return newestRollout(desk.database)
    const newest = await recordCommits(desk)
    this.#recordedHead = head
    return newest
  }

  async #reconcile(rollout: Rollout): Promise<void> {
    const { desk, deployer, rules } = this.#options
    const cameras = await camerasOf(desk.database)
    const wanted = deploymentIn((await desk.repository.head())?.text)
    // A newer commit came meanwhile: the next step takes it.
    if (!isOf(rollout, wanted)) return
    if (!deployer.runs(wanted, cameras)) await this.#apply(rollout, wanted, cameras)
    const applied = rollout.applied_at ? rollout : await this.#markApplied(rollout)
    const watched = wanted.canary ? deployer.canaryCameras : cameras
    await watchRollout(desk, applied, watched, rules)
  }

  async #apply(rollout: Rollout, wanted: Deployment, cameras: readonly string[]): Promise<void> {
    const { desk, deployer } = this.#options
    try {
      await deployer.apply(wanted, cameras)
      const strange = await strangersAmong(desk.database, deployer.infos)
      for (const info of strange) await registerModel(desk, info)
    } catch (error) {
      await mark(desk.database, rollout, saidBy(error))
      // A model that was never here is missing, not bad: another machine may have promoted it, and goes on with it.
      const named = [wanted.model, ...(wanted.canary ? [wanted.canary] : [])]
      const isStrange = (await strangersAmong(desk.database, named)).length > 0
      if (!isHopeless(error) || rollout.kind === 'rollback' || isStrange) throw error
      const reason = joined([say('rollout.cannotRun', {}), saidBy(error)])
      await rollBack(desk, { by: 'reconciler', reason, isUrgent: true })
      throw new Undone(joined([reason, say('rollout.beforeGoesOn', {})]), { cause: error })
    }
  }

  #markApplied(rollout: Rollout): Promise<Rollout> {
    const { database, clock } = this.#options.desk
    return mark(database, rollout, undefined, new Date(clock.now()))
  }

  /** After each change here, and now and then for those of others. */
  async #synchronise(): Promise<void> {
    const { repository, clock } = this.#options.desk
    const head = (await repository.head())?.id
    const isDue = clock.now() - this.#synchronisedAt >= SYNCHRONISE_EVERY_MS
    if (!isDue && (head === this.#synchronisedHead || this.#remote.state === 'waiting')) return
    const remote = await repository.synchronise()
    // A conflict stays told until somebody has changed something again.
    if (this.#remote.state !== 'conflict' || remote.state !== 'current' || head !== this.#synchronisedHead) {
      this.#remote = remote
    }
    this.#synchronisedAt = clock.now()
    this.#synchronisedHead = (await repository.head())?.id
  }
}

async function camerasOf(database: Database): Promise<string[]> {
  const rows = await database.selectFrom('cameras').select('id').where('enabled', '=', true).orderBy('id').execute()
  return rows.map(({ id }) => id)
}

function mark(
  database: Database,
  { sequence }: Rollout,
  failure: Said | undefined,
  appliedAt?: Date,
): Promise<Rollout> {
  const said = { failure: failure?.text ?? null, failure_told: failure ? JSON.stringify(failure.told) : null }
  return database
    .updateTable('rollouts')
    .set({ ...said, ...(appliedAt && { applied_at: appliedAt }) })
    .where('sequence', '=', sequence)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** What a commit brought was taken back at once. */
class Undone extends SentinelError {
  readonly said: Said

  constructor(said: Said, options: ErrorOptions) {
    super('MODEL_INVALID', said.text, options)
    this.said = said
  }
}

/** Those that this instance does not know. */
async function strangersAmong<Named extends { readonly digest: string }>(
  database: Database,
  models: readonly Named[],
): Promise<Named[]> {
  const digests = models.map(({ digest }) => digest)
  const rows = await database.selectFrom('models').select('digest').where('digest', 'in', digests).execute()
  const known = new Set(rows.map(({ digest }) => digest))
  return models.filter(({ digest }) => !known.has(digest))
}

/** Trying again changes nothing. */
function isHopeless(error: unknown): boolean {
  return ['MODEL_INVALID', 'NOT_FOUND', 'INPUT_INVALID'].includes(codeOf(error) ?? '')
}
