import { assign, FORBIDDEN } from '../../../platform/assignment.ts'
import type { Box } from '../../../platform/events/frame.ts'
import { bufferedOverlap, predictTrack, rectangleOf, startTrack, type Track, updateTrack } from './track.ts'
import { TUNING, type Tuning } from './tuning.ts'

export interface TrackerOptions {
  /** Boxes from here on can be matched to any track. */
  readonly highScore: number
  /** Boxes from here on begin a track. */
  readonly newTrackScore: number
  /** How long a track that nobody sees is kept, seconds. */
  readonly lostSeconds: number
}

export interface TrackerState {
  /** Begins every id, so that ids stay unique when a tracker begins anew. */
  readonly epoch: string
  readonly nextNumber: number
  /** Of the last frame, seconds. */
  readonly time: number
  readonly tracks: readonly Track[]
}

export function startTracker(epoch: string): TrackerState {
  return { epoch, nextNumber: 1, time: Number.NEGATIVE_INFINITY, tracks: [] }
}

/**
 * One frame further. Boxes of high score are matched first, doubtful ones to the tracks that are then left, so that an object
 * keeps its id while the model is unsure of it (ByteTrack; Zhang et al., ECCV 2022, arXiv:2110.06864).
 *
 * @param time of the frame, seconds; later than the last one.
 * @returns the boxes of high score or of a track, those of a confirmed track with its id.
 */
export function step(
  state: TrackerState,
  boxes: readonly Box[],
  time: number,
  options: TrackerOptions & Partial<Tuning>,
): { state: TrackerState; boxes: Box[] } {
  const seconds = Number.isFinite(state.time) ? time - state.time : 0
  const tuning = { ...TUNING, ...options }
  const kept = state.tracks.filter(({ seenAt }) => time - seenAt <= options.lostSeconds)
  const predicted = kept.map((track) => predictTrack(track, seconds, tuning))
  const high = boxes.filter(({ score }) => score >= options.highScore)
  const low = boxes.filter(({ score }) => score < options.highScore)
  const first = match(predicted, high, tuning.leastOverlap, tuning)
  const fresh = first.unmatchedTracks.filter(({ seenAt, isConfirmed }) => isConfirmed && seenAt === state.time)
  const second = match(fresh, low, tuning.leastOverlapDoubtful, tuning)
  const updated = new Map(
    [...first.pairs, ...second.pairs].map(([track, box]) => [box, updateTrack(track, box, time, tuning)]),
  )
  const started = start(first.unmatchedBoxes, state.nextNumber, time, tuning)
  const seen = new Set([...first.pairs, ...second.pairs].map(([{ number }]) => number))
  const lost = predicted.filter(({ number, isConfirmed }) => isConfirmed && !seen.has(number))
  return {
    state: {
      epoch: state.epoch,
      nextNumber: state.nextNumber + started.length,
      time,
      tracks: [...updated.values(), ...started, ...lost],
    },
    boxes: boxes.flatMap((box) => report(box, updated.get(box), state.epoch, options)),
  }
}

function report(box: Box, track: Track | undefined, epoch: string, { highScore }: TrackerOptions): Box[] {
  if (track) return [{ ...box, trackId: `${epoch}-${track.number}` }]
  return box.score >= highScore ? [box] : []
}

function start(boxes: readonly Box[], from: number, time: number, tuning: TrackerOptions & Tuning): Track[] {
  return boxes
    .filter(({ score }) => score >= tuning.newTrackScore)
    .map((box, i) => startTrack(from + i, box, time, tuning))
}

interface Matching {
  readonly pairs: [Track, Box][]
  readonly unmatchedTracks: Track[]
  readonly unmatchedBoxes: Box[]
}

function match(
  tracks: readonly Track[],
  boxes: readonly Box[],
  leastOverlap: number,
  { buffer, otherClassCost }: Tuning,
): Matching {
  const rectangles = tracks.map(rectangleOf)
  const costs = tracks.map((track, i) =>
    boxes.map((box) => {
      const overlap = bufferedOverlap(rectangles[i]!, box.box, buffer)
      return overlap < leastOverlap ? FORBIDDEN : 1 - overlap + (box.class === track.class ? 0 : otherClassCost)
    }),
  )
  const boxOf = assign(costs)
  const taken = new Set(boxOf)
  return {
    pairs: tracks.flatMap((track, i) => (boxOf[i]! >= 0 ? [[track, boxes[boxOf[i]!]!] as [Track, Box]] : [])),
    unmatchedTracks: tracks.filter((_, i) => boxOf[i]! < 0),
    unmatchedBoxes: boxes.filter((_, i) => !taken.has(i)),
  }
}
