import type { ClassCount, Mark, TimelineAnswer } from '../api/timeline.ts'

export const MINUTE_MS = 60_000
/** What the timeline shows. */
export const MINUTES = 60

/** A minute of the timeline. */
export interface Minute {
  /** Its beginning, ms since the epoch. */
  readonly at: number
  /** Frames that the detector looked at; 0 where nobody looked. */
  readonly frames: number
  /** Most detections first. */
  readonly classes: readonly ClassCount[]
  /** Of all classes together. */
  readonly detections: number
  /** What happened in it, oldest first. */
  readonly marks: readonly Mark[]
}

export interface Timeline {
  /** `MINUTES` of them, oldest first, without a gap. */
  readonly minutes: readonly Minute[]
  /** When the last of them ends, ms since the epoch by the server's clock. */
  readonly to: number
}

/**
 * What is known, with a newer answer put over the minutes that it covers; older minutes than the last `MINUTES` go.
 *
 * @param known of the same camera; undefined before the first answer.
 */
export function withAnswer(known: Timeline | undefined, answer: TimelineAnswer): Timeline {
  const to = Date.parse(answer.to)
  const from = Date.parse(answer.from)
  const before = new Map(known?.minutes.filter(({ at }) => at < from).map((minute) => [minute.at, minute]))
  const fresh = new Map(minutesIn(answer).map((minute) => [minute.at, minute]))
  const minutes = Array.from({ length: MINUTES }, (_, n) => {
    const at = to - (MINUTES - n) * MINUTE_MS
    return fresh.get(at) ?? before.get(at) ?? emptyMinute(at)
  })
  return { minutes, to }
}

/**
 * How many minutes an answer must cover so that nothing is missing: the last one of the known may have been under way, and
 * what it saw may have been stored later than the question.
 *
 * @param now ms since the epoch by the browser's clock, which may be another than the server's.
 * @param askedAt the same, when the known was asked for.
 */
export function minutesToAsk(known: Timeline | undefined, now: number, askedAt: number): number {
  if (!known) return MINUTES
  return Math.min(MINUTES, Math.ceil(Math.max(0, now - askedAt) / MINUTE_MS) + 2)
}

function minutesIn({ minutes, marks }: TimelineAnswer): Minute[] {
  const found = new Map(minutes.map(({ at, frames, classes }) => [Date.parse(at), { frames, classes }]))
  const marked = Map.groupBy(marks, ({ time }) => Math.floor(Date.parse(time) / MINUTE_MS) * MINUTE_MS)
  return [...new Set([...found.keys(), ...marked.keys()])].map((at) => {
    const { frames = 0, classes = [] } = found.get(at) ?? {}
    return {
      at,
      frames,
      classes: classes.toSorted((a, b) => b.detections - a.detections),
      detections: classes.reduce((sum, { detections }) => sum + detections, 0),
      marks: (marked.get(at) ?? []).toReversed(),
    }
  })
}

function emptyMinute(at: number): Minute {
  return { at, frames: 0, classes: [], detections: 0, marks: [] }
}

/** A class's part of a bar, in shares of the highest bar. */
export interface BarPart {
  readonly class: string
  readonly from: number
  readonly to: number
}

/** The bar of a minute: its classes on top of each other, the one with most at the bottom. */
export function barOf({ classes }: Minute, highest: number): BarPart[] {
  let sum = 0
  return classes.map(({ class: name, detections }) => {
    const from = sum / highest
    sum += detections
    return { class: name, from, to: sum / highest }
  })
}

/** Never 0, so that it can be divided by. */
export function highestOf(minutes: readonly Minute[]): number {
  return Math.max(1, ...minutes.map(({ detections }) => detections))
}

/** Minutes at both ends whose time would be cut off. */
const CLOCK_MARGIN = 2

/** Whole ten minutes of the clock whose time can be written under the timeline, ms since the epoch. */
export function tensOf({ to }: Timeline): number[] {
  const step = 10 * MINUTE_MS
  const last = Math.floor((to - 1) / step) * step
  const from = to - (MINUTES - CLOCK_MARGIN) * MINUTE_MS
  return Array.from({ length: MINUTES / 10 }, (_, n) => last - n * step)
    .filter((at) => at >= from && at <= to - CLOCK_MARGIN * MINUTE_MS)
    .toReversed()
}

/** @param share of the width, 0..1. @returns which minute lies there. */
export function minuteAt(share: number): number {
  return Math.min(MINUTES - 1, Math.max(0, Math.floor(share * MINUTES)))
}

/** @param share of the width, 0..1. @returns the moment that lies there, ms since the epoch. */
export function momentAt({ to }: Timeline, share: number): number {
  return to - (1 - Math.min(1, Math.max(0, share))) * MINUTES * MINUTE_MS
}

export function middleOf({ at }: Minute): number {
  return at + MINUTE_MS / 2
}

/** Where a moment lies, in shares of the width; undefined outside. */
export function shareOf({ to }: Timeline, at: number): number | undefined {
  const share = 1 - (to - at) / (MINUTES * MINUTE_MS)
  return share >= 0 && share <= 1 ? share : undefined
}

/** Where a key leads from a minute; undefined for a key that is none of these. */
export function afterKey(key: string, index: number): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowDown: -1,
    ArrowUp: 1,
    PageDown: -10,
    PageUp: 10,
    Home: -MINUTES,
    End: MINUTES,
  }
  const step = steps[key]
  return step === undefined ? undefined : Math.min(MINUTES - 1, Math.max(0, index + step))
}

/** What kind of mark stands for it; of several in one minute the one that matters most. */
export type MarkKind = 'offline' | 'review' | 'online' | 'other'

const KINDS: readonly (readonly [pattern: RegExp, kind: MarkKind])[] = [
  [/^sentinel\.camera\.offline\./, 'offline'],
  [/^sentinel\.review\./, 'review'],
  [/^sentinel\.camera\.online\./, 'online'],
  [/./, 'other'],
]

export function markKindOf(marks: readonly Mark[]): MarkKind | undefined {
  return KINDS.find(([pattern]) => marks.some(({ type }) => pattern.test(type)))?.[1]
}
