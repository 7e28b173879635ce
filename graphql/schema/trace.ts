import type { Selectable } from 'kysely'
import { sql } from 'kysely'
import type { Database } from '../../platform/ports/database.ts'
import type { AnnotationsTable } from '../../platform/ports/tables.ts'
import { builder } from '../builder.ts'
import { page } from '../connection.ts'
import { timeText } from '../views.ts'
import { CameraType, cameraOf } from './camera.ts'
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
      description: 'The models that learnt from it.',
      resolve: async ({ verdict_id }, _, context) => {
        const digests = await taughtBy(context.database, [verdict_id])
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
    resolve: ({ run }, args, { database }) => {
      const query = database
        .selectFrom('annotations')
        .selectAll()
        .select(timeText('recorded_at').as('recorded'))
        .where('verdict_id', 'in', verdictsOf(run))
      return page(query, args, NEWEST_FIRST, (row) => row)
    },
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

const verdictsOf = (run: string) => sql<string>`(SELECT unnest(verdicts) FROM training_runs WHERE id = ${run})`

async function teachersOf(database: Database, run: string): Promise<Teacher[]> {
  const { rows } = await sql<Teacher>`
    SELECT annotator, count(*)::int AS annotations FROM annotations WHERE verdict_id IN ${verdictsOf(run)}
    GROUP BY annotator ORDER BY annotations DESC, annotator`.execute(database)
  return rows
}

async function taughtBy(database: Database, verdicts: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ digest: string }>`
    SELECT lineage.digest FROM model_lineage AS lineage JOIN training_runs AS run ON run.id = lineage.run
    WHERE run.verdicts && ${[...verdicts]}::text[] ORDER BY lineage.made_at DESC LIMIT 50`.execute(database)
  return rows.map(({ digest }) => digest)
}
