import type { Selectable } from 'kysely'
import type { TriageItemsTable } from '../../platform/ports/tables.ts'
import { claimItems, countOpen, releaseItems } from '../../platform/triage/claims.ts'
import type { Asker } from '../../platform/triage/handing-out.ts'
import { builder } from '../builder.ts'
import { type Result, resultOf, UserErrorType } from '../results.ts'
import { TriageItemType, TriageReason } from './triage.ts'

const COUNT = 8

const ClaimTriageItemsInput = builder.inputType('ClaimTriageItemsInput', {
  fields: (t) => ({
    session: t.id({ required: true, description: 'A random UUID that stands for this desk: a tab of a browser, say.' }),
    count: t.int({ description: 'Items on the desk afterwards: 8 without it, 50 at most.' }),
    cameraId: t.id(),
    secondOpinions: t.boolean({
      description: 'Also what one other person has judged, and what two disagree on. Record it as a second opinion.',
    }),
    reason: t.field({ type: TriageReason }),
  }),
})

type Claimed = Result<readonly Selectable<TriageItemsTable>[]> & { readonly asker: Asker }

const ClaimTriageItemsPayload = builder.objectRef<Claimed>('ClaimTriageItemsPayload').implement({
  fields: (t) => ({
    items: t.field({
      type: [TriageItemType],
      description: 'All that are on the desk: those that were there, then new ones, the most valuable first.',
      resolve: ({ value }) => value ?? [],
    }),
    open: t.int({
      description: 'Items that wait for this person, on this desk or any other.',
      resolve: ({ asker }, _, { database }) => countOpen(database, asker),
    }),
    errors: t.field({ type: [UserErrorType], resolve: ({ errors }) => errors }),
  }),
})

const ReleaseTriageItemsInput = builder.inputType('ReleaseTriageItemsInput', {
  fields: (t) => ({ session: t.id({ required: true }) }),
})

const ReleaseTriageItemsPayload = builder.objectRef<Result<number>>('ReleaseTriageItemsPayload').implement({
  fields: (t) => ({
    released: t.int({ resolve: ({ value }) => value ?? 0 }),
    errors: t.field({ type: [UserErrorType], resolve: ({ errors }) => errors }),
  }),
})

builder.mutationFields((t) => ({
  claimTriageItems: t.field({
    type: ClaimTriageItemsPayload,
    description:
      'Hands out the items that are worth most, to one desk each. Ask again within two minutes, or they go to others.',
    args: { input: t.arg({ type: ClaimTriageItemsInput, required: true }) },
    resolve: async (_, { input }, { database, clock, viewer }) => {
      const asker = { by: viewer.id, secondOpinions: input.secondOpinions ?? false }
      const wish = { session: input.session, count: input.count ?? COUNT }
      const filter = { cameraId: input.cameraId ?? undefined, reason: input.reason ?? undefined }
      const claimed = await resultOf(() => claimItems({ database, clock }, { ...wish, ...filter, ...asker }))
      return { ...claimed, asker }
    },
  }),
  releaseTriageItems: t.field({
    type: ReleaseTriageItemsPayload,
    description: 'Gives back what a desk holds, so that others need not wait for it.',
    args: { input: t.arg({ type: ReleaseTriageItemsInput, required: true }) },
    resolve: (_, { input: { session } }, { database }) => resultOf(() => releaseItems(database, session)),
  }),
}))
