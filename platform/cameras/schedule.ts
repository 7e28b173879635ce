import { z } from 'zod'
import { ruleText } from '../refusal.ts'

/** In the order of the week, as `Intl` abbreviates them in English. */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof WEEKDAYS)[number]

const MINUTES_OF_DAY = 1440
const Clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, ruleText('timeOfDay'))

const Window = z.object({
  days: z.array(z.enum(WEEKDAYS)).min(1, ruleText('windowWithoutDay')),
  from: Clock,
  /** The same as `from` is a whole day; an earlier one is of the next day. */
  to: Clock,
})

/** When a camera is watched. */
export const Schedule = z.object({
  timeZone: z.string().refine(isTimeZone, ruleText('timeZone')),
  windows: z.array(Window).min(1, ruleText('scheduleWithoutWindow')).max(50),
})
export type Schedule = z.infer<typeof Schedule>

/** @param now milliseconds since the epoch. */
export function isWatched(schedule: Schedule | null, now: number): boolean {
  if (schedule === null) return true
  const { day, minute } = localTime(schedule.timeZone, now)
  const before = WEEKDAYS[(WEEKDAYS.indexOf(day) + 6) % 7]!
  return schedule.windows.some(({ days, from, to }) => {
    const [start, end] = [minuteOf(from), minuteOf(to)]
    const length = (end - start + MINUTES_OF_DAY) % MINUTES_OF_DAY || MINUTES_OF_DAY
    const isIn = (on: Weekday, at: number): boolean => days.includes(on) && at >= start && at < start + length
    return isIn(day, minute) || isIn(before, minute + MINUTES_OF_DAY)
  })
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

function localTime(timeZone: string, now: number): { readonly day: Weekday; readonly minute: number } {
  const format = { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  const parts = new Intl.DateTimeFormat('en-US', format).formatToParts(now)
  const part = (type: string): string => parts.find((each) => each.type === type)!.value
  return { day: part('weekday').toLowerCase() as Weekday, minute: Number(part('hour')) * 60 + Number(part('minute')) }
}

function minuteOf(clock: string): number {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))
}
