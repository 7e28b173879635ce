export const DAYS = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'] as const
export type Day = (typeof DAYS)[number]

export interface WatchWindow {
  readonly days: readonly Day[]
  /** HH:MM */
  readonly from: string
  readonly to: string
}

export interface Schedule {
  readonly timeZone: string
  readonly windows: readonly WatchWindow[]
}

const WORKDAY: WatchWindow = { days: DAYS.slice(0, 5), from: '07:00', to: '19:00' }

/** What a schedule begins with. */
export function firstSchedule(): Schedule {
  return { timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone, windows: [WORKDAY] }
}

/** The days that have no window yet, or all. */
export function withWindow({ timeZone, windows }: Schedule): Schedule {
  const taken = new Set(windows.flatMap(({ days }) => days))
  const free = DAYS.filter((day) => !taken.has(day))
  return { timeZone, windows: [...windows, { ...WORKDAY, days: free.length > 0 ? free : DAYS }] }
}

/** Without its last window there is no schedule: the camera is always watched. */
export function withoutWindow({ timeZone, windows }: Schedule, at: number): Schedule | null {
  const left = windows.filter((_, i) => i !== at)
  return left.length > 0 ? { timeZone, windows: left } : null
}

export function changeWindow(schedule: Schedule, at: number, changes: Partial<WatchWindow>): Schedule {
  return { ...schedule, windows: schedule.windows.map((window, i) => (i === at ? { ...window, ...changes } : window)) }
}

export function toggleDay({ days }: WatchWindow, day: Day): readonly Day[] {
  return DAYS.filter((each) => days.includes(each) !== (each === day))
}
