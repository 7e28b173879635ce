import type { SentinelEvent } from '../../platform/events/event.ts'
import type { TrainingProgress } from '../../platform/events/training.ts'
import { cancelTraining } from '../../platform/training/cancel.ts'
import { type FinishedTraining, finishTraining } from '../../platform/training/full.ts'
import { requestTraining, type TrainingRun } from '../../platform/training/request.ts'
import { builder } from '../builder.ts'
import { page } from '../connection.ts'
import type { Told } from '../live.ts'
import { type Result, resultOf, SentenceType, UserErrorType } from '../results.ts'
import { timeText } from '../views.ts'
import { ModelType, modelOf, TrainingMetricsType } from './model.ts'

const TrainingState = builder.enumType('TrainingState', {
  values: {
    REQUESTED: { value: 'requested', description: 'It waits for its turn.' },
    RUNNING: { value: 'running' },
    COMPLETED: { value: 'completed' },
    FAILED: { value: 'failed' },
    CANCELLED: { value: 'cancelled' },
  } as const,
})

const TrainingStage = builder.enumType('TrainingStage', {
  values: {
    FEATURES: { value: 'features', description: 'The model looks at each picture once.' },
    FIT: { value: 'fit', description: 'Its last layers learn.' },
  } as const,
})

const TrainingProgressType = builder.objectRef<TrainingProgress>('TrainingProgress').implement({
  description: 'How far a training was at a moment.',
  fields: (t) => ({
    stage: t.field({ type: TrainingStage, resolve: ({ stage }) => stage }),
    done: t.exposeInt('done'),
    total: t.exposeInt('total'),
    loss: t.exposeFloat('loss', { nullable: true }),
    valLoss: t.exposeFloat('valLoss', { nullable: true, description: 'On pictures kept for judging.' }),
    ap50: t.float({
      nullable: true,
      description: 'Mean average precision on those at an overlap of 0.5, 0..1; null where nothing was to be found.',
      resolve: ({ ap50 }) => ap50,
    }),
  }),
})

const TrainingMethod = builder.enumType('TrainingMethod', {
  values: {
    LAST: { value: 'last', description: 'The last layers learn.' },
    HEAD: {
      value: 'head',
      description: 'Everything learns between where the ways to the answers part and the answers.',
    },
    WHOLE: { value: 'whole', description: 'The whole network learns.' },
    FULL: {
      value: 'full',
      description: 'Somewhere else, by the base detector’s own recipe: sentinel train full FOLDER.',
    },
  } as const,
})

const TrainingRunType = builder.objectRef<TrainingRun>('TrainingRun').implement({
  description: 'One training of a model on what people have annotated.',
  fields: (t) => ({
    id: t.exposeID('id'),
    state: t.field({ type: TrainingState, resolve: ({ state }) => state }),
    method: t.field({ type: TrainingMethod, resolve: ({ recipe }) => recipe.method }),
    steps: t.int({
      description: 'Steps at most; of FULL, pictures that are seen.',
      resolve: ({ recipe }) => recipe.steps,
    }),
    reason: t.exposeString('reason', { description: 'Why it was requested, in words.' }),
    reasonSaid: t.field({
      type: [SentenceType],
      description: 'The reason, sentence by sentence; of an older training empty.',
      resolve: ({ reason_told }) => reason_told ?? [],
    }),
    requestedBy: t.exposeString('requested_by'),
    requestedAt: t.field({ type: 'DateTime', resolve: ({ requested_at }) => requested_at }),
    startedAt: t.field({ type: 'DateTime', nullable: true, resolve: ({ started_at }) => started_at }),
    finishedAt: t.field({ type: 'DateTime', nullable: true, resolve: ({ finished_at }) => finished_at }),
    dataset: t.exposeString('dataset', { description: 'Digest of the version that it learns from.' }),
    annotations: t.int({ resolve: ({ verdicts }) => verdicts.length }),
    parent: t.field({ type: ModelType, resolve: ({ parent }, _, context) => modelOf(context, parent, parent) }),
    progress: t.field({ type: TrainingProgressType, nullable: true, resolve: ({ progress }) => progress }),
    curve: t.field({ type: [TrainingProgressType], resolve: ({ curve }) => curve }),
    metrics: t.field({ type: TrainingMetricsType, nullable: true, resolve: ({ metrics }) => metrics }),
    model: t.field({
      type: ModelType,
      nullable: true,
      description: 'What came of it.',
      resolve: ({ model }, _, context) => (model === null ? null : modelOf(context, model, model)),
    }),
    failure: t.exposeString('failure', { nullable: true, description: 'What went wrong, and what to do.' }),
    failureSaid: t.field({
      type: [SentenceType],
      description: 'The failure, sentence by sentence; of an older training empty.',
      resolve: ({ failure_told }) => failure_told ?? [],
    }),
    isTakenAlong: t.exposeBoolean('taken_along', {
      description: 'By FULL: somebody took it to another machine, and hands it in: sentinel train finish FOLDER.',
    }),
    isBeingCancelled: t.boolean({
      resolve: ({ cancel_by, state }) => cancel_by !== null && (state === 'requested' || state === 'running'),
    }),
  }),
})

