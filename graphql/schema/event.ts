import { sql } from 'kysely'
import { type LoggedEvent, loggedEvents } from '../../platform/event-log.ts'
import { builder } from '../builder.ts'
import { page } from '../connection.ts'
import type { Told } from '../live.ts'
import { timeText } from '../views.ts'
import { CameraType, cameraOf } from './camera.ts'

const EventType = builder.objectRef<LoggedEvent>('Event').implement({
  description:
    'An entry of the event log: a camera that came or went, a track that appeared, a frame that went to review.',
  fields: (t) => ({
    id: t.exposeID('id'),
    time: t.field({ type: 'DateTime', resolve: ({ time }) => time }),
    type: t.exposeString('type', { description: 'The wire type, such as sentinel.camera.online.v1.' }),
    cameraId: t.exposeID('cameraId', { nullable: true }),
    camera: t.field({
      type: CameraType,
      nullable: true,
      resolve: ({ cameraId }, _, context) => (cameraId === null ? null : cameraOf(context, cameraId)),
    }),
    subject: t.exposeString('subject'),
    class: t.exposeString('class', { nullable: true, description: 'Of a track that appeared.' }),
    score: t.exposeFloat('score', { nullable: true }),
    detail: t.string({ description: 'The data as JSON text.', resolve: ({ data }) => JSON.stringify(data) }),
  }),
})

const EventEdge = builder.edgeObject({ name: 'EventEdge', type: EventType })
const EventConnection = builder.connectionObject({ name: 'EventConnection', type: EventType }, EventEdge)

const EventFilter = builder.inputType('EventFilter', {
  fields: (t) => ({
    cameraIds: t.idList(),
    types: t.stringList(),
    classes: t.stringList(),
    minScore: t.float(),
    from: t.field({ type: 'DateTime' }),
    to: t.field({ type: 'DateTime' }),
  }),
})

type Filter = typeof EventFilter.$inferInput | null | undefined

const NEWEST_FIRST = {
  columns: [
    { column: 'time', type: 'timestamptz' },
    { column: 'id', type: 'text' },
  ],
  direction: 'desc',
  keyOf: ({ at, id }: { at: string; id: string }) => [at, id],
} as const

builder.queryField('events', (t) =>
  t.field({
    type: EventConnection,
    description: 'Newest first.',
    args: { first: t.arg.int(), after: t.arg.string(), filter: t.arg({ type: EventFilter }) },
    resolve: (_, { filter, ...args }, { database }) => {
      let query = database
        .selectFrom('events')
        .select(['id', 'type', 'camera_id', 'subject', 'class', 'score', 'data', timeText('time').as('at')])
      if (filter?.cameraIds) query = query.where('camera_id', '=', anyOf(filter.cameraIds))
      if (filter?.types) query = query.where('type', '=', anyOf(filter.types))
      if (filter?.classes) query = query.where('class', '=', anyOf(filter.classes))
      if (filter?.minScore != null) query = query.where('score', '>=', filter.minScore)
      if (filter?.from) query = query.where('time', '>=', sql<Date>`${filter.from}::timestamptz`)
      if (filter?.to) query = query.where('time', '<', sql<Date>`${filter.to}::timestamptz`)
      const toNode = ({
        at,
        camera_id,
        ...rest
      }: { at: string; camera_id: string | null } & Omit<LoggedEvent, 'time' | 'cameraId'>): LoggedEvent => ({
        ...rest,
        time: at,
        cameraId: camera_id,
      })
      return page(query, args, NEWEST_FIRST, toNode)
    },
  }),
)

/** An empty list matches nothing; `IN ()` would be no SQL. */
function anyOf(values: readonly string[]) {
  return sql<string>`ANY(${[...values]})`
}

/** Tracks that a subscription has told, so that each is told once. */
const MAX_TOLD = 10_000

builder.subscriptionField('eventLogged', (t) =>
  t.field({
    type: EventType,
    description: 'Each entry as it is made. A client that falls behind gets the error TOO_SLOW, and asks anew.',
    args: { filter: t.arg({ type: EventFilter }) },
    subscribe: (_, { filter }, { feed }) => {
      const told = new Set<string>()
      return feed.subscribe({
        topics: ['events.cameras', 'events.triage', 'events.detections'],
        pick: (event) => loggedEvents(event).filter((entry) => matches(entry, filter) && isNews(entry, told)),
        keep: 'all',
      })
    },
    resolve: ({ value }: Told<LoggedEvent>) => value,
  }),
)

function isNews({ id, trackId }: LoggedEvent, told: Set<string>): boolean {
  if (trackId === undefined) return true
  if (told.has(id)) return false
  told.add(id)
  if (told.size > MAX_TOLD) told.delete(told.values().next().value!)
  return true
}

function matches(entry: LoggedEvent, filter: Filter): boolean {
  if (!filter) return true
  const { cameraIds, types, classes, minScore, from, to } = filter
  const time = Date.parse(entry.time)
  return (
    (!cameraIds || cameraIds.includes(entry.cameraId ?? '')) &&
    (!types || types.includes(entry.type)) &&
    (!classes || classes.includes(entry.class ?? '')) &&
    (minScore == null || (entry.score ?? -1) >= minScore) &&
    (!from || time >= Date.parse(from)) &&
    (!to || time < Date.parse(to))
  )
}
