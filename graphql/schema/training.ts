import { builder } from '../builder.ts'
import { type Connection, emptyPage } from '../connection.ts'

interface TrainingRun {
  readonly id: string
  readonly requestedAt: Date
  readonly finishedAt: Date | null
}

const TrainingRunType = builder.objectRef<TrainingRun>('TrainingRun').implement({
  description: 'One training of a model on what people have annotated.',
  fields: (t) => ({
    id: t.exposeID('id'),
    requestedAt: t.field({ type: 'DateTime', resolve: ({ requestedAt }) => requestedAt }),
    finishedAt: t.field({ type: 'DateTime', nullable: true, resolve: ({ finishedAt }) => finishedAt }),
  }),
})

const TrainingRunEdge = builder.edgeObject({ name: 'TrainingRunEdge', type: TrainingRunType })
const TrainingRunConnection = builder.connectionObject(
  { name: 'TrainingRunConnection', type: TrainingRunType },
  TrainingRunEdge,
)

builder.queryField('trainingRuns', (t) =>
  t.field({
    type: TrainingRunConnection,
    description: 'This version trains nothing, so there are none.',
    args: { first: t.arg.int(), after: t.arg.string() },
    resolve: (_, args): Connection<TrainingRun> => emptyPage(args),
  }),
)
