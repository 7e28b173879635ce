import { along, Path, rightOf } from './path.ts'
import { between, type Random, randomFrom } from './random.ts'
import { PERIOD } from './signals.ts'
import { axisOf, EDGE, type Entry, entries, LANES, type Route, routeFrom, STREETS, type Turn } from './streets.ts'

export type Kind = 'car' | 'van' | 'truck' | 'bus' | 'motorcycle' | 'bicycle' | 'person' | 'parked'

/** Metres: length, width, height. */
export const SIZES: Record<Kind, readonly [number, number, number]> = {
  car: [4.4, 1.82, 1.5],
  parked: [4.4, 1.82, 1.5],
  van: [5.5, 2, 2.3],
  truck: [8.4, 2.45, 3.4],
  bus: [11.6, 2.55, 3.1],
  motorcycle: [2.1, 0.8, 1.6],
  bicycle: [1.8, 0.6, 1.75],
  person: [0.5, 0.55, 1.75],
}

/** One source of traffic: it sends the same vehicle on the same way once in every period. */
export interface Spawn {
  readonly index: number
  readonly kind: Kind
  readonly route: Route
  /** Wished speed, metres per second. */
  readonly speed: number
  /** Second of the period at which it enters. */
  readonly second: number
  /** In [0, 1): decides shape and paint. */
  readonly look: number
  /** Where a bus waits for passengers, metres along its path. */
  readonly halt?: number
}

type Plan = Omit<Spawn, 'index'>

/** Who is on the road: a share of the vehicles, one after another up to 1, the rest motorcycles; buses on outer lanes only. */
interface Mix {
  readonly car: number
  readonly van: number
  readonly truck: number
  readonly bus: number
}

/** `rare` has more of those that a detector sees too few of on an everyday street. */
export const MIXES = {
  everyday: { car: 0.66, van: 0.1, truck: 0.09, bus: 0.08 },
  rare: { car: 0.24, van: 0.08, truck: 0.32, bus: 0.1 },
} as const satisfies Record<string, Mix>
export type MixName = keyof typeof MIXES

/** The day's traffic, from the seed alone; `capacity` in cars that a stop line may get in a period. */
export function trafficFrom(seed: number, capacity: number = DEMANDS[0], name: MixName = 'everyday'): Spawn[] {
  const random = randomFrom(seed)
  const mix = MIXES[name]
  const plans = [...entries().flatMap((entry) => fromEntry(random, entry, mix)), ...parked(random)]
  return withinCapacity(plans, capacity).map((plan, index) => ({ index, ...plan }))
}

/** Cars that one green lets over a stop line, queue and all. More would jam, and a jam never repeats itself. */
export const DEMANDS = [2.5, 2, 1] as const

/** Leaves out whoever would overload a stop line on the way. */
function withinCapacity(plans: readonly Plan[], capacity: number): Plan[] {
  const loads = new Map<string, number>()
  return plans.filter((plan) => {
    const wanted = stopLinesOf(plan).map(([line, load]) => [line, (loads.get(line) ?? 0) + load] as const)
    const hasRoom = wanted.every(([, load]) => load <= capacity)
    if (hasRoom) for (const [line, load] of wanted) loads.set(line, load)
    return hasRoom
  })
}

/** The stop lines, lane by lane, with the load in cars. People walk beside each other, bicycles follow closely. */
function stopLinesOf({ kind, route }: Plan): [line: string, load: number][] {
  if (kind === 'person' || kind === 'bicycle') return []
  const long = kind === 'truck' || kind === 'bus' ? 1.5 : 1
  return route.stops.map(({ at, turn }) => {
    const { x, z } = route.path.at(at)
    return [`${x.toFixed(1)},${z.toFixed(1)}`, turn === 'left' ? LEFT_LOAD : long]
  })
}

/** Who waits for the green of its own blocks the lane for those behind. */
const LEFT_LOAD = 2

function fromEntry(random: Random, entry: Entry, mix: Mix): Plan[] {
  return [
    ...lane(random, entry, 'inner', mix),
    ...lane(random, entry, 'outer', mix),
    ...bicycles(random, entry),
    ...walkers(random, entry),
  ]
}

type LaneName = 'inner' | 'outer'

function lane(random: Random, entry: Entry, name: LaneName, mix: Mix): Plan[] {
  const plans: Plan[] = []
  for (let second = between(random, 0, 5); second < PERIOD - 3; second += between(random, 12, 19)) {
    plans.push(vehicle(random, entry, name, second, mix))
  }
  return plans
}

function vehicle(random: Random, entry: Entry, name: LaneName, second: number, mix: Mix): Plan {
  const kind = kindOn(random, name, mix)
  const route = routeFrom(entry, LANES[name], turnsOf(random, kind, name))
  const plan = { kind, route, speed: between(random, 9, 12), second, look: random() }
  return kind === 'bus' ? { ...plan, halt: 50 } : plan
}

/** Buses keep to the outer lane, where their stops are. */
function kindOn(random: Random, name: LaneName, { car, van, truck, bus }: Mix): Kind {
  const share = random()
  if (share < car) return 'car'
  if (share < car + van) return 'van'
  if (share < car + van + truck) return 'truck'
  return share < car + van + truck + bus && name === 'outer' ? 'bus' : 'motorcycle'
}

function turnsOf(random: Random, kind: Kind, name: LaneName): Turn[] {
  if (kind === 'bus') return []
  const turn = name === 'inner' ? 'left' : 'right'
  return [0, 1].map(() => (random() < (turn === 'left' ? 0.1 : 0.25) ? turn : 'straight'))
}

function bicycles(random: Random, entry: Entry): Plan[] {
  const route = routeFrom(entry, LANES.bicycle, [])
  const ride = (second: number): Plan => ({
    kind: 'bicycle',
    route,
    speed: between(random, 4, 5.2),
    second,
    look: random(),
  })
  return random() < 0.7 ? [ride(between(random, 0, PERIOD - 1))] : []
}

/** Pavements: people walk from one edge of the city to the other, some against the traffic beside them. */
function walkers(random: Random, entry: Entry): Plan[] {
  return [0, 1, 2].map(() => walker(random, entry))
}

function walker(random: Random, entry: Entry): Plan {
  const side = between(random, 11.4, 13.6) * (random() < 0.5 ? 1 : -1)
  const start = along(entry.start, rightOf(entry.direction), side)
  const path = new Path([start, along(start, entry.direction, 2 * EDGE)])
  const stops = STREETS.map((street) => ({
    at: street + EDGE - 8.6,
    axis: axisOf(entry.direction),
    turn: 'straight' as const,
  }))
  const route = { path, stops, slow: [] }
  return {
    kind: 'person',
    route,
    speed: between(random, 1.55, 1.85),
    second: between(random, 0, PERIOD - 1),
    look: random(),
  }
}

/** Bays between the junctions, a third of them empty. */
function parked(random: Random): Plan[] {
  const bays = [-36, -30, -24, -12, -6, 0, 6, 18, 24, 30, 36]
  const sides = entries().flatMap((entry) => bays.map((bay) => ({ entry, bay })))
  return sides.filter(() => random() < 0.66).map(({ entry, bay }) => parkedAt(entry, bay, random()))
}

function parkedAt(entry: Entry, bay: number, look: number): Plan {
  const place = along(along(entry.start, entry.direction, EDGE + bay), rightOf(entry.direction), 9.35)
  const path = new Path([along(place, entry.direction, -1), along(place, entry.direction, 1)])
  return { kind: 'parked', route: { path, stops: [], slow: [] }, speed: 0, second: 0, look }
}
