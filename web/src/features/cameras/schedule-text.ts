import { DAYS, type Schedule } from './schedule-values.ts'

/** Such as “Mon–Fri 07:00–19:00, Sat 09:00–12:00”; days in the words of the language. */
export function scheduleText({ windows }: Schedule, language: string): string {
  return windows.map(({ days, from, to }) => `${daysText(days, language)} ${from}–${to}`).join(', ')
}

/** 5 January 1970 was a Monday. */
export function dayName(index: number, language: string): string {
  return new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' }).format((4 + index) * 86_400_000)
}

function daysText(days: Schedule['windows'][number]['days'], language: string): string {
  const on = DAYS.map((day) => days.includes(day))
  const runs: [from: number, to: number][] = []
  on.forEach((isOn, day) => {
    const last = runs.at(-1)
    if (!isOn) return
    if (last && last[1] === day - 1) last[1] = day
    else runs.push([day, day])
  })
  const name = (day: number): string => dayName(day, language)
  return runs.map(([from, to]) => (from === to ? name(from) : `${name(from)}–${name(to)}`)).join(', ')
}
