import type { Selectable } from 'kysely'
import type { Database } from '../ports/database.ts'
import type { RolloutsTable } from '../ports/tables.ts'

export type Rollout = Selectable<RolloutsTable>

/** What is to run by the newest commit that is known here; undefined before the first one. */
export function newestRollout(database: Database): Promise<Rollout | undefined> {
  return database.selectFrom('rollouts').selectAll().orderBy('sequence', 'desc').limit(1).executeTakeFirst()
}
