import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isWatched, Schedule, type Weekday } from './schedule.ts'

const schedule = (days: Weekday[], from: string, to: string, timeZone = 'Europe/Berlin'): Schedule => ({
  timeZone,
  windows: [{ days, from, to }],
})
/** A Wednesday. */
const at = (clock: string): number => Date.parse(`2026-06-03T${clock}:00Z`)

test('a camera without a schedule is always watched', () => assert.ok(isWatched(null, at('03:00'))))

test('hours are those of the schedule’s own time zone, its end not included', () => {
  const rush = schedule(['wed'], '07:00', '09:00')
  assert.deepEqual(
    ['04:59', '05:00', '06:59', '07:00'].map((clock) => isWatched(rush, at(clock))),
    [false, true, true, false],
  )
  assert.equal(isWatched(schedule(['tue'], '07:00', '09:00'), at('05:00')), false)
})

test('a window over midnight belongs to the day on which it begins', () => {
  const night = schedule(['tue'], '22:00', '05:00', 'UTC')
  assert.deepEqual(
    [at('04:59'), at('05:00'), at('22:30'), at('22:30') - 86_400_000].map((now) => isWatched(night, now)),
    [true, false, false, true],
  )
})

test('from and to at the same time are a whole day', () => {
  assert.ok(isWatched(schedule(['wed'], '00:00', '00:00', 'UTC'), at('13:00')))
})

test('a clock that is put forward or back neither loses nor adds more than its own hour', () => {
  const night = schedule(['sun'], '01:00', '04:00')
  const hours = (day: string): number =>
    Array.from({ length: 24 }, (_, hour) => Date.parse(`${day}T00:00:00Z`) + (hour - 2) * 3_600_000).filter((now) =>
      isWatched(night, now),
    ).length
  assert.deepEqual(['2026-03-29', '2026-06-07', '2026-10-25'].map(hours), [2, 3, 4])
})

test('what is no time, no zone or no day is refused', () => {
  for (const wrong of [
    schedule(['wed'], '7:00', '09:00'),
    schedule(['wed'], '07:00', '24:00'),
    schedule([], '07:00', '09:00'),
    schedule(['wed'], '07:00', '09:00', 'Europe/Atlantis'),
    { timeZone: 'UTC', windows: [] },
  ])
    assert.equal(Schedule.safeParse(wrong).success, false, JSON.stringify(wrong))
})
