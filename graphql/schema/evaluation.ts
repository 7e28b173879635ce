import type { Selectable } from 'kysely'
import type { Comparison, Gate } from '../../platform/events/model.ts'
import { type Disagreement, judgeDisagreement } from '../../platform/models/disagreements.ts'
import type { Database } from '../../platform/ports/database.ts'
import type { ModelEvaluationsTable } from '../../platform/ports/tables.ts'
import { refusal } from '../../platform/refusal.ts'
import { builder } from '../builder.ts'
import { page } from '../connection.ts'
import { type Result, resultOf, SentenceType, UserErrorType } from '../results.ts'
import { CameraType, cameraOf } from './camera.ts'
import { BoxType } from './detection.ts'
import { ModelType, modelOf } from './model.ts'

type Evaluation = Selectable<ModelEvaluationsTable>

const EvaluationState = builder.enumType('EvaluationState', {
  values: {
    COMPARING: { value: 'comparing', description: 'Both models look at pictures that are kept.' },
    SHADOWING: { value: 'shadowing', description: 'The candidate looks at live frames beside the running model.' },
    PASSED: { value: 'passed' },
    FAILED: { value: 'failed' },
    CANCELLED: { value: 'cancelled' },
  } as const,
})

const GateState = builder.enumType('GateState', {
  values: {
    PASSED: { value: 'passed' },
    FAILED: { value: 'failed' },
    UNKNOWN: { value: 'unknown', description: 'There is too little to tell by.' },
  } as const,
})

const GateType = builder.objectRef<Gate>('EvaluationGate').implement({
  description: 'One thing that a candidate must not be worse in.',
  fields: (t) => ({
    name: t.exposeString('name'),
    state: t.field({ type: GateState, resolve: ({ state }) => state }),
    value: t.exposeFloat('value', { nullable: true, description: 'What was measured.' }),
    limit: t.exposeFloat('limit', { nullable: true, description: 'What it is held against.' }),
    reason: t.exposeString('reason', { description: 'In words, with the figures.' }),
    said: t.field({
      type: [SentenceType],
      description: 'The reason, sentence by sentence; of an older evaluation empty.',
      resolve: ({ told }) => told ?? [],
    }),
  }),
})

const ComparisonKind = builder.enumType('ComparisonKind', {
  values: { ALL: { value: 'all' }, CLASS: { value: 'class' }, LIGHT: { value: 'light' } } as const,
})

const ComparisonType = builder.objectRef<Comparison>('EvaluationComparison').implement({
  description: 'AP50 of both models on the same certified boxes: shares of 1, null where there is nothing to find.',
  fields: (t) => ({
    kind: t.field({ type: ComparisonKind, resolve: ({ kind }) => kind }),
    name: t.exposeString('name'),
    boxes: t.exposeInt('boxes'),
    candidate: t.exposeFloat('candidate', { nullable: true }),
    running: t.exposeFloat('running', { nullable: true }),
  }),
})

const BetterModel = builder.enumType('BetterModel', {
  values: {
    CANDIDATE: { value: 'candidate' },
    RUNNING: { value: 'running' },
    NEITHER: { value: 'neither' },
  } as const,
})

const DisagreementType = builder.objectRef<Disagreement>('ModelDisagreement').implement({
  description: 'A live frame in which a candidate saw something else than the running model.',
  fields: (t) => ({
    id: t.id({ resolve: ({ digest, frame_id }) => `${digest}/${frame_id}` }),
    frameId: t.exposeID('frame_id'),
    camera: t.field({ type: CameraType, resolve: ({ camera_id }, _, context) => cameraOf(context, camera_id) }),
    capturedAt: t.field({ type: 'DateTime', resolve: ({ captured_at }) => captured_at }),
    width: t.exposeInt('width'),
    height: t.exposeInt('height'),
    agreement: t.exposeFloat('agreement', { description: 'Share of the boxes of either that the other has too.' }),
    candidateBoxes: t.field({ type: [BoxType], resolve: ({ candidate_boxes }) => candidate_boxes }),
    runningBoxes: t.field({ type: [BoxType], resolve: ({ running_boxes }) => running_boxes }),
    imageUrl: t.string({ resolve: ({ image }) => `/media/${image}` }),
    better: t.field({
      type: BetterModel,
      nullable: true,
      description: 'Which one a person found right; null where nobody has looked.',
      resolve: ({ better }) => better,
    }),
    judgedBy: t.exposeString('judged_by', { nullable: true }),
  }),
})

const DisagreementEdge = builder.edgeObject({ name: 'ModelDisagreementEdge', type: DisagreementType })
const DisagreementConnection = builder.connectionObject(
  { name: 'ModelDisagreementConnection', type: DisagreementType },
  DisagreementEdge,
)

