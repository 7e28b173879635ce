import type { PixelBox, RoadUser, Sighting } from './protocol.ts'
import type { Kind } from './simulation/traffic.ts'

/** In the order of their numbers in exports. */
export const CLASSES = ['person', 'bicycle', 'motorcycle', 'car', 'bus', 'truck'] as const
export type Class = (typeof CLASSES)[number]

/** Vans are cars. Who rides belongs to the bicycle or motorcycle and is no person. */
const CLASS_OF: Record<Kind, Class> = {
  person: 'person',
  bicycle: 'bicycle',
  motorcycle: 'motorcycle',
  car: 'car',
  parked: 'car',
  van: 'car',
  bus: 'bus',
  truck: 'truck',
}

/** Somebody in a picture, as FORMAT.md describes it. */
export interface TrueBox {
  readonly class: Class
  /** The same on every camera of a city at the same time. */
  readonly id: string
  readonly box: PixelBox
  readonly full: PixelBox
  readonly visibility: number
  /** Metres east and north of the city's middle. */
  readonly position: readonly [east: number, north: number]
  /** Metres per second. */
  readonly speed: number
}

/** A picture with all that is seen in it. */
export interface TruePicture {
  readonly image: string
  readonly width: number
  readonly height: number
  readonly mood: string
  readonly seed: number
  readonly camera: string
  readonly boxes: readonly TrueBox[]
}

/** Joins what the stage saw with what the simulation knows, in the order of ids. */
export function trueBoxes(sightings: readonly Sighting[], users: readonly RoadUser[]): TrueBox[] {
  const byId = new Map(users.map((user) => [user.id, user]))
  return [...sightings].sort((a, b) => a.id - b.id).map((sighting) => trueBox(sighting, byId.get(sighting.id)!))
}

function trueBox({ id, box, full, visibility }: Sighting, { kind, x, z, speed }: RoadUser): TrueBox {
  return { class: CLASS_OF[kind], id: String(id), box, full, visibility, position: [x, 0 - z], speed }
}
