import type { Path, Point } from './path.ts'
import { lightAt, mayWalk, PERIOD } from './signals.ts'
import { DEMANDS, type MixName, SIZES, type Spawn, trafficFrom } from './traffic.ts'

/** Steps a second; a clip has one frame a step. */
export const RATE = 12
export const STEPS = PERIOD * RATE
const STEP = 1 / RATE
/** Periods until the traffic repeats itself: the slowest walker has crossed the city by then. */
const WARM_UP = 12
const LOOK_AHEAD = 40
const HALT_STEPS = 4 * RATE

/** Somebody on the road. Metres, metres per second; `heading` is a unit vector. */
export interface Agent {
  readonly spawn: Spawn
  /** The period in which it entered. */
  readonly born: number
  metres: number
  speed: number
  position: Point
  heading: Point
  braking: boolean
  halted: number
}

/** One road user at one step of the periodic state. */
export interface State {
  /** The same on every camera. A second round of the clip continues it as `id + 1` (parked: as `id`). */
  readonly id: number
  readonly spawn: number
  /** Whole periods since it entered; the parked have none. */
  readonly age: number | undefined
  readonly x: number
  readonly z: number
  readonly headingX: number
  readonly headingZ: number
  readonly speed: number
  readonly braking: boolean
  /** Metres walked or driven, for the swing of legs. */
  readonly metres: number
}

/** Ages in whole periods stay below this, so that `spawn * AGES + age` is one number for one road user. */
export const AGES = 100

/** The periodic traffic of a city. */
export interface Simulation {
  readonly spawns: readonly Spawn[]
  readonly steps: readonly (readonly State[])[]
}

/**
 * All steps of one period that goes over into itself without a jump. Where the streets jam, less traffic enters them.
 *
 * @throws Error for a seed whose traffic jams for good
 */
export function simulate(seed: number, mix: MixName = 'everyday'): Simulation {
  for (const demand of DEMANDS) {
    const simulation = simulateAt(seed, demand, mix)
    if (simulation) return simulation
  }
  throw new Error(`The traffic of seed ${seed} does not repeat itself: its streets jam. Take another seed.`)
}

function simulateAt(seed: number, demand: number, mix: MixName): Simulation | undefined {
  const traffic = new Traffic(seed, demand, mix)
  for (let step = 0; step < WARM_UP * STEPS; step++) traffic.step()
  const steps = closed(traffic.period(), traffic.states())
  return steps && { spawns: traffic.spawns, steps }
}

/** Seconds before the end in which what is left of a difference between two periods is smoothed away. */
const SEAM = RATE
const MOST_DIFFERENCE = 0.5

/** After a whole period everybody stands within centimetres of where the one before stood; the last second takes up the rest. */
function closed(steps: State[][], next: readonly State[]): State[][] | undefined {
  const first = new Map(steps[0]!.map((state) => [state.id, state]))
  const rests = new Map(next.map((state) => [state.id, difference(state, first.get(state.id))]))
  const most = Math.max(...[...rests.values()].map(({ x, z }) => Math.hypot(x, z)))
  if (first.size !== rests.size || most > MOST_DIFFERENCE) return undefined
  return steps.map((states, step) => states.map((state) => smoothed(state, rests.get(successor(state)), step)))
}

const difference = (state: State, same: State | undefined): Point =>
  same ? { x: same.x - state.x, z: same.z - state.z } : { x: Number.POSITIVE_INFINITY, z: 0 }

/** The id under which a road user goes on in the next period; the parked keep theirs. */
export const successor = ({ id, age }: State): number => (age === undefined ? id : id + 1)

function smoothed(state: State, rest: Point | undefined, step: number): State {
  const part = Math.max(0, (step + SEAM - STEPS) / SEAM)
  if (!rest || part === 0) return state
  return { ...state, x: millimetres(state.x + rest.x * part), z: millimetres(state.z + rest.z * part) }
}

export class Traffic {
  readonly spawns: Spawn[]
  #agents: Agent[]
  #step = 0

  constructor(seed: number, demand?: number, mix?: MixName) {
    this.spawns = trafficFrom(seed, demand, mix)
    this.#agents = this.spawns.filter(({ kind }) => kind === 'parked').map((spawn) => enter(spawn, 0))
  }

