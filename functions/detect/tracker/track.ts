import type { Box } from '../../../platform/events/frame.ts'
import { type Axis, correct, firstSeen, predict } from './kalman.ts'
import type { Tuning } from './tuning.ts'

export interface Track {
  readonly number: number
  /** Whether it was seen often enough to be reported. */
  readonly isConfirmed: boolean
  /** What most of its boxes say. */
  readonly class: string
  /** For each class the scores of its boxes, older ones counting less and less. */
  readonly votes: ReadonlyMap<string, number>
  /** Seconds. */
  readonly seenAt: number
  /** Centre x, centre y, width, height, in shares of the picture. */
  readonly axes: readonly [Axis, Axis, Axis, Axis]
}

/** A vote counts half after about seven frames, so that a wrong beginning is outvoted. */
const VOTE_KEPT = 0.9
/** Boxes grow and shrink more slowly than they move. */
const RESIZING = 0.25

type Rectangle = readonly [x: number, y: number, width: number, height: number]

export function startTrack(
  number: number,
  { class: name, score, box }: Box,
  time: number,
  { measurementNoise, firstSpeedNoise }: Tuning,
): Track {
  const size = sizeOf(box)
  const axes = centred(box).map((value, i) =>
    firstSeen(value, measurementNoise * size, firstSpeedNoise * size * (i < 2 ? 1 : RESIZING)),
  )
  const votes = new Map([[name, score]])
  return { number, isConfirmed: false, class: name, votes, seenAt: time, axes: axes as unknown as Track['axes'] }
}

export function predictTrack(track: Track, seconds: number, { acceleration }: Tuning): Track {
  const size = sizeOf(rectangleOf(track))
  const axes = track.axes.map((axis, i) => predict(axis, seconds, acceleration * size * (i < 2 ? 1 : RESIZING)))
  return { ...track, axes: axes as unknown as Track['axes'] }
}

export function updateTrack(track: Track, box: Box, time: number, { measurementNoise }: Tuning): Track {
  const noise = measurementNoise * sizeOf(box.box)
  const measured = centred(box.box)
  const axes = track.axes.map((axis, i) => correct(axis, measured[i]!, noise)) as unknown as Track['axes']
  const votes = voted(track.votes, box)
  return { ...track, class: winner(votes), votes, seenAt: time, isConfirmed: true, axes }
}

function voted(before: ReadonlyMap<string, number>, { class: name, score }: Box): Map<string, number> {
  const votes = new Map([...before].map(([each, weight]) => [each, weight * VOTE_KEPT]))
  return votes.set(name, (votes.get(name) ?? 0) + score)
}

function winner(votes: ReadonlyMap<string, number>): string {
  return [...votes].reduce((best, next) => (next[1] > best[1] ? next : best))[0]
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
