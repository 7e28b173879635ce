import type { Box } from '../../../platform/events/frame.ts'
import { type Axis, correct, firstSeen, predict } from './kalman.ts'

export interface Track {
  readonly number: number
  /** Whether it was seen often enough to be reported. */
  readonly isConfirmed: boolean
  readonly class: string
  /** Seconds. */
  readonly seenAt: number
  /** Centre x, centre y, width, height, in shares of the picture. */
  readonly axes: readonly [Axis, Axis, Axis, Axis]
}

/** In sizes of the object: how exactly boxes lie, and how hard things brake and turn, a second squared. */
const MEASUREMENT_NOISE = 0.06
const ACCELERATION = 3
const FIRST_SPEED_NOISE = 4
/** Boxes grow and shrink more slowly than they move. */
const RESIZING = 0.25

type Rectangle = readonly [x: number, y: number, width: number, height: number]

export function startTrack(number: number, { class: name, box }: Box, time: number): Track {
  const size = sizeOf(box)
  const axes = centred(box).map((value, i) =>
    firstSeen(value, MEASUREMENT_NOISE * size, FIRST_SPEED_NOISE * size * (i < 2 ? 1 : RESIZING)),
  )
  return { number, isConfirmed: false, class: name, seenAt: time, axes: axes as unknown as Track['axes'] }
}

export function predictTrack(track: Track, seconds: number): Track {
  const size = sizeOf(rectangleOf(track))
  const axes = track.axes.map((axis, i) => predict(axis, seconds, ACCELERATION * size * (i < 2 ? 1 : RESIZING)))
  return { ...track, axes: axes as unknown as Track['axes'] }
}

export function updateTrack(track: Track, { class: name, box }: Box, time: number): Track {
  const noise = MEASUREMENT_NOISE * sizeOf(box)
  const measured = centred(box)
  const axes = track.axes.map((axis, i) => correct(axis, measured[i]!, noise))
  return { ...track, class: name, seenAt: time, isConfirmed: true, axes: axes as unknown as Track['axes'] }
}

export function rectangleOf({ axes: [x, y, width, height] }: Track): Rectangle {
  const w = Math.max(1e-4, width.value)
  const h = Math.max(1e-4, height.value)
  return [x.value - w / 2, y.value - h / 2, w, h]
}

const centred = ([x, y, width, height]: Rectangle): Rectangle => [x + width / 2, y + height / 2, width, height]

const sizeOf = ([, , width, height]: Rectangle): number => Math.sqrt(Math.max(width * height, 1e-8))

/**
 * Overlap of two boxes that are both widened by a share of their size (buffered IoU; Yang et al., "Hard to Track Objects with
 * Irregular Motions", WACV 2023): at few frames a second a small object leaves its own box between two frames.
 */
export function bufferedOverlap(a: Rectangle, b: Rectangle, buffer: number): number {
  const [ax, ay, aw, ah] = widened(a, buffer)
  const [bx, by, bw, bh] = widened(b, buffer)
  const width = Math.min(ax + aw, bx + bw) - Math.max(ax, bx)
  const height = Math.min(ay + ah, by + bh) - Math.max(ay, by)
  if (width <= 0 || height <= 0) return 0
  const shared = width * height
  return shared / (aw * ah + bw * bh - shared)
}

function widened([x, y, width, height]: Rectangle, buffer: number): Rectangle {
  return [x - width * buffer, y - height * buffer, width * (1 + 2 * buffer), height * (1 + 2 * buffer)]
}
