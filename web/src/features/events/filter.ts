import type { EventFilter } from './api/events.ts'

/** How far back, in hours, a filter of the address reaches. */
export const SINCE = { '1h': 1, '24h': 24, '7d': 168 } as const
type Since = keyof typeof SINCE

/** What the address says is shown; the names are those of the export too. */
export interface ShownFilter {
  readonly type: string
  readonly camera: string
  readonly class: string
  /** 0..1, as text. */
  readonly score: string
  /** One of `SINCE`, or `between` where two times are given. */
  readonly time: Since | 'between' | ''
  readonly from: string
  readonly to: string
}

const isTime = (text: string): boolean => !Number.isNaN(Date.parse(text))

export function readFilter(search: URLSearchParams): ShownFilter {
  const text = (name: string): string => search.get(name) ?? ''
  const [from, to] = [text('from'), text('to')].map((time) => (isTime(time) ? time : ''))
  const since = text('since')
  const isSince = since in SINCE
  const score = Number(search.get('score'))
  return {
    type: text('type'),
    camera: text('camera'),
    class: text('class'),
    score: score > 0 && score <= 1 ? String(score) : '',
    time: isSince ? (since as Since) : from || to || search.has('between') ? 'between' : '',
    from: from!,
    to: to!,
  }
}

/** @param now milliseconds since the epoch, from which “the last hour” counts. */
export function filterOf({ type, camera, class: name, score, time, from, to }: ShownFilter, now: number): EventFilter {
  const start = time !== '' && time !== 'between' ? new Date(now - SINCE[time] * 3_600_000).toISOString() : from
  return {
    ...(type && { types: [type] }),
    ...(camera && { cameraIds: [camera] }),
    ...(name && { classes: [name] }),
    ...(score && { minScore: Number(score) }),
    ...(start && { from: start }),
    ...(time === 'between' && to && { to }),
  }
}

/** The address of the file that holds what is shown. */
export function exportUrl(format: 'csv' | 'json', filter: EventFilter): string {
  const search = new URLSearchParams()
  const add = (name: string, values: readonly string[] = []): void => {
    for (const value of values) search.append(name, value)
  }
  add('type', filter.types)
  add('camera', filter.cameraIds)
  add('class', filter.classes)
  if (filter.minScore !== undefined) search.set('score', String(filter.minScore))
  if (filter.from) search.set('from', filter.from)
  if (filter.to) search.set('to', filter.to)
  return `/export/events.${format}?${search}`
}

/** Of a moment, what a field for local time holds. */
export function toLocal(time: string): string {
  if (time === '') return ''
  const date = new Date(time)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

/** Of what a field for local time holds, the moment as RFC 3339; empty while it holds none. */
export function fromLocal(text: string): string {
  return isTime(text) ? new Date(text).toISOString() : ''
}
