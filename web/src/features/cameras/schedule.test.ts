import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scheduleText } from './schedule-text.ts'
import { changeWindow, DAYS, firstSchedule, toggleDay, withoutWindow, withWindow } from './schedule-values.ts'

test('days that follow one another are told as a stretch, in the words of the language', () => {
  const windows = [
    { days: DAYS.slice(0, 5), from: '07:00', to: '19:00' },
    { days: ['SAT', 'TUE'] as const, from: '22:00', to: '05:00' },
  ]
  assert.equal(scheduleText({ timeZone: 'UTC', windows }, 'en'), 'Mon–Fri 07:00–19:00, Tue, Sat 22:00–05:00')
  assert.match(scheduleText({ timeZone: 'UTC', windows }, 'de'), /^Mo–Fr 07:00–19:00/)
})

test('a second window takes the days that are left, and without the last one the camera is always watched', () => {
  const two = withWindow(firstSchedule())
  assert.deepEqual(two.windows[1]!.days, ['SAT', 'SUN'])
  assert.deepEqual(withWindow(two).windows[2]!.days, DAYS)
  const one = withoutWindow(two, 0)!
  assert.deepEqual(one.windows, [two.windows[1]])
  assert.equal(withoutWindow(one, 0), null)
})

test('a day is put in its place of the week, and taken out again', () => {
  const window = firstSchedule().windows[0]!
  assert.deepEqual(toggleDay(window, 'WED'), ['MON', 'TUE', 'THU', 'FRI'])
  assert.deepEqual(toggleDay({ ...window, days: ['SUN', 'TUE'] }, 'MON'), ['MON', 'TUE', 'SUN'])
  assert.equal(changeWindow(firstSchedule(), 0, { from: '06:00' }).windows[0]!.from, '06:00')
})
