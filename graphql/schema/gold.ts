import { addGold, type GoldItem, listGold, removeGold } from '../../platform/triage/gold.ts'
import { builder } from '../builder.ts'
import { type Result, resultOf, UserErrorType } from '../results.ts'
import { DatasetBoxType } from './dataset.ts'
import { BoxInput, labelledBox } from './triage.ts'

const GoldItemType = builder.objectRef<GoldItem>('GoldItem').implement({
  description: 'An item whose boxes are known, hidden among the others: who judges it is scored by them.',
  fields: (t) => ({
    itemId: t.exposeID('item_id'),
    boxes: t.field({ type: [DatasetBoxType], resolve: ({ boxes }) => boxes }),
    addedBy: t.exposeString('added_by'),
    addedAt: t.field({ type: 'DateTime', resolve: ({ added_at }) => added_at }),
  }),
})

builder.queryField('goldItems', (t) =>
  t.field({
    type: [GoldItemType],
    description: 'The newest first. What people made of them is in annotators.',
    resolve: (_, __, { database }) => listGold(database),
  }),
)

const AddGoldItemInput = builder.inputType('AddGoldItemInput', {
  fields: (t) => ({
    itemId: t.id({ required: true }),
    boxes: t.field({
      type: [BoxInput],
      description: 'All that is in the frame; what is taken for true of it now without them.',
    }),
  }),
})

function goldPayload(name: string) {
  return builder.objectRef<Result<GoldItem>>(name).implement({
    fields: (t) => ({
      item: t.field({ type: GoldItemType, nullable: true, resolve: ({ value }) => value }),
      errors: t.field({ type: [UserErrorType], resolve: ({ errors }) => errors }),
    }),
  })
}

const AddGoldItemPayload = goldPayload('AddGoldItemPayload')
const RemoveGoldItemPayload = goldPayload('RemoveGoldItemPayload')

builder.mutationFields((t) => ({
  addGoldItem: t.field({
    type: AddGoldItemPayload,
    description: 'From then on nothing is learnt from verdicts on it.',
    args: { input: t.arg({ type: AddGoldItemInput, required: true }) },
    resolve: (_, { input: { itemId, boxes } }, { database, clock, viewer }) =>
      resultOf(() => addGold({ database, clock }, { itemId, boxes: boxes?.map(labelledBox), by: viewer.id })),
  }),
  removeGoldItem: t.field({
    type: RemoveGoldItemPayload,
    description: 'Makes it an item like any other; the scores that it gave go with it.',
    args: { itemId: t.arg.id({ required: true }) },
    resolve: (_, { itemId }, { database }) => resultOf(() => removeGold(database, itemId)),
  }),
}))
