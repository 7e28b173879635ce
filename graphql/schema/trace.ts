import type { Selectable } from 'kysely'
import { sql } from 'kysely'
import { taughtBy } from '../../platform/models/lineage.ts'
import type { Database } from '../../platform/ports/database.ts'
import type { AnnotationsTable } from '../../platform/ports/tables.ts'
import { builder } from '../builder.ts'
import { page } from '../connection.ts'
import { timeText } from '../views.ts'
import { CameraType, cameraOf } from './camera.ts'
import { DatasetBoxType } from './dataset.ts'
import { BoxType } from './detection.ts'
import { ModelLineageType, ModelType, modelOf } from './model.ts'
import { TriageItemType } from './triage.ts'

type Annotation = Selectable<AnnotationsTable>

interface Teacher {
  readonly annotator: string
  readonly annotations: number
}

const AnnotationType = builder.objectRef<Annotation>('Annotation').implement({
  description: 'What a person said of a frame.',
  fields: (t) => ({
    id: t.exposeID('verdict_id', { description: 'Of the verdict.' }),
    itemId: t.exposeID('item_id'),
    camera: t.field({ type: CameraType, resolve: ({ camera_id }, _, context) => cameraOf(context, camera_id) }),
    annotator: t.exposeString('annotator'),
    verdict: t.exposeString('verdict', { description: 'confirm or correct' }),
    recordedAt: t.field({ type: 'DateTime', resolve: ({ recorded_at }) => recorded_at }),
    withdrawnAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was taken back: models made before still carry it.',
      resolve: ({ withdrawn_at }) => withdrawn_at,
    }),
    boxes: t.int({ resolve: ({ boxes }) => boxes.length }),
    drawn: t.field({
      type: [DatasetBoxType],
      description: 'All that is in the frame, by this person.',
      resolve: ({ boxes }) => boxes,
    }),
    shown: t.field({
      type: [BoxType],
      description: 'What the model had seen, which is what was judged.',
      resolve: ({ before }) => before,
    }),
    capturedAt: t.field({ type: 'DateTime', resolve: ({ captured_at }) => captured_at }),
    light: t.exposeString('light', { description: 'day, dusk or night, by the picture itself.' }),
    withdrawnBy: t.exposeString('withdrawn_by', { nullable: true }),
    stands: t.exposeBoolean('stands', { description: 'Whether it is what is taken for true of its frame.' }),
    rule: t.exposeString('rule', {
      nullable: true,
      description: 'Why it stands: single, consensus or adjudication.',
    }),
    agreedBy: t.exposeStringList('agreed_by', { description: 'Everyone who said the same.' }),
    imageUrl: t.string({ resolve: ({ image }) => `/media/dataset/${image}.jpg` }),
    width: t.exposeInt('width'),
    height: t.exposeInt('height'),
    shownBy: t.field({
      type: ModelType,
      description: 'Whose boxes were judged.',
      resolve: ({ model_digest, model_name }, _, context) => modelOf(context, model_digest, model_name),
    }),
    taught: t.field({
      type: [ModelType],
      description: 'The models that learnt from it, themselves or through one that they come from, the oldest first.',
      resolve: async ({ verdict_id }, _, context) => {
        const digests = await taughtBy(context.database, verdict_id)
        return Promise.all(digests.map((digest) => modelOf(context, digest, digest)))
      },
    }),
  }),
})

const AnnotationEdge = builder.edgeObject({ name: 'AnnotationEdge', type: AnnotationType })
const AnnotationConnection = builder.connectionObject(
  { name: 'AnnotationConnection', type: AnnotationType },
  AnnotationEdge,
)

const TeacherType = builder.objectRef<Teacher>('Teacher').implement({
  description: 'A person from whom a model learnt.',
  fields: (t) => ({
    id: t.exposeID('annotator'),
    annotations: t.exposeInt('annotations', { description: 'Frames of this person in what it learnt from.' }),
  }),
})

const NEWEST_FIRST = {
  columns: [
    { column: 'recorded_at', type: 'timestamptz' },
    { column: 'verdict_id', type: 'text' },
  ],
  direction: 'desc',
  keyOf: ({ recorded, verdict_id }: Annotation & { recorded: string }) => [recorded, verdict_id],
} as const

builder.objectFields(ModelLineageType, (t) => ({
  teachers: t.field({
    type: [TeacherType],
    description: 'The people from whom it learnt, the most frames first.',
    resolve: ({ run }, _, { database }) => teachersOf(database, run),
  }),
  annotations: t.field({
    type: AnnotationConnection,
    description: 'What it learnt from, the newest first.',
    args: { first: t.arg.int(), after: t.arg.string() },
    resolve: ({ run }, args, { database }) =>
      page(annotationsIn(database).where('verdict_id', 'in', verdictsOf(run)), args, NEWEST_FIRST, (row) => row),
  }),
}))

builder.objectField(TriageItemType, 'annotations', (t) =>
  t.field({
    type: [AnnotationType],
    description: 'Everything that was ever said of it, the oldest first.',
    resolve: ({ id }, _, { database }) =>
      database.selectFrom('annotations').selectAll().where('item_id', '=', id).orderBy('recorded_at').execute(),
  }),
)

builder.queryFields((t) => ({
  annotation: t.field({
    type: AnnotationType,
    nullable: true,
    description: 'What a person said, by the id of the verdict; null for one that certified no frame.',
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_, { id }, { database }) =>
      (await database.selectFrom('annotations').selectAll().where('verdict_id', '=', id).executeTakeFirst()) ?? null,
  }),
  annotations: t.field({
    type: AnnotationConnection,
    description: 'What people said, the newest first.',
    args: { first: t.arg.int(), after: t.arg.string(), annotator: t.arg.string({ description: 'Of this one alone.' }) },
    resolve: (_, { annotator, ...args }, { database }) => {
      const all = annotationsIn(database)
      return page(annotator ? all.where('annotator', '=', annotator) : all, args, NEWEST_FIRST, (row) => row)
    },
  }),
}))

function annotationsIn(database: Database) {
  return database.selectFrom('annotations').selectAll().select(timeText('recorded_at').as('recorded'))
}

const verdictsOf = (run: string) => sql<string>`(SELECT unnest(verdicts) FROM training_runs WHERE id = ${run})`

async function teachersOf(database: Database, run: string): Promise<Teacher[]> {
  const { rows } = await sql<Teacher>`
    SELECT annotator, count(*)::int AS annotations FROM annotations WHERE verdict_id IN ${verdictsOf(run)}
    GROUP BY annotator ORDER BY annotations DESC, annotator`.execute(database)
  return rows
}
