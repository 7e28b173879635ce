import { declaration } from '../../../functions/detect/function.ts'
import { startTracker, step, type TrackerOptions } from '../../../functions/detect/tracker/tracker.ts'
import { TUNING, type Tuning } from '../../../functions/detect/tracker/tuning.ts'
import {
  addCounts,
  countTracking,
  type IdentifiedBox,
  idf1,
  mota,
  type TrackedFrame,
  type TrackingCounts,
} from '../../../platform/evaluation/tracking.ts'
import type { Box } from '../../../platform/events/frame.ts'
import type { Footage, SeenFrame } from './footage.ts'

export type TrackerNumbers = Pick<TrackerOptions, 'highScore' | 'newTrackScore' | 'lostSeconds'> & Tuning

/** What the product runs with. */
export function shippedNumbers(): TrackerNumbers {
  const { highScore, newTrackScore, lostSeconds } = declaration.config.parse({})
  return { highScore, newTrackScore, lostSeconds, ...TUNING }
}

/** Runs the tracker over a clip and compares its tracks with the truth. */
export function follow({ frames }: Pick<Footage, 'frames'>, numbers: TrackerNumbers): TrackingCounts {
  let state = startTracker('t')
  const tracked: TrackedFrame[] = []
  for (const frame of frames) {
    const next = step(state, frame.boxes, frame.time, numbers)
    state = next.state
    tracked.push({ truth: frame.truth, found: next.boxes.flatMap((box) => identified(box, frame)) })
  }
  return countTracking(tracked)
}

/** A box without a track is not followed yet. */
function identified({ trackId, box: [x, y, w, h] }: Box, { width, height }: SeenFrame): IdentifiedBox[] {
  return trackId === undefined ? [] : [{ id: trackId, box: [x * width, y * height, w * width, h * height] }]
}

export interface TrackingFigures {
  readonly idf1: number
  readonly mota: number
  readonly idSwitchesPerMinute: number
}

/** Of all clips together: their counts are added, so that a busy camera counts more. */
export function figuresOf(footage: readonly Footage[], numbers: TrackerNumbers): TrackingFigures {
  const counts = addCounts(footage.map((clip) => follow(clip, numbers)))
  const minutes = footage.reduce((sum, { seconds }) => sum + seconds, 0) / 60
  return { idf1: idf1(counts), mota: mota(counts), idSwitchesPerMinute: counts.switches / minutes }
}
