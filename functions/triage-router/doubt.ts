import type { Box } from '../../platform/events/frame.ts'
import type { TriageReason } from '../../platform/events/triage.ts'
import { type Said, say } from '../../platform/said.ts'

/** Something that the model is unsure of. */
export interface Doubt {
  readonly reason: TriageReason
  /** How unsure it is of this one thing, 0..1. */
  readonly uncertainty: number
  /** What made it uncertain. */
  readonly said: Said
  /** The track that it is about, asked about once. */
  readonly trackId: string | undefined
}

export interface DoubtOptions {
  readonly reviewFrom: number
  readonly reviewBelow: number
  readonly unsureShare: number
  readonly flickerShare: number
}

/** The classes of a track's last frames, newest last. */
export type TrackClasses = Readonly<Record<string, readonly string[]>>

const REMEMBERED_FRAMES = 10
/** Fewer frames say nothing about flicker. */
const FEWEST_FRAMES = 5

/** Adds a frame to what is remembered; tracks that are gone are forgotten. */
export function remember(before: TrackClasses, boxes: readonly Box[]): TrackClasses {
  const after: Record<string, readonly string[]> = {}
  for (const { trackId, class: name } of boxes) {
    if (trackId) after[trackId] = [...(before[trackId] ?? []), name].slice(-REMEMBERED_FRAMES)
  }
  return after
}

/** Whatever makes the model unsure of a frame, the most uncertain first. */
export function doubtsOf(boxes: readonly Box[], classes: TrackClasses, options: DoubtOptions): Doubt[] {
  return boxes
    .flatMap((box) => [
      ...lowConfidence(box, options),
      ...classUnsure(box, options),
      ...classFlicker(box, classes, options),
    ])
    .sort((a, b) => b.uncertainty - a.uncertainty)
}

/** So many boxes that may as well be wrong as right make half of the greatest uncertainty. */
const MANY = 10

/**
 * How much of a frame the model may be wrong about, 0..1, and so how much a person teaches by certifying it: for each box the variance
 * of being right, 1 for a score of a half, and for each doubt about a class how sure that there is something. The greatest doubt alone
 * says little: nearly every frame of a busy street has one.
 */
export function uncertaintyOf(boxes: readonly Box[], options: DoubtOptions, classes: TrackClasses = {}): number {
  const sum = boxes.reduce((all, box) => all + 4 * box.score * (1 - box.score) + classDoubt(box, classes, options), 0)
  return sum / (sum + MANY)
}

function classDoubt(box: Box, classes: TrackClasses, options: DoubtOptions): number {
  const doubts = [...classUnsure(box, options), ...classFlicker(box, classes, options)]
  return box.score * Math.max(0, ...doubts.map(({ uncertainty }) => uncertainty))
}

function lowConfidence({ class: name, score, trackId }: Box, { reviewFrom, reviewBelow }: DoubtOptions): Doubt[] {
  if (score < reviewFrom || score >= reviewBelow) return []
  return [{ reason: 'low-confidence', uncertainty: 1 - score, said: say('doubt.score', { name, score }), trackId }]
}

function classUnsure({ class: name, score, runnerUp, trackId }: Box, { unsureShare }: DoubtOptions): Doubt[] {
  const share = runnerUp && score > 0 ? runnerUp.score / score : 0
  if (!runnerUp || share < unsureShare) return []
  const said = say('doubt.classes', { name, score, other: runnerUp.class, otherScore: runnerUp.score })
  return [{ reason: 'class-unsure', uncertainty: Math.min(1, share), said, trackId }]
}

function classFlicker({ trackId }: Box, classes: TrackClasses, { flickerShare }: DoubtOptions): Doubt[] {
  const seen = trackId === undefined ? [] : (classes[trackId] ?? [])
  if (seen.length < FEWEST_FRAMES) return []
  const counts = Object.entries(Object.groupBy(seen, (name) => name)).map(([name, all]) => ({
    name,
    count: all!.length,
  }))
  const [most, ...others] = counts.sort((a, b) => b.count - a.count)
  const share = 1 - most!.count / seen.length
  if (share < flickerShare) return []
  const said = say('doubt.flicker', { name: most!.name, others: others.map(({ name }) => name).join(', ') })
  return [{ reason: 'class-flicker', uncertainty: Math.min(1, 0.5 + share), said, trackId }]
}