const TrainingRunEdge = builder.edgeObject({ name: 'TrainingRunEdge', type: TrainingRunType })
const TrainingRunConnection = builder.connectionObject(
  { name: 'TrainingRunConnection', type: TrainingRunType },
  TrainingRunEdge,
)

const NEWEST_FIRST = {
  columns: [
    { column: 'requested_at', type: 'timestamptz' },
    { column: 'id', type: 'text' },
  ],
  direction: 'desc',
  keyOf: ({ requested, id }: TrainingRun & { requested: string }) => [requested, id],
} as const

builder.queryField('trainingRuns', (t) =>
  t.field({
    type: TrainingRunConnection,
    description: 'The newest first.',
    args: { first: t.arg.int(), after: t.arg.string() },
    resolve: (_, args, { database }) => {
      const query = database.selectFrom('training_runs').selectAll().select(timeText('requested_at').as('requested'))
      return page(query, args, NEWEST_FIRST, (row) => row)
    },
  }),
)

function runPayload(name: string) {
  return builder.objectRef<Result<TrainingRun>>(name).implement({
    fields: (t) => ({
      run: t.field({ type: TrainingRunType, nullable: true, resolve: ({ value }) => value }),
      errors: t.field({ type: [UserErrorType], resolve: ({ errors }) => errors }),
    }),
  })
}

const StartTrainingPayload = runPayload('StartTrainingPayload')
const FinishTrainingPayload = runPayload('FinishTrainingPayload')

const FinishTrainingInput = builder.inputRef<FinishedTraining>('FinishTrainingInput').implement({
  fields: (t) => ({
    id: t.string({ required: true }),
    model: t.string({ required: true, description: 'Digest of the stored model that came of it.' }),
    seen: t.int({ required: true, description: 'Pictures, each as often as it was seen.' }),
    lossBefore: t.float({ required: true }),
    lossAfter: t.float({ required: true }),
    seconds: t.float({ required: true }),
    machine: t.string({ required: true }),
  }),
})

const CancelTrainingPayload = runPayload('CancelTrainingPayload')

builder.mutationFields((t) => ({
  startTraining: t.field({
    type: StartTrainingPayload,
    description: 'Trains on all that is annotated now, without waiting for a threshold.',
    args: {
      method: t.arg({
        type: TrainingMethod,
        description: 'Without it the deepest one that the model allows: WHOLE, or HEAD.',
      }),
      steps: t.arg.int({ description: 'Of FULL, pictures that are seen. As many as did best without it.' }),
      takenAlong: t.arg.boolean({
        description: 'Of FULL: whoever asks brings it to the other machine, so that no Job is started for it.',
      }),
    },
    resolve: (_, { method, steps, takenAlong }, { viewer, ...desk }) => {
      const wish = { ...(method && { method }), ...(steps && { steps }), isTakenAlong: takenAlong ?? false }
      return resultOf(() => requestTraining(desk, viewer.id, wish))
    },
  }),
  finishTraining: t.field({
    type: FinishTrainingPayload,
    description: 'Hands in what came of a training by FULL.',
    args: { input: t.arg({ type: FinishTrainingInput, required: true }) },
    resolve: (_, { input }, desk) => resultOf(() => finishTraining(desk, input)),
  }),
  cancelTraining: t.field({
    type: CancelTrainingPayload,
    args: { id: t.arg.id({ required: true }) },
    resolve: (_, { id }, { database, viewer }) => resultOf(() => cancelTraining(database, id, viewer.id)),
  }),
}))

builder.subscriptionField('trainingRunChanged', (t) =>
  t.field({
    type: TrainingRunType,
    description: 'Every step of one training, or of all.',
    args: { id: t.arg.id() },
    subscribe: (_, { id }, { feed }) =>
      feed.subscribe({
        topics: ['events.training'],
        pick: (event) => (id == null || event.subject === id ? [event] : []),
        keep: 'newest',
      }),
    resolve: ({ value: { subject } }: Told<SentinelEvent>, _, { database }) =>
      database.selectFrom('training_runs').selectAll().where('id', '=', subject).executeTakeFirstOrThrow(),
  }),
)
