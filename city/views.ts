import type { CityCamera } from './cameras.ts'
import { BAY_EDGE, BAYS, type Layout } from './layout.ts'
import { along, type Point, rightOf } from './simulation/path.ts'
import { between, pick, type Random } from './simulation/random.ts'
import { EDGE, type Entry, entries, HALF_ROAD, STREETS } from './simulation/streets.ts'

/** A camera somewhere at a kerb, over a road, or at a corner, 4 to 14 m high, with nothing right in front of it. */
export function anotherCamera(name: string, { trees, lamps, signals }: Layout, random: Random): CityCamera {
  const poles = [...trees, ...lamps, ...signals]
  for (;;) {
    const camera = { name, ...pick(random, [atKerb, atKerb, overRoad, atCorner, atCorner])(random) }
    if (!poles.some((pole) => blocks(pole, camera))) return camera
  }
}

type Place = Omit<CityCamera, 'name'>

/** Metres within which nothing may stand in the middle of the picture. */
const CLEAR = 13

function blocks(pole: Point, { x, z, heading }: Place): boolean {
  const [east, south] = [pole.x - x, pole.z - z]
  const away = Math.hypot(east, south)
  const bearing = (Math.atan2(east, -south) * 180) / Math.PI
  const off = Math.abs(((bearing - heading + 540) % 360) - 180)
  return away < 1.2 || (away < CLEAR && off < 24)
}

function atKerb(random: Random): Place {
  const entry = pick(random, entries())
  const metres = between(random, -150, 150)
  const side = random() < 0.5 ? 1 : -1
  const kerb = Math.abs(metres) < BAYS ? BAY_EDGE : HALF_ROAD
  const place = beside(entry, metres, side * (kerb + between(random, 0.5, 4)))
  const inwards = -side * between(random, 4, 38)
  return looking(random, place, headingOf(entry) + inwards + (random() < 0.5 ? 0 : 180 - 2 * inwards))
}

function overRoad(random: Random): Place {
  const entry = pick(random, entries())
  const place = beside(entry, between(random, -150, 150), between(random, -5, 6))
  return looking(random, place, headingOf(entry) + between(random, -12, 12) + (random() < 0.5 ? 180 : 0))
}

function atCorner(random: Random): Place {
  const [x, z] = [pick(random, STREETS), pick(random, STREETS)]
  const [east, south] = [random() < 0.5 ? 1 : -1, random() < 0.5 ? 1 : -1]
  const place = { x: x + east * between(random, 9.5, 15), z: z + south * between(random, 9.5, 15) }
  const middle = (Math.atan2(x - place.x, place.z - z) * 180) / Math.PI
  return looking(random, place, middle + between(random, -40, 40))
}

const beside = ({ start, direction }: Entry, metres: number, offset: number): Point =>
  along(along(start, direction, EDGE + metres), rightOf(direction), offset)

const headingOf = ({ direction }: Entry): number => (Math.atan2(direction.x, -direction.z) * 180) / Math.PI

/** Tilted so that the middle of the picture shows the ground 12 to 42 m away. */
function looking(random: Random, { x, z }: Point, heading: number): Place {
  const height = between(random, 4, 14)
  const away = between(random, 12, 42) * (0.7 + height / 20)
  return {
    x,
    z,
    height,
    heading: ((heading % 360) + 360) % 360,
    tilt: (Math.atan2(height, away) * 180) / Math.PI,
    view: between(random, 30, 66),
  }
}