  /** Runs one period and gives the state before each of its steps. */
  period(): State[][] {
    return Array.from({ length: STEPS }, () => {
      const states = this.states()
      this.step()
      return states
    })
  }

  /** Everybody now, by id. Newcomers of this very step are not in yet. */
  states(): State[] {
    return this.#agents.map((agent) => this.#state(agent)).sort((a, b) => a.id - b.id)
  }

  step(): void {
    const now = this.#step % STEPS
    const seconds = now * STEP
    for (const spawn of this.spawns) if (entersAt(spawn, now)) this.#enter(spawn)
    const wishes = this.#agents.map((agent) => acceleration(agent, this.#agents, seconds))
    for (const [index, agent] of this.#agents.entries()) move(agent, wishes[index]!)
    this.#agents = this.#agents.filter(({ spawn, metres }) => metres < spawn.route.path.length - 0.2)
    this.#step++
  }

  /** Traffic backed up to the city's edge keeps newcomers out for this period. */
  #enter(spawn: Spawn): void {
    const agent = enter(spawn, Math.floor(this.#step / STEPS))
    if (spawn.kind === 'person' || roomAhead(agent, this.#agents, 8) > 3) this.#agents.push(agent)
  }

  #state({ spawn, born, metres, speed, position, heading, braking }: Agent): State {
    const age = spawn.kind === 'parked' ? undefined : Math.floor(this.#step / STEPS) - born
    return {
      id: spawn.index * AGES + (age ?? 0),
      spawn: spawn.index,
      age,
      x: millimetres(position.x),
      z: millimetres(position.z),
      headingX: heading.x,
      headingZ: heading.z,
      speed: millimetres(speed),
      braking,
      metres: millimetres(metres),
    }
  }
}

const millimetres = (value: number): number => Math.round(value * 1000) / 1000 + 0

const entersAt = ({ kind, second }: Spawn, now: number): boolean =>
  kind !== 'parked' && Math.floor(second * RATE) === now

function enter(spawn: Spawn, born: number): Agent {
  const metres = spawn.kind === 'parked' ? 1 : 0
  const agent = { spawn, born, metres, speed: spawn.speed, braking: false, halted: 0 }
  return { ...agent, ...placeOn(spawn.route.path, metres, SIZES[spawn.kind][0]) }
}

/** A vehicle lies on its path as a chord between its axles. */
function placeOn(path: Path, metres: number, length: number): { position: Point; heading: Point } {
  const front = path.at(metres + length / 3)
  const rear = path.at(metres - length / 3)
  const gap = Math.hypot(front.x - rear.x, front.z - rear.z)
  const heading = { x: (front.x - rear.x) / gap, z: (front.z - rear.z) / gap }
  return { position: { x: (front.x + rear.x) / 2, z: (front.z + rear.z) / 2 }, heading }
}

function move(agent: Agent, wish: number): void {
  agent.braking = wish < -0.6 || (agent.speed < 0.2 && agent.spawn.kind !== 'parked')
  agent.speed = Math.max(0, agent.speed + wish * STEP)
  agent.metres += agent.speed * STEP
  if (agent.spawn.halt && agent.speed < 0.3 && Math.abs(agent.spawn.halt - front(agent)) < 3) agent.halted++
  Object.assign(agent, placeOn(agent.spawn.route.path, agent.metres, SIZES[agent.spawn.kind][0]))
}

const front = ({ metres, spawn }: Agent): number => metres + SIZES[spawn.kind][0] / 2

/** What is ahead: how far, and how fast it goes our way. */
interface Leader {
  readonly gap: number
  readonly speed: number
}

/** The intelligent driver model (Treiber, Hennecke, Helbing 2000), metres per second squared. */
function acceleration(agent: Agent, others: readonly Agent[], seconds: number): number {
  if (agent.spawn.kind === 'parked') return 0
  const walks = agent.spawn.kind === 'person'
  const most = walks ? 2 : 2.2
  const { gap, speed } = nearest(agent, others, seconds)
  const room = walks ? 0.3 : 1.6
  const closing = (agent.speed * (agent.speed - speed)) / (2 * Math.sqrt(most * 2.6))
  const wished = room + Math.max(0, agent.speed * (walks ? 0.2 : 1) + closing)
  const free = 1 - (agent.speed / speedWished(agent)) ** 4
  return Math.max(-8, most * (free - (wished / Math.max(gap, 0.1)) ** 2))
}

/** Slows down in time, at 1.8 m/s², for curves and roadworks. */
function speedWished({ spawn, metres }: Agent): number {
  const limits = spawn.route.slow
    .filter(({ to }) => metres < to)
    .map(({ from, speed }) => Math.sqrt(speed ** 2 + 3.6 * Math.max(0, from - metres)))
  return Math.min(spawn.speed, ...limits)
}

function nearest(agent: Agent, others: readonly Agent[], seconds: number): Leader {
  const red = stopAhead(agent, seconds)
  const gap = Math.min(red, haltAhead(agent))
  if (agent.spawn.kind === 'person') return { gap, speed: 0 }
  const body = bodyAhead(agent, others, Math.min(gap, 7 + agent.speed * 2.4))
  return body ?? { gap, speed: 0 }
}

/** Metres to the place where this agent must wait now, or Infinity. */
function stopAhead(agent: Agent, seconds: number): number {
  const tip = front(agent)
  const gaps = agent.spawn.route.stops
    .map((stop) => ({ stop, gap: stop.at - tip }))
    .filter(({ gap }) => gap > -0.4 && gap < LOOK_AHEAD)
    .filter(({ stop, gap }) => mustWait(agent, stop, gap, seconds))
  return Math.min(Number.POSITIVE_INFINITY, ...gaps.map(({ gap }) => gap + 1))
}

function mustWait(
  { spawn, speed }: Agent,
  stop: Spawn['route']['stops'][number],
  gap: number,
  seconds: number,
): boolean {
  if (spawn.kind === 'person') return !mayWalk(seconds, stop.axis)
  const light = lightAt(seconds, stop.axis, stop.turn)
  return light === 'red' || (light === 'amber' && gap > speed ** 2 / 6)
}

function haltAhead(agent: Agent): number {
  const { halt } = agent.spawn
  if (halt === undefined || agent.halted >= HALT_STEPS) return Number.POSITIVE_INFINITY
  const gap = halt - front(agent)
  return gap > -2 && gap < LOOK_AHEAD ? gap + 1 : Number.POSITIVE_INFINITY
}

const roomAhead = (agent: Agent, others: readonly Agent[], reach: number): number =>
  bodyAhead(agent, others, reach)?.gap ?? Number.POSITIVE_INFINITY

/** Walks along the agent's own path until somebody's body lies on it. */
function bodyAhead(agent: Agent, others: readonly Agent[], reach: number): Leader | undefined {
  const near = others.filter((other) => other !== agent && heeds(agent, other, reach))
  if (near.length === 0) return undefined
  const half = SIZES[agent.spawn.kind][0] / 2
  for (let metres = half; metres < reach + half; metres += 0.8) {
    const point = agent.spawn.route.path.at(agent.metres + metres)
    const hit = near.find((other) => covers(other, point, SIZES[agent.spawn.kind][1]))
    if (hit) return { gap: Math.max(0.1, metres - half - 0.4), speed: Math.max(0, hit.speed * sameWay(agent, hit)) }
  }
  return undefined
}

const sameWay = (a: Agent, b: Agent): number => a.heading.x * b.heading.x + a.heading.z * b.heading.z

function heeds(agent: Agent, other: Agent, reach: number): boolean {
  const far = reach + 10
  if (Math.abs(other.position.x - agent.position.x) > far) return false
  const near =
    Math.abs(other.position.x - agent.position.x) < far && Math.abs(other.position.z - agent.position.z) < far
  return near && (other.spawn.kind === 'person' || sameWay(agent, other) > -0.3)
}

/** Whether a vehicle `width` metres wide at this point would touch the other's body. */
function covers({ spawn, position, heading }: Agent, point: Point, width: number): boolean {
  const x = point.x - position.x
  const z = point.z - position.z
  const [length, wide] = SIZES[spawn.kind]
  const lengthwise = Math.abs(x * heading.x + z * heading.z)
  return lengthwise < length / 2 + 0.3 && Math.abs(x * heading.z - z * heading.x) < ((width + wide) / 2) * 0.9 + 0.1
}
