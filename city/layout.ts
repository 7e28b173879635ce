import { along, type Point, rightOf } from './simulation/path.ts'
import { between, pick, type Random, randomFrom } from './simulation/random.ts'
import { type Axis, axisOf, EDGE, type Entry, entries, HALF_ROAD, ROADWORKS, STREETS } from './simulation/streets.ts'

/** What stands still in the city, in metres: x to the east, z to the south. */
export interface Layout {
  readonly lots: readonly Lot[]
  readonly trees: readonly Tree[]
  readonly lamps: readonly Lamp[]
  readonly signals: readonly Signal[]
  readonly shelters: readonly Furniture[]
  /** Along the roadworks that slow down the northern street's east end. */
  readonly cones: readonly Point[]
  readonly park: Block
}

export interface Block {
  readonly x: number
  readonly z: number
  readonly width: number
  readonly depth: number
}

export interface Lot extends Block {
  readonly storeys: number
  readonly look: number
}

export interface Tree extends Point {
  readonly height: number
  readonly look: number
}

/** Something at the kerb that faces along `direction`; the road is at its left hand. */
export interface Furniture extends Point {
  readonly direction: Point
}
export type Lamp = Furniture

/** A mast whose heads are seen by who drives along `direction`. */
export interface Signal extends Furniture {
  readonly axis: Axis
}

/** Metres from a street's centre line. */
export const BAY_EDGE = 10.6
const BUILDING_LINE = 16
/** Parking bays lie between the junctions, this far to both sides of the middle. */
export const BAYS = 40
/** Roads and houses go on beyond the traffic, so that no camera sees the end of the world. */
export const HORIZON = 320

export const PAVEMENT_HEIGHT = 0.14

export function layoutOf(seed: number): Layout {
  const random = randomFrom(seed * 7919 + 17)
  const blocks = blocksOf()
  const park = pick(random, blocks)
  return {
    lots: blocks.filter((block) => block !== park).flatMap((block) => lotsOf(random, block)),
    trees: [...entries().flatMap((entry) => streetTrees(random, entry)), ...parkTrees(random, park)],
    lamps: entries().flatMap(lampsOf),
    signals: entries().flatMap(signalsOf),
    shelters: entries().map((entry) => beside(entry, 50 - EDGE, 9.6)),
    cones: Array.from({ length: 16 }, (_, n) => ({ x: EDGE - ROADWORKS + n * 4, z: STREETS[0] + 0.2 })),
    park,
  }
}

/** A point beside a street: metres from its middle in the direction of traffic, metres to the right of the centre line. */
function beside({ start, direction }: Entry, metres: number, offset: number): Furniture {
  return { ...along(along(start, direction, EDGE + metres), rightOf(direction), offset), direction }
}

const nearJunction = (metres: number, reach: number): boolean =>
  STREETS.some((street) => Math.abs(metres - street) < reach)

/** Where poles stand: behind the parked cars, or at the kerb. */
const poleOffset = (metres: number): number => (Math.abs(metres) < BAYS ? BAY_EDGE + 0.4 : HALF_ROAD + 0.9)

function spread(first: number, gap: number): number[] {
  const places: number[] = []
  for (let metres = first; metres < EDGE; metres += gap) if (!nearJunction(metres, 21)) places.push(metres)
  return places
}

function streetTrees(random: Random, entry: Entry): Tree[] {
  return spread(-EDGE + 8, 14)
    .filter((metres) => random() < 0.5 && Math.abs(metres - (50 - EDGE)) > 8)
    .map((metres) => ({ ...beside(entry, metres, poleOffset(metres) + 0.1), ...treeLook(random) }))
}

const treeLook = (random: Random): { height: number; look: number } => ({
  height: between(random, 4.5, 7.5),
  look: random(),
})

function parkTrees(random: Random, { x, z, width, depth }: Block): Tree[] {
  return Array.from({ length: 40 }, () => ({
    x: x + between(random, -0.45, 0.45) * width,
    z: z + between(random, -0.45, 0.45) * depth,
    ...treeLook(random),
  }))
}

const lampsOf = (entry: Entry): Lamp[] =>
  spread(-EDGE + 15, 28).map((metres) => beside(entry, metres, poleOffset(metres)))

const signalsOf = (entry: Entry): Signal[] =>
  STREETS.map((street) => ({ ...beside(entry, street - 14.6, HALF_ROAD + 0.8), axis: axisOf(entry.direction) }))

/** The nine blocks between and around the streets, up to the building line. */
function blocksOf(): Block[] {
  const spans = [
    [-HORIZON, STREETS[0] - BUILDING_LINE],
    [STREETS[0] + BUILDING_LINE, STREETS[1] - BUILDING_LINE],
    [STREETS[1] + BUILDING_LINE, HORIZON],
  ] as const
  return spans.flatMap(([west, east]) =>
    spans.map(([north, south]) => ({
      x: (west + east) / 2,
      z: (north + south) / 2,
      width: east - west,
      depth: south - north,
    })),
  )
}

const LOT_DEPTH = 16

/** Houses stand along the block's edge, wall to wall; its inside is out of sight. */
function lotsOf(random: Random, { x, z, width, depth }: Block): Lot[] {
  const rows = [-1, 1].flatMap((side) => {
    const row = (depth / 2 - LOT_DEPTH / 2) * side
    const column = (width / 2 - LOT_DEPTH / 2) * side
    return [
      ...cut(random, width).map(([at, long]) => ({ x: x + at, z: z + row, width: long, depth: LOT_DEPTH })),
      ...cut(random, depth - 2 * LOT_DEPTH).map(([at, long]) => ({
        x: x + column,
        z: z + at,
        width: LOT_DEPTH,
        depth: long,
      })),
    ]
  })
  return rows.map((lot) => ({ ...lot, storeys: storeys(random), look: random() }))
}

const storeys = (random: Random): number => 1 + Math.floor(between(random, 1, 4) + random() ** 3 * 9)

/** Divides a length around its middle into pieces of 10 to 22 m: centre and length of each. */
function cut(random: Random, length: number): [number, number][] {
  const pieces: [number, number][] = []
  for (let from = -length / 2; from < length / 2 - 1; ) {
    const rest = length / 2 - from
    const long = rest < 26 ? rest : between(random, 10, 22)
    pieces.push([from + long / 2, long])
    from += long
  }
  return pieces
}

/** Whether the ground here is a raised pavement. */
export function onPavement({ x, z }: Point): boolean {
  const across = (a: number, b: number): number => Math.min(...STREETS.map((street) => inside(a - street, b)))
  return Math.min(across(x, z), across(z, x)) > 0
}

/** Metres outside the carriageway, its bays counted with it; negative on it. */
const inside = (offset: number, metres: number): number =>
  Math.abs(offset) - (Math.abs(metres) < BAYS ? BAY_EDGE : HALF_ROAD)
