import { sql } from 'kysely'
import { type LoggedEvent, loggedEvents } from '../../platform/event-log.ts'
import type { SentinelEvent } from '../../platform/events/event.ts'
import { builder } from '../builder.ts'
import { page } from '../connection.ts'
import { eventOf, eventRows, matches } from '../event-rows.ts'
import { frameOf } from '../frames.ts'
import type { Told } from '../live.ts'
import { CameraType, cameraOf } from './camera.ts'
import { FrameDetectionType } from './detection.ts'

export const EventType = builder.objectRef<LoggedEvent>('Event').implement({
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
    frame: t.field({
      type: FrameDetectionType,
      nullable: true,
      description: 'The frame that it tells of, and all that the model saw in it; null without one or when it is gone.',
      resolve: (event, _, { database }) => frameOf(database, event),
    }),
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

const NEWEST_FIRST = {
  columns: [
    { column: 'time', type: 'timestamptz' },
    { column: 'id', type: 'text' },
  ],
  direction: 'desc',
  keyOf: ({ at, id }: { at: string; id: string }) => [at, id],
} as const

builder.queryFields((t) => ({
  events: t.field({
    type: EventConnection,
    description: 'Newest first.',
    args: { first: t.arg.int(), after: t.arg.string(), filter: t.arg({ type: EventFilter }) },
    resolve: (_, { filter, ...args }, { history }) => page(eventRows(history, filter), args, NEWEST_FIRST, eventOf),
  }),
  event: t.field({
    type: EventType,
    nullable: true,
    args: { id: t.arg.id({ required: true }), time: t.arg({ type: 'DateTime', required: true }) },
    resolve: async (_, { id, time }, { database }) => {
      const row = await eventRows(database, undefined)
        .where('id', '=', id)
        .where(sql<boolean>`time >= ${time}::timestamptz - interval '1 hour'`)
        .where(sql<boolean>`time <= ${time}::timestamptz + interval '1 hour'`)
        .executeTakeFirst()
      return row && eventOf(row)
    },
  }),
}))

/** All subscribers are told of an event by the same entries, whose answers are shared. */
const known = new WeakMap<SentinelEvent, readonly LoggedEvent[]>()

function entriesOf(event: SentinelEvent): readonly LoggedEvent[] {
  const entries = known.get(event) ?? loggedEvents(event)
  known.set(event, entries)
  return entries
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
        pick: (event) => entriesOf(event).filter((entry) => matches(entry, filter) && isNews(entry, told)),
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
