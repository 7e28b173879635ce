import type { Axis, Turn } from './streets.ts'

/** Seconds: the signals' cycle, the traffic's period and the length of a clip are one and the same. */
export const PERIOD = 24
const STRAIGHT_GREEN = 5.6
const STRAIGHT_AMBER = 6.8
const LEFT_GREEN = 10
const LEFT_AMBER = 11
/** Whoever sets foot on the crossing by then is over before the other street gets green. */
const WALK = 2

export type Light = 'green' | 'amber' | 'red'

/** Seconds into the half cycle of an axis; the east–west axis comes second. */
function phase(seconds: number, axis: Axis): number {
  return (seconds + (axis === 'north-south' ? 0 : PERIOD / 2)) % PERIOD
}

/** The light for a movement. Left turns have their own green after the straight traffic's. */
export function lightAt(seconds: number, axis: Axis, turn: Turn): Light {
  const now = phase(seconds, axis)
  if (turn !== 'left') return now < STRAIGHT_GREEN ? 'green' : now < STRAIGHT_AMBER ? 'amber' : 'red'
  if (now < STRAIGHT_AMBER) return 'red'
  return now < LEFT_GREEN ? 'green' : now < LEFT_AMBER ? 'amber' : 'red'
}

/** Whether someone walking along this axis may step on the crossing. */
export const mayWalk = (seconds: number, axis: Axis): boolean => phase(seconds, axis) < WALK
