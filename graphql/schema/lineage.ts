import { type Ancestor, ancestryOf, type Teaching, taughtBy, teachingsOf } from '../../platform/models/lineage.ts'
import { wholeDigest } from '../../platform/models/store.ts'
import { builder } from '../builder.ts'
import { CameraType, cameraOf } from './camera.ts'
import { ModelType, modelOf } from './model.ts'

const WHOLE = /^[0-9a-f]{64}$/

const TeachingType = builder.objectRef<Teaching>('ModelTeaching').implement({
  description: 'A person’s word that a model learnt from.',
  fields: (t) => ({
    verdictId: t.exposeID('verdictId'),
    itemId: t.exposeID('itemId'),
    camera: t.field({ type: CameraType, resolve: ({ cameraId }, _, context) => cameraOf(context, cameraId) }),
    annotator: t.exposeString('annotator'),
    agreedBy: t.exposeStringList('agreedBy'),
    boxes: t.exposeInt('boxes'),
    recordedAt: t.field({ type: 'DateTime', resolve: ({ recordedAt }) => recordedAt }),
    withdrawnAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was taken back: models that learnt from it before carry it on.',
      resolve: ({ withdrawnAt }) => withdrawnAt,
    }),
    models: t.field({
      type: [ModelType],
      description: 'That learnt from it, themselves or through one that they come from.',
      resolve: async ({ verdictId }, _, context) => {
        const digests = await taughtBy(context.database, verdictId)
        return Promise.all(digests.map((digest) => modelOf(context, digest, digest)))
      },
    }),
  }),
})

const AncestorType = builder.objectRef<Ancestor>('ModelGeneration').implement({
  description: 'A model in the line of another one, with what it was made of.',
  fields: (t) => ({
    model: t.field({
      type: ModelType,
      resolve: ({ digest, name }, _, context) => modelOf(context, digest, name ?? digest),
    }),
    dataset: t.exposeString('dataset', { nullable: true }),
    trainingRunId: t.exposeID('run', { nullable: true }),
    teachings: t.field({
      type: [TeachingType],
      resolve: ({ verdicts }, _, { database }) => teachingsOf(database, verdicts),
    }),
  }),
})

builder.queryFields((t) => ({
  modelLineage: t.field({
    type: [AncestorType],
    description: 'A model and those that it comes from, the youngest first, each with whose verdicts it learnt from.',
    args: { digest: t.arg.string({ required: true, description: 'SHA-256, or its first eight digits or more.' }) },
    resolve: async (_, { digest }, { database, objects }) =>
      // What a model was made of is known for longer than its file is kept.
      ancestryOf(database, WHOLE.test(digest) ? digest : await wholeDigest(objects, digest)),
  }),
  modelsTaughtBy: t.field({
    type: [ModelType],
    description: 'Models that learnt from a verdict, themselves or through one that they come from.',
    args: { verdictId: t.arg.id({ required: true }) },
    resolve: async (_, { verdictId }, context) => {
      const digests = await taughtBy(context.database, verdictId)
      return Promise.all(digests.map((digest) => modelOf(context, digest, digest)))
    },
  }),
}))
