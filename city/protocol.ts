import type { CityCamera } from './cameras.ts'
import type { Lens, Light, Tints } from './moods.ts'
import type { Kind } from './simulation/traffic.ts'

/** Somebody on the road as the stage draws them: metres, unit heading, metres per second. */
export interface RoadUser {
  readonly id: number
  readonly kind: Kind
  readonly look: number
  readonly x: number
  readonly z: number
  readonly headingX: number
  readonly headingZ: number
  readonly speed: number
  readonly braking: boolean
  readonly metres: number
}

/** A camera on a day: everything that does not change from frame to frame. */
export interface View {
  readonly seed: number
  readonly camera: CityCamera
  readonly light: Light
  readonly lens: Lens
  readonly tints: Tints
  readonly parked: readonly RoadUser[]
}

/** A moment: who is where, and the seconds into the signals' cycle. */
export interface Moment {
  readonly moving: readonly RoadUser[]
  readonly seconds: number
}

export type Request = { readonly view: View } | { readonly moment: Moment }

/** Pixels: left, top, width, height. */
export type PixelBox = readonly [x: number, y: number, width: number, height: number]

/** Somebody in the picture. */
export interface Sighting {
  readonly id: number
  /** Around the pixels that are seen. */
  readonly box: PixelBox
  /** Around all of the body, what is hidden and what lies outside the picture included. */
  readonly full: PixelBox
  /** The share of the body's pixels that are seen, in (0, 1]. */
  readonly visibility: number
}

/** A message from the page is a JSON text, or its length in 4 bytes (little endian), this head, and RGBA rows from the top. */
export interface FrameHead {
  readonly sightings: readonly Sighting[]
}
export type Answer = { readonly ready: true } | { readonly error: string }
