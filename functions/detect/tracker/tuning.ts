/**
 * Numbers of the tracker that no operator sets, found by `bench tracking --tune` on cameras other than those it is judged by. An
 * acceleration of 0.6 sizes a second² is 2.6 m/s² for a car, as it brakes for a light.
 */
export interface Tuning {
  /** Share of its size by which a box is widened before boxes are compared. */
  readonly buffer: number
  readonly leastOverlap: number
  /** A doubtful box must lie closer to where its track is expected. */
  readonly leastOverlapDoubtful: number
  /** Models take a van for a truck in one frame of ten: another class is a worse match, not an impossible one. */
  readonly otherClassCost: number
  /** In sizes of the object: how exactly boxes lie, */
  readonly measurementNoise: number
  /** how hard things brake and turn, a second squared, */
  readonly acceleration: number
  /** and how fast they may be when they are first seen, a second. */
  readonly firstSpeedNoise: number
}

export const TUNING: Tuning = {
  buffer: 0.15,
  leastOverlap: 0.2,
  leastOverlapDoubtful: 0.35,
  otherClassCost: 0.25,
  measurementNoise: 0.12,
  acceleration: 0.6,
  firstSpeedNoise: 4,
}
