import { along, opposite, Path, type Point, rightOf } from './path.ts'

/** Metres. Two streets run north–south and two east–west; they leave the city at `EDGE`. */
export const STREETS = [-60, 60] as const
export const EDGE = 175
export const HALF_ROAD = 8.1
export const LANES = { inner: 1.75, outer: 4.95, bicycle: 7.25 } as const
/** From a junction's centre to the line where traffic waits. */
export const STOP_LINE = 13.5
/** Length of the roadworks before the northern street's east end. */
export const ROADWORKS = 60
const RIGHT_RADIUS = 6
const LEFT_RADIUS = 11

export type Turn = 'straight' | 'right' | 'left'

/** Something along a path that a driver heeds. Metres from the path's start, metres per second. */
export interface Stop {
  readonly at: number
  readonly axis: Axis
  readonly turn: Turn
}
export interface SlowZone {
  readonly from: number
  readonly to: number
  readonly speed: number
}
export interface Route {
  readonly path: Path
  readonly stops: readonly Stop[]
  readonly slow: readonly SlowZone[]
}

export type Axis = 'north-south' | 'east-west'
export const axisOf = (direction: Point): Axis => (direction.x === 0 ? 'north-south' : 'east-west')

export interface Entry {
  readonly start: Point
  readonly direction: Point
}

/** The eight places where traffic enters the city, on the centre line of its street. */
export function entries(): Entry[] {
  return STREETS.flatMap((street) => [
    { start: { x: street, z: EDGE }, direction: { x: 0, z: -1 } },
    { start: { x: street, z: -EDGE }, direction: { x: 0, z: 1 } },
    { start: { x: -EDGE, z: street }, direction: { x: 1, z: 0 } },
    { start: { x: EDGE, z: street }, direction: { x: -1, z: 0 } },
  ])
}

/** Builds the way from an entry to the city's edge, `offset` metres right of the centre line, turning as told. */
export function routeFrom(entry: Entry, offset: number, turns: readonly Turn[]): Route {
  const builder = new RouteBuilder(entry, offset)
  for (const turn of [...turns, ...STRAIGHT_ON]) {
    const centre = builder.nextJunction()
    if (!centre) break
    builder.cross(centre, turn)
  }
  return builder.finish()
}

/** More junctions than any route meets. */
const STRAIGHT_ON: readonly Turn[] = ['straight', 'straight', 'straight', 'straight']

class RouteBuilder {
  readonly #points: Point[]
  readonly #stops: Stop[] = []
  readonly #slow: SlowZone[] = []
  readonly #offset: number
  #direction: Point
  #centre: Point

  constructor({ start, direction }: Entry, offset: number) {
    this.#offset = offset
    this.#direction = direction
    this.#centre = start
    this.#points = [along(start, rightOf(direction), offset)]
  }

  /** The junction ahead on this street, or undefined where the street leaves the city. */
  nextJunction(): Point | undefined {
    const ahead = STREETS.map((street) => this.#junctionOn(street)).filter(({ metres }) => metres > 1)
    return ahead.sort((a, b) => a.metres - b.metres)[0]?.centre
  }

  #junctionOn(street: number): { centre: Point; metres: number } {
    const { x, z } = this.#centre
    const centre = this.#direction.x === 0 ? { x, z: street } : { x: street, z }
    return { centre, metres: (centre.x - x) * this.#direction.x + (centre.z - z) * this.#direction.z }
  }

  cross(centre: Point, turn: Turn): void {
    const lane = along(centre, rightOf(this.#direction), this.#offset)
    this.#points.push(along(lane, this.#direction, -STOP_LINE))
    this.#stops.push({ at: this.#driven(), axis: axisOf(this.#direction), turn })
    this.#centre = centre
    if (turn !== 'straight') this.#turn(lane, turn)
  }

  #turn(lane: Point, turn: 'right' | 'left'): void {
    const radius = turn === 'right' ? RIGHT_RADIUS : LEFT_RADIUS
    const right = rightOf(this.#direction)
    const next = turn === 'right' ? right : opposite(right)
    const corner = along(lane, rightOf(next), this.#offset)
    const middle = along(along(corner, this.#direction, -radius), next, radius)
    const from = this.#driven() + distanceAhead(this.#points.at(-1)!, along(middle, next, -radius), this.#direction)
    for (let step = 0; step <= ARC_STEPS; step++) {
      const angle = (step / ARC_STEPS) * (Math.PI / 2)
      const across = along(middle, next, -radius * Math.cos(angle))
      this.#points.push(along(across, this.#direction, radius * Math.sin(angle)))
    }
    this.#slow.push({ from, to: this.#driven(), speed: turn === 'right' ? 4.5 : 6.2 })
    this.#direction = next
  }

  #driven(): number {
    return new Path(this.#points).length
  }

  finish(): Route {
    const last = this.#points.at(-1)!
    const left = EDGE - (last.x * this.#direction.x + last.z * this.#direction.z)
    this.#points.push(along(last, this.#direction, left))
    return { path: new Path(this.#points), stops: this.#stops, slow: [...this.#slow, ...this.#roadworks()] }
  }

  /** Roadworks at the eastern end of the northern street: the jam. */
  #roadworks(): SlowZone[] {
    const end = this.#points.at(-1)!
    const jammed = this.#direction.x === 1 && end.z < 0
    const length = this.#driven()
    return jammed ? [{ from: length - ROADWORKS, to: length, speed: 3.6 }] : []
  }
}

const ARC_STEPS = 10

const distanceAhead = (from: Point, to: Point, direction: Point): number =>
  (to.x - from.x) * direction.x + (to.z - from.z) * direction.z
