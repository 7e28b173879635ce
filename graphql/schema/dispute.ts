import { sql } from 'kysely'
import { builder } from '../builder.ts'
import { page } from '../connection.ts'
import { MOST_UNCERTAIN_FIRST, TriageItemConnection } from './triage.ts'

const DISPUTED = sql<string>`(
  SELECT item_id FROM annotations WHERE withdrawn_at IS NULL
  GROUP BY item_id HAVING count(*) > 1 AND NOT bool_or(stands))`

builder.queryField('disputedItems', (t) =>
  t.field({
    type: TriageItemConnection,
    description:
      'Items that people disagree on, so that none of what they said is learnt: a third opinion decides. See annotations.',
    args: { first: t.arg.int(), after: t.arg.string() },
    resolve: (_, args, { database }) =>
      page(
        database.selectFrom('triage_items').selectAll().where('id', 'in', DISPUTED),
        args,
        MOST_UNCERTAIN_FIRST,
        (row) => row,
      ),
  }),
)
