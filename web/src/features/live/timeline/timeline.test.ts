import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Mark, TimelineAnswer } from '../api/timeline.ts'
import {
  afterKey,
  barOf,
  highestOf,
  MINUTE_MS,
  MINUTES,
  markKindOf,
  minuteAt,
  minutesToAsk,
  momentAt,
  shareOf,
  tensOf,
  withAnswer,
} from './timeline.ts'

const HOUR = Date.parse('2026-06-01T09:00:00Z')
const text = (at: number): string => new Date(at).toISOString()
const mark = (id: string, at: number, type = 'sentinel.review.requested.v1'): Mark => ({ id, time: text(at), type })

/** An answer of the last `count` minutes before `to`, with so many cars in each of the minutes that begin at these moments. */
function answer(to: number, count: number, cars: readonly (readonly [at: number, cars: number])[], ...marks: Mark[]) {
  const minutes = cars.map(([at, detections]) => ({
    at: text(at),
    frames: 300,
    classes: detections ? [{ class: 'car', detections, most: 2 }] : [],
  }))
  return { from: text(to - count * MINUTE_MS), to: text(to), minutes, marks } satisfies TimelineAnswer
}

test('an hour is sixty minutes without a gap; those that nobody looked at are there with no frame', () => {
  const { minutes } = withAnswer(undefined, answer(HOUR, 60, [[HOUR - MINUTE_MS, 7]]))
  assert.equal(minutes.length, 60)
  assert.deepEqual([minutes[0]!.at, minutes[59]!.at], [HOUR - 60 * MINUTE_MS, HOUR - MINUTE_MS])
  assert.deepEqual([minutes[58]!.frames, minutes[59]!.frames, minutes[59]!.detections], [0, 300, 7])
})

test('a newer answer replaces the minutes that it covers, and the oldest go', () => {
  const [first, last] = [HOUR - 60 * MINUTE_MS, HOUR - MINUTE_MS]
  const cars = [first, first + MINUTE_MS, last].map((at) => [at, 5] as const)
  const known = withAnswer(undefined, answer(HOUR, 60, cars, mark('old', last)))
  const later = withAnswer(known, answer(HOUR + MINUTE_MS, 2, [[last, 9]], mark('new', HOUR + 1000)))
  assert.equal(later.minutes[0]!.at, first + MINUTE_MS)
  assert.deepEqual([later.minutes[0]!.detections, later.minutes[58]!.detections], [5, 9])
  assert.deepEqual(later.minutes[58]!.marks, [], 'the mark is not in the newer answer')
  assert.deepEqual(
    later.minutes[59]!.marks.map(({ id }) => id),
    ['new'],
  )
})

test('what happened while no frame was looked at is marked too, oldest first', () => {
  const marks = [mark('b', HOUR - 1000), mark('a', HOUR - 2000, 'sentinel.camera.offline.v1')]
  const last = withAnswer(undefined, answer(HOUR, 60, [], ...marks)).minutes[59]!
  assert.deepEqual(
    last.marks.map(({ id }) => id),
    ['a', 'b'],
  )
  assert.equal(markKindOf(last.marks), 'offline', 'a camera that is gone matters more than a review')
  assert.equal(markKindOf([mark('x', 0, 'sentinel.camera.changed.v1')]), 'other')
  assert.equal(markKindOf([]), undefined)
})

test('after the first hour only what can be new is asked for, and all of it after a long sleep', () => {
  const known = withAnswer(undefined, answer(HOUR, 60, []))
  assert.equal(minutesToAsk(undefined, 0, 0), 60)
  assert.equal(minutesToAsk(known, 15_000, 0), 3)
  assert.equal(minutesToAsk(known, 300_000, 0), 7)
  assert.equal(minutesToAsk(known, 86_400_000, 0), 60)
  assert.equal(minutesToAsk(known, -5000, 0), 2, 'the browser’s clock was put back')
})

test('a bar has its classes on top of each other, the largest at the bottom, as high as the highest minute allows', () => {
  const classes = [
    { class: 'bus', detections: 1, most: 1 },
    { class: 'car', detections: 3, most: 2 },
  ]
  const made = { ...answer(HOUR, 60, []), minutes: [{ at: text(HOUR - MINUTE_MS), frames: 9, classes }] }
  const { minutes } = withAnswer(undefined, made)
  assert.equal(highestOf(minutes), 4)
  assert.deepEqual(barOf(minutes[59]!, 8), [
    { class: 'car', from: 0, to: 0.375 },
    { class: 'bus', from: 0.375, to: 0.5 },
  ])
  assert.equal(highestOf(minutes.slice(0, 5)), 1, 'nothing seen divides by no zero')
})

test('places on the timeline and minutes are found from each other', () => {
  const timeline = withAnswer(undefined, answer(HOUR + 5 * MINUTE_MS, 60, []))
  assert.deepEqual([minuteAt(0), minuteAt(0.5), minuteAt(1), minuteAt(-1)], [0, MINUTES / 2, MINUTES - 1, 0])
  assert.equal(shareOf(timeline, timeline.to), 1)
  assert.equal(shareOf(timeline, timeline.to - 30 * MINUTE_MS), 0.5)
  assert.deepEqual(
    [0, 0.5, 2].map((share) => momentAt(timeline, share)),
    [60, 30, 0].map((minutes) => timeline.to - minutes * MINUTE_MS),
  )
  assert.equal(shareOf(timeline, timeline.to + MINUTE_MS), undefined)
  assert.deepEqual(
    tensOf(timeline).map(text),
    [10, 20, 30, 40, 50, 60].map((n) => text(HOUR - 60 * MINUTE_MS + n * MINUTE_MS)),
  )
})

test('keys lead from minute to minute and stay on the timeline', () => {
  assert.deepEqual(
    ['ArrowLeft', 'ArrowRight', 'PageDown', 'Home', 'End', 'x'].map((key) => afterKey(key, 5)),
    [4, 6, 0, 0, 59, undefined],
  )
})
