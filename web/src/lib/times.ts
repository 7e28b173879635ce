const STYLES = {
  minute: { hour: '2-digit', minute: '2-digit' },
  clock: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  exact: { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 },
  dayAndClock: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  moment: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>

/** Making one takes longer than drawing a row. */
const formats = new Map<string, Intl.DateTimeFormat>()

export function timeText(time: string | Date, language: string, style: keyof typeof STYLES): string {
  const key = `${language} ${style}`
  const format = formats.get(key) ?? new Intl.DateTimeFormat(language, STYLES[style])
  formats.set(key, format)
  return format.format(new Date(time))
}

/** With the day where it is not today's. */
export function recentText(time: string, language: string): string {
  const isToday = new Date(time).toDateString() === new Date().toDateString()
  return timeText(time, language, isToday ? 'clock' : 'dayAndClock')
}
