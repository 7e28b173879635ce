import { wholeDigest } from '../../platform/models/store.ts'
import { promoteModel, rollBack } from '../../platform/rollout/promote.ts'
import { newestRollout, type Rollout } from '../../platform/rollout/state.ts'
import { say } from '../../platform/said.ts'
import { builder } from '../builder.ts'
import { page } from '../connection.ts'
import { type Result, resultOf, SentenceType, UserErrorType } from '../results.ts'
import { ModelType, modelOf } from './model.ts'

const RolloutKind = builder.enumType('RolloutKind', {
  values: {
    START: { value: 'start', description: 'The model that Sentinel was started with.' },
    CANARY: { value: 'canary', description: 'On some of the cameras, beside the model that runs.' },
    PROMOTE: { value: 'promote', description: 'On all cameras.' },
    ROLLBACK: { value: 'rollback' },
    CHANGE: { value: 'change', description: 'A commit that somebody made with Git alone.' },
  } as const,
})

const RolloutType = builder.objectRef<Rollout>('Rollout').implement({
  description: 'A commit of the deployment’s repository: which model is to run, who wanted that, and why.',
  fields: (t) => ({
    id: t.exposeID('id'),
    commit: t.exposeString('commit'),
    kind: t.field({ type: RolloutKind, resolve: ({ kind }) => kind }),
    subject: t.field({
      type: ModelType,
      description: 'The model that came, or the one that was taken back.',
      resolve: ({ subject }, _, context) => modelOf(context, subject, subject),
    }),
    model: t.field({
      type: ModelType,
      description: 'What runs from then on.',
      resolve: ({ model }, _, context) => modelOf(context, model, model),
    }),
    canary: t.field({
      type: ModelType,
      nullable: true,
      description: 'What runs beside it on some of the cameras.',
      resolve: ({ canary }, _, context) => (canary === null ? null : modelOf(context, canary, canary)),
    }),
    previous: t.field({
      type: ModelType,
      nullable: true,
      description: 'What ran until then; null for the first one.',
      resolve: ({ previous }, _, context) => (previous === null ? null : modelOf(context, previous, previous)),
    }),
    share: t.exposeFloat('share', { description: 'Of the cameras, that the canary looks at; 1 without one.' }),
    by: t.exposeString('by'),
    reason: t.exposeString('reason'),
    reasonSaid: t.field({
      type: [SentenceType],
      description: 'The reason, sentence by sentence; empty for a person’s own words.',
      resolve: ({ reason_told }) => reason_told ?? [],
    }),
    committedAt: t.field({ type: 'DateTime', resolve: ({ committed_at }) => committed_at }),
    appliedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Null while it does not run yet.',
      resolve: ({ applied_at }) => applied_at,
    }),
    failure: t.exposeString('failure', { nullable: true, description: 'Why it could not be run, and what to do.' }),
    failureSaid: t.field({
      type: [SentenceType],
      description: 'The failure, sentence by sentence; of an older one empty.',
      resolve: ({ failure_told }) => failure_told ?? [],
    }),
  }),
})

const RolloutEdge = builder.edgeObject({ name: 'RolloutEdge', type: RolloutType })
const RolloutConnection = builder.connectionObject({ name: 'RolloutConnection', type: RolloutType }, RolloutEdge)

const NEWEST_FIRST = {
  columns: [{ column: 'sequence', type: 'int8' }],
  direction: 'desc',
  keyOf: ({ sequence }: Rollout) => [sequence],
} as const

builder.queryField('rollouts', (t) =>
  t.field({
    type: RolloutConnection,
    description: 'The newest first: that one is what is to run.',
    args: { first: t.arg.int(), after: t.arg.string() },
    resolve: (_, args, { database }) =>
      page(database.selectFrom('rollouts').selectAll(), args, NEWEST_FIRST, (row) => row),
  }),
)

const ModelRole = builder.enumType('ModelRole', {
  values: {
    RUNNING: { value: 'running' },
    CANARY: { value: 'canary', description: 'It looks at some of the cameras.' },
  } as const,
})

builder.objectField(ModelType, 'role', (t) =>
  t.field({
    type: ModelRole,
    nullable: true,
    description: 'Null while no camera is looked at with it.',
    resolve: async ({ digest }, _, { database }) => {
      const newest = await newestRollout(database)
      if (newest?.model === digest) return 'running'
      return newest?.canary === digest ? 'canary' : null
    },
  }),
)

const PromoteModelInput = builder.inputType('PromoteModelInput', {
  fields: (t) => ({
    digest: t.string({ required: true, description: 'SHA-256 of the model, or its first eight digits or more.' }),
    share: t.float({ description: 'Of the cameras, 0..1: below 1 a canary. All without it.' }),
    reason: t.string({ description: 'For the commit.' }),
    force: t.boolean({ description: 'Also where its gates have not passed.' }),
  }),
})

const RollbackModelInput = builder.inputType('RollbackModelInput', {
  fields: (t) => ({ reason: t.string({ description: 'For the commit.' }) }),
})

function rolloutPayload(name: string) {
  return builder.objectRef<Result<Rollout>>(name).implement({
    fields: (t) => ({
      rollout: t.field({ type: RolloutType, nullable: true, resolve: ({ value }) => value }),
      errors: t.field({ type: [UserErrorType], resolve: ({ errors }) => errors }),
    }),
  })
}

const PromoteModelPayload = rolloutPayload('PromoteModelPayload')
const RollbackModelPayload = rolloutPayload('RollbackModelPayload')

builder.mutationFields((t) => ({
  promoteModel: t.field({
    type: PromoteModelPayload,
    description: 'Lets a model look at the cameras, by a commit; it is watched, and taken back when it does badly.',
    args: { input: t.arg({ type: PromoteModelInput, required: true }) },
    resolve: (_, { input }, { viewer, objects, ...desk }) =>
      resultOf(async () => {
        const digest = await wholeDigest(objects, input.digest)
        const reason = input.reason ?? say('rollout.byHand', {})
        const wish = { digest, by: viewer.id, reason, isForced: input.force ?? false }
        return promoteModel(desk, { ...wish, share: input.share ?? 1 })
      }),
  }),
  rollbackModel: t.field({
    type: RollbackModelPayload,
    description: 'Takes the newest promotion back, by a commit that reverts it.',
    args: { input: t.arg({ type: RollbackModelInput }) },
    resolve: (_, { input }, { viewer, ...desk }) =>
      resultOf(() => rollBack(desk, { by: viewer.id, reason: input?.reason ?? say('rollout.backByHand', {}) })),
  }),
}))
