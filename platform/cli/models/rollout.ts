import { join } from 'node:path'
import type { OpenDatabase } from '../../adapters/database-postgres.ts'
import { systemClock } from '../../adapters/system-clock.ts'
import { readEnvironment } from '../../env.ts'
import { Settings } from '../../hosts/local/settings.ts'
import { openRepository } from '../../hosts/repository.ts'
import { wholeDigest } from '../../models/store.ts'
import { promoteModel, type RolloutDesk, rollBack } from '../../rollout/promote.ts'
import { say } from '../../said.ts'
import { ERRORS, type Payload, succeeded } from '../api.ts'
import { onDataDirectory } from '../data-place.ts'
import { openObjects, type PlaceFlags, printJson } from './place.ts'

interface PromoteFlags extends PlaceFlags {
  readonly share: number
  readonly reason?: string
  readonly force?: boolean
}

interface Done {
  readonly commit: string
  readonly kind: string
  /** Digest of what runs from then on, and of what runs beside it on some cameras. */
  readonly model: string
  readonly canary: string | null
}

const ROLLOUT = `rollout { commit kind model { digest } canary { digest } } ${ERRORS}`
/** Who did it where no Sentinel runs that knows its users. */
const OPERATOR = 'operator'

const GitSettings = Settings.pick({ gitRemote: true, gitBranch: true, gitTimeout: true })

/** Prints the commit by which a model was promoted. */
export async function promote(digest: string, flags: PromoteFlags): Promise<void> {
  const { dataDir, share, reason, force = false } = flags
  const done = await onDataDirectory(dataDir, process.env, {
    running: async (ask) => {
      const query = `mutation ($input: PromoteModelInput!) { promoteModel(input: $input) { ${ROLLOUT} } }`
      const answer = await ask<{ promoteModel: RolloutPayload }>(query, { input: { digest, share, reason, force } })
      return doneIn(answer.promoteModel)
    },
    stopped: async (opened, directory) => {
      const whole = await wholeDigest(await openObjects(dataDir), digest)
      const wish = { digest: whole, by: OPERATOR, share, reason: reason ?? say('rollout.byHand', {}), isForced: force }
      return promoteModel(await deskOf(opened, directory), wish)
    },
  })
  tell(flags, done)
}

/** Prints the commit by which the newest promotion was taken back. */
export async function takeBack(flags: PlaceFlags & { readonly reason?: string }): Promise<void> {
  const { dataDir, reason } = flags
  const done = await onDataDirectory(dataDir, process.env, {
    running: async (ask) => {
      const query = `mutation ($input: RollbackModelInput) { rollbackModel(input: $input) { ${ROLLOUT} } }`
      return doneIn((await ask<{ rollbackModel: RolloutPayload }>(query, { input: { reason } })).rollbackModel)
    },
    stopped: async (opened, directory) => {
      const wish = { by: OPERATOR, reason: reason ?? say('rollout.backByHand', {}) }
      return rollBack(await deskOf(opened, directory), wish)
    },
  })
  tell(flags, done)
}

async function deskOf({ database }: OpenDatabase, directory: string): Promise<RolloutDesk> {
  const repository = await openRepository(join(directory, 'gitops.git'), readEnvironment(GitSettings, process.env))
  return { database, clock: systemClock, repository }
}

type RolloutPayload = Payload & {
  readonly rollout: {
    readonly commit: string
    readonly kind: string
    readonly model: { readonly digest: string }
    readonly canary: { readonly digest: string } | null
  }
}

function doneIn(payload: RolloutPayload): Done {
  const { commit, kind, model, canary } = succeeded(payload).rollout
  return { commit, kind: kind.toLowerCase(), model: model.digest, canary: canary?.digest ?? null }
}

function tell({ json }: PlaceFlags, { commit, kind, model, canary }: Done): void {
  const beside = canary === null ? '' : `, beside it ${canary} on some of the cameras`
  if (json) printJson({ commit, kind, model, canary })
  else process.stdout.write(`${commit.slice(0, 12)} ${kind}: ${model} looks at the cameras${beside}.\n`)
}
