import { type Schedule, WEEKDAYS, type Weekday } from '../../platform/cameras/schedule.ts'
import { builder } from '../builder.ts'

const WeekdayType = builder.enumType('Weekday', {
  values: Object.fromEntries(WEEKDAYS.map((day) => [day.toUpperCase(), { value: day }])) as Record<
    Uppercase<Weekday>,
    { value: Weekday }
  >,
})

const WatchWindowType = builder.objectRef<Schedule['windows'][number]>('WatchWindow').implement({
  fields: (t) => ({
    days: t.field({ type: [WeekdayType], resolve: ({ days }) => days }),
    from: t.exposeString('from', { description: 'HH:MM in the time zone of the schedule.' }),
    to: t.exposeString('to', { description: 'As from: a whole day; earlier: on the next day.' }),
  }),
})

export const CameraScheduleType = builder.objectRef<Schedule>('CameraSchedule').implement({
  description: 'When a camera is watched.',
  fields: (t) => ({
    timeZone: t.exposeString('timeZone', { description: 'Such as Europe/Berlin.' }),
    windows: t.field({ type: [WatchWindowType], resolve: ({ windows }) => windows }),
  }),
})

const WatchWindowInput = builder.inputType('WatchWindowInput', {
  fields: (t) => ({
    days: t.field({ type: [WeekdayType], required: true }),
    from: t.string({ required: true, description: 'HH:MM in the time zone of the schedule.' }),
    to: t.string({ required: true, description: 'As from: a whole day; earlier: on the next day.' }),
  }),
})

export const CameraScheduleInput = builder.inputType('CameraScheduleInput', {
  fields: (t) => ({
    timeZone: t.string({ required: true, description: 'Such as Europe/Berlin.' }),
    windows: t.field({ type: [WatchWindowInput], required: true }),
  }),
})
