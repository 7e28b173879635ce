import type { Point } from '../../lib/pointer.ts'

/** How a picture is looked at: times the size that it fits in, and where its middle lies, pixels from that of the stage. */
export interface Zoom {
  readonly scale: number
  readonly x: number
  readonly y: number
}

export const WHOLE: Zoom = { scale: 1, x: 0, y: 0 }
const MOST = 8

interface Size {
  readonly width: number
  readonly height: number
}

/** Two fingers, pixels from the middle of the stage. */
export type Fingers = readonly [Point, Point]

/**
 * What two fingers make of it that move from here to there: what lies between them stays there, and the picture does not leave
 * the stage.
 *
 * @param fitted the picture as large as it fits, pixels.
 */
export function pinched({ scale, x, y }: Zoom, from: Fingers, to: Fingers, fitted: Size, stage: Size): Zoom {
  const wanted = (scale * apart(to)) / Math.max(1, apart(from))
  const next = Math.min(MOST, Math.max(1, wanted))
  const [before, after] = [between(from), between(to)]
  const moved = (offset: number, axis: 'x' | 'y'): number => after[axis] - (before[axis] - offset) * (next / scale)
  return {
    scale: next,
    x: within(moved(x, 'x'), fitted.width * next - stage.width),
    y: within(moved(y, 'y'), fitted.height * next - stage.height),
  }
}

function within(offset: number, beyond: number): number {
  const most = Math.max(0, beyond / 2)
  return Math.min(most, Math.max(-most, offset))
}

function apart([a, b]: Fingers): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

function between([a, b]: Fingers): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }
}
