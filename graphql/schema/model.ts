import type { SentinelEvent } from '../../platform/events/event.ts'
import type { ModelRegistered } from '../../platform/events/model.ts'
import type { TrainingMetrics } from '../../platform/events/training.ts'
import { registerStored } from '../../platform/models/register.ts'
import { isShipped, storedAbout } from '../../platform/models/store.ts'
import { builder } from '../builder.ts'
import { page } from '../connection.ts'
import type { Context } from '../context.ts'
import type { Told } from '../live.ts'
import { type Result, resultOf, UserErrorType } from '../results.ts'

export interface ModelView {
  readonly digest: string
  readonly name: string
  readonly family: string | null
  readonly classes: readonly string[]
  readonly registeredAt: Date | null
}

export interface LineageView {
  readonly digest: string
  readonly parent: string
  readonly dataset: string
  readonly run: string
  readonly metrics: TrainingMetrics
  readonly seconds: number
  readonly machine: string
  readonly made_at: Date
}

export const TrainingMetricsType = builder.objectRef<TrainingMetrics>('TrainingMetrics').implement({
  description: 'What a training learnt from, and its losses before and after; less is better.',
  fields: (t) => ({
    pictures: t.exposeInt('pictures'),
    boxes: t.exposeInt('boxes'),
    rehearsed: t.exposeInt('rehearsed', { description: 'Pictures of before that were answered as before.' }),
    steps: t.exposeInt('steps'),
    lossBefore: t.exposeFloat('lossBefore'),
    lossAfter: t.exposeFloat('lossAfter'),
    valLossBefore: t.exposeFloat('valLossBefore', { nullable: true, description: 'On pictures kept for judging.' }),
    valLossAfter: t.exposeFloat('valLossAfter', { nullable: true }),
  }),
})

export const ModelLineageType = builder.objectRef<LineageView>('ModelLineage').implement({
  description: 'What a model was made of.',
  fields: (t) => ({
    parent: t.field({ type: ModelType, resolve: ({ parent }, _, context) => modelOf(context, parent, parent) }),
    dataset: t.exposeString('dataset', { description: 'Digest of the version that it learnt from.' }),
    trainingRunId: t.exposeID('run'),
    metrics: t.field({ type: TrainingMetricsType, resolve: ({ metrics }) => metrics }),
    seconds: t.exposeFloat('seconds'),
    machine: t.exposeString('machine'),
    madeAt: t.field({ type: 'DateTime', resolve: ({ made_at }) => made_at }),
  }),
})

const ModelOrigin = builder.enumType('ModelOrigin', {
  values: {
    SHIPPED: { value: 'shipped', description: 'It comes with Sentinel.' },
    TAUGHT: { value: 'taught', description: 'It learnt from another one here.' },
    BROUGHT: { value: 'brought', description: 'Somebody brought it.' },
  } as const,
})

export const ModelType = builder.objectRef<ModelView>('Model')

ModelType.implement({
  description: 'A detector, identified by the SHA-256 of its file.',
  fields: (t) => ({
    id: t.id({ resolve: ({ digest }) => digest }),
    digest: t.exposeString('digest'),
    name: t.exposeString('name'),
    family: t.exposeString('family', { nullable: true }),
    classes: t.exposeStringList('classes'),
    registeredAt: t.field({ type: 'DateTime', nullable: true, resolve: ({ registeredAt }) => registeredAt }),
    origin: t.field({
      type: ModelOrigin,
      resolve: async ({ digest }, _, { loaders, objects }) => {
        if (await loaders.lineage.load(digest)) return 'taught'
        return (await isShipped(objects, digest)) ? 'shipped' : 'brought'
      },
    }),
    card: t.string({
      nullable: true,
      description: 'What its makers tell of it, in Markdown.',
      resolve: ({ digest }, _, { objects }) => storedAbout(objects, digest),
    }),
    lineage: t.field({
      type: ModelLineageType,
      nullable: true,
      description: 'Null for a model that somebody brought.',
      resolve: ({ digest }, _, { loaders }) => loaders.lineage.load(digest),
    }),
  }),
})

/** A detection names its model even when this database never met it. */
export async function modelOf({ loaders }: Context, digest: string, name: string): Promise<ModelView> {
  const row = await loaders.model.load(digest)
  if (!row) return { digest, name, family: null, classes: [], registeredAt: null }
  return { ...row, registeredAt: row.registered_at }
}

const ModelEdge = builder.edgeObject({ name: 'ModelEdge', type: ModelType })
const ModelConnection = builder.connectionObject({ name: 'ModelConnection', type: ModelType }, ModelEdge)

const BY_DIGEST = {
  columns: [{ column: 'digest', type: 'text' }],
  direction: 'asc',
  keyOf: ({ digest }: { digest: string }) => [digest],
} as const

builder.queryFields((t) => ({
  model: t.field({
    type: ModelType,
    nullable: true,
    args: { id: t.arg.id({ required: true, description: 'Its digest.' }) },
    resolve: async (_, { id }, context) => ((await context.loaders.model.load(id)) ? modelOf(context, id, id) : null),
  }),
  models: t.field({
    type: ModelConnection,
    args: { first: t.arg.int(), after: t.arg.string() },
    resolve: (_, args, { database }) =>
      page(database.selectFrom('models').selectAll(), args, BY_DIGEST, (row) => ({
        ...row,
        registeredAt: row.registered_at,
      })),
  }),
}))

const RegisterModelInput = builder.inputType('RegisterModelInput', {
  fields: (t) => ({ digest: t.string({ required: true, description: 'SHA-256 of a file in the object store.' }) }),
})

const RegisterModelPayload = builder.objectRef<Result<ModelView>>('RegisterModelPayload').implement({
  fields: (t) => ({
    model: t.field({ type: ModelType, nullable: true, resolve: ({ value }) => value }),
    errors: t.field({ type: [UserErrorType], resolve: ({ errors }) => errors }),
  }),
})

builder.mutationField('registerModel', (t) =>
  t.field({
    type: RegisterModelPayload,
    description: 'Makes a model of the object store known; sentinel model add puts one there.',
    args: { input: t.arg({ type: RegisterModelInput, required: true }) },
    resolve: (_, { input: { digest } }, context) =>
      resultOf(async () => {
        const { name } = await registerStored(context, digest)
        context.loaders.model.clear(digest)
        return modelOf(context, digest, name)
      }),
  }),
)

builder.subscriptionField('modelChanged', (t) =>
  t.field({
    type: ModelType,
    subscribe: (_, __, { feed }) =>
      feed.subscribe({ topics: ['events.models'], pick: (event) => [event], keep: 'all' }),
    resolve: ({ value: { subject, data } }: Told<SentinelEvent>, _, context) => {
      context.loaders.model.clear(subject)
      return modelOf(context, subject, (data as typeof ModelRegistered.schema._output).name)
    },
  }),
)
