import { builder } from '../builder.ts'
import { badInput } from '../failures.ts'
import { marksOf, minutesOf, type Timeline, type TimelineMinute, timelineOf } from '../timeline.ts'
import { EventType } from './event.ts'

const HOUR = 60
/** What one answer may read of a camera. */
const MOST_MINUTES = 120

const ClassCount = builder.objectRef<TimelineMinute['classes'][number]>('ClassCount').implement({
  fields: (t) => ({
    class: t.exposeString('class'),
    detections: t.exposeInt('detections', { description: 'Boxes in all frames of the minute.' }),
    most: t.exposeInt('most', { description: 'Boxes in the one frame that had most.' }),
  }),
})

const TimelineMinuteType = builder.objectRef<TimelineMinute>('TimelineMinute').implement({
  fields: (t) => ({
    at: t.field({ type: 'DateTime', description: 'When it begins.', resolve: ({ at }) => at }),
    frames: t.exposeInt('frames', { description: 'Frames that the detector looked at.' }),
    classes: t.field({ type: [ClassCount], description: 'By name.', resolve: ({ classes }) => classes }),
  }),
})

const TimelineType = builder.objectRef<Timeline>('Timeline').implement({
  description: 'What a camera saw lately, minute by minute of capture time.',
  fields: (t) => ({
    from: t.field({ type: 'DateTime', description: 'When its first minute begins.', resolve: ({ from }) => from }),
    to: t.field({
      type: 'DateTime',
      description: 'When its last minute ends, which may not be over yet.',
      resolve: ({ to }) => to,
    }),
    minutes: t.field({
      type: [TimelineMinuteType],
      description: 'Oldest first; those in which no frame was looked at are left out.',
      resolve: (timeline, _, { history }) => minutesOf(history, timeline),
    }),
    marks: t.field({
      type: [EventType],
      description: 'What happened besides objects that appeared, newest first, 200 at most.',
      resolve: (timeline, _, { history }) => marksOf(history, timeline),
    }),
  }),
})

builder.queryField('timeline', (t) =>
  t.field({
    type: TimelineType,
    description: `The last minutes of a camera, ${HOUR} without a number, ${MOST_MINUTES} at most.`,
    args: { cameraId: t.arg.id({ required: true }), minutes: t.arg.int() },
    resolve: (_, { cameraId, minutes }, { clock }) => {
      const count = minutes ?? HOUR
      if (count < 1 || count > MOST_MINUTES) throw badInput(`minutes lies between 1 and ${MOST_MINUTES}`)
      return timelineOf(cameraId, count, clock.now())
    },
  }),
)