const MOST_APART_FIRST = {
  columns: [
    { column: 'agreement', type: 'float8' },
    { column: 'frame_id', type: 'text' },
  ],
  direction: 'asc',
  keyOf: ({ agreement, frame_id }: Disagreement) => [agreement, frame_id],
} as const

const EvaluationType = builder.objectRef<Evaluation>('ModelEvaluation').implement({
  description: 'A candidate held against the model that ran then.',
  fields: (t) => ({
    state: t.field({ type: EvaluationState, resolve: ({ state }) => state }),
    running: t.field({ type: ModelType, resolve: ({ running }, _, context) => modelOf(context, running, running) }),
    done: t.exposeInt('done', { description: 'Pictures and frames looked at so far.' }),
    total: t.exposeInt('total'),
    reason: t.exposeString('reason', { nullable: true, description: 'Of the verdict, in words.' }),
    reasonSaid: t.field({
      type: [SentenceType],
      description: 'The reason, sentence by sentence; of an older evaluation empty.',
      resolve: ({ reason_told }) => reason_told ?? [],
    }),
    gates: t.field({ type: [GateType], resolve: ({ gates }) => gates }),
    comparisons: t.field({ type: [ComparisonType], resolve: ({ comparisons }) => comparisons }),
    heldOut: t.exposeInt('held_out', { description: 'Certified pictures that neither model learnt from.' }),
    reference: t.exposeInt('reference', { description: 'Earlier real pictures.' }),
    live: t.exposeInt('live', { description: 'Live frames that both looked at.' }),
    startedAt: t.field({ type: 'DateTime', resolve: ({ started_at }) => started_at }),
    finishedAt: t.field({ type: 'DateTime', nullable: true, resolve: ({ finished_at }) => finished_at }),
    disagreements: t.field({
      type: DisagreementConnection,
      description: 'Those that are furthest apart first.',
      args: { first: t.arg.int(), after: t.arg.string() },
      resolve: ({ digest }, args, { database }) => {
        const query = database
          .selectFrom('shadow_frames')
          .selectAll()
          .where('digest', '=', digest)
          .where('image', 'is not', null)
        return page(query, args, MOST_APART_FIRST, (row) => row)
      },
    }),
  }),
})

builder.objectField(ModelType, 'evaluation', (t) =>
  t.field({
    type: EvaluationType,
    nullable: true,
    description: 'The newest one; null where it was never a candidate.',
    resolve: async ({ digest }, _, { database }) => (await evaluationOf(database, digest)) ?? null,
  }),
)

function evaluationOf(database: Database, digest: string): Promise<Evaluation | undefined> {
  return database.selectFrom('model_evaluations').selectAll().where('digest', '=', digest).executeTakeFirst()
}

const CancelEvaluationPayload = builder.objectRef<Result<Evaluation>>('CancelEvaluationPayload').implement({
  fields: (t) => ({
    evaluation: t.field({ type: EvaluationType, nullable: true, resolve: ({ value }) => value }),
    errors: t.field({ type: [UserErrorType], resolve: ({ errors }) => errors }),
  }),
})

const JudgeDisagreementPayload = builder.objectRef<Result<Disagreement>>('JudgeDisagreementPayload').implement({
  fields: (t) => ({
    disagreement: t.field({ type: DisagreementType, nullable: true, resolve: ({ value }) => value }),
    errors: t.field({ type: [UserErrorType], resolve: ({ errors }) => errors }),
  }),
})

builder.mutationField('judgeDisagreement', (t) =>
  t.field({
    type: JudgeDisagreementPayload,
    description: 'Says which of two models is right in a frame; without one the word is taken back.',
    args: { id: t.arg.id({ required: true }), better: t.arg({ type: BetterModel }) },
    resolve: (_, { id, better }, { database, clock, viewer }) =>
      resultOf(() => judgeDisagreement({ database, clock }, { id, better: better ?? null, by: viewer.id })),
  }),
)

builder.mutationField('cancelEvaluation', (t) =>
  t.field({
    type: CancelEvaluationPayload,
    description: 'Ends the evaluation of a candidate at its next picture.',
    args: { digest: t.arg.string({ required: true }) },
    resolve: (_, { digest }, { database, viewer }) => resultOf(() => cancelEvaluation(database, digest, viewer.id)),
  }),
)

/** @throws SentinelError `NOT_FOUND`, `CONFLICT` when it has ended already. */
async function cancelEvaluation(database: Database, digest: string, by: string): Promise<Evaluation> {
  const row = await database
    .updateTable('model_evaluations')
    .set({ cancel_by: by })
    .where('digest', '=', digest)
    .where('state', 'in', ['comparing', 'shadowing'])
    .returningAll()
    .executeTakeFirst()
  if (row) return row
  const ended = await evaluationOf(database, digest)
  if (!ended) throw refusal('evaluationGone', { digest })
  throw refusal('evaluationEnded', { status: ended.state })
}
