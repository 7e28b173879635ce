import type { DeadLetter } from '../../platform/events/dead-letter.ts'
import { builder } from '../builder.ts'
import type { Figure, HealthPart } from '../context.ts'
import { SentenceType } from '../results.ts'

const HealthState = builder.enumType('HealthState', {
  values: {
    READY: { value: 'ready' },
    STARTING: { value: 'starting' },
    FAILING: { value: 'failing' },
    MISSING: { value: 'missing' },
  } as const,
})

const HealthPartType = builder.objectRef<HealthPart>('HealthPart').implement({
  fields: (t) => ({
    name: t.exposeString('name'),
    state: t.field({ type: HealthState, resolve: ({ state }) => state }),
    message: t.exposeString('message', { description: 'What is wrong or missing, and what to do; empty when ready.' }),
    said: t.field({
      type: [SentenceType],
      description: 'The message, sentence by sentence.',
      resolve: ({ told }) => told,
    }),
  }),
})

const FunctionLag = builder.objectRef<{ function: string; lag: number }>('FunctionLag').implement({
  fields: (t) => ({
    function: t.exposeString('function'),
    lag: t.exposeInt('lag', { description: 'Events of the log that it has not handled yet.' }),
  }),
})

const Label = builder.objectRef<Figure['labels'][number]>('FigureLabel').implement({
  fields: (t) => ({ name: t.exposeString('name'), value: t.exposeString('value') }),
})

const FigureType = builder.objectRef<Figure>('Figure').implement({
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Those that end in _total only rise, from 0 at the start.' }),
    labels: t.field({ type: [Label], resolve: ({ labels }) => labels }),
    value: t.exposeFloat('value'),
  }),
})

const RecentError = builder.objectRef<DeadLetter>('RecentError').implement({
  description:
    'An event that a function could not handle. It is kept among the dead letters, from where it can be replayed.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its name among the dead letters.' }),
    at: t.field({ type: 'DateTime', resolve: ({ time }) => time }),
    function: t.exposeString('function'),
    topic: t.exposeString('topic', { description: 'Where the event came from.' }),
    code: t.exposeString('code'),
    reason: t.exposeString('reason'),
    said: t.field({
      type: [SentenceType],
      description: 'The reason, sentence by sentence.',
      resolve: ({ told }) => told,
    }),
    attempts: t.exposeInt('attempts'),
  }),
})

const Health = builder.objectRef<{ parts: readonly HealthPart[] }>('Health').implement({
  fields: (t) => ({
    ready: t.boolean({ resolve: ({ parts }) => parts.every(({ state }) => state === 'ready' || state === 'missing') }),
    parts: t.field({ type: [HealthPartType], resolve: ({ parts }) => parts }),
    lag: t.field({ type: [FunctionLag], resolve: (_, __, { lag }) => lag() }),
    recentErrors: t.field({
      type: [RecentError],
      description: 'The newest first, since this server was started.',
      resolve: (_, __, { feed }) => feed.refused,
    }),
    figures: t.field({
      type: [FigureType],
      description: 'What was handled, published, tried again, shown and dropped: the counters and gauges of /metrics.',
      resolve: (_, __, { figures }) => figures(),
    }),
  }),
})

builder.queryField('health', (t) =>
  t.field({ type: Health, resolve: async (_, __, { health }) => ({ parts: await health() }) }),
)
