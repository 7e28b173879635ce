import type { Selectable } from 'kysely'
import type { Database } from '../ports/database.ts'
import type { RolloutsTable } from '../ports/tables.ts'
import type { Deployment } from './deployment.ts'

export type Rollout = Selectable<RolloutsTable>

/** What is to run by the newest commit that is known here; undefined before the first one. */
export function newestRollout(database: Database): Promise<Rollout | undefined> {
  return database.selectFrom('rollouts').selectAll().orderBy('sequence', 'desc').limit(1).executeTakeFirst()
}

/** Whether that is what a deployment says; commits that change something else leave it so. */
export function isOf({ model, canary, share }: Rollout, deployment: Deployment): boolean {
  const wanted = deployment.canary
  return model === deployment.model.digest && canary === (wanted?.digest ?? null) && share === (wanted?.share ?? 1)
}
