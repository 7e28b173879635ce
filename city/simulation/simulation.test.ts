import assert from 'node:assert/strict'
import test from 'node:test'
import { STEPS, type State, simulate, successor, Traffic } from './simulation.ts'
import { SIZES, type Spawn } from './traffic.ts'

const SEED = 3
const { spawns, steps } = simulate(SEED)
const kindOf = ({ spawn }: State) => spawns[spawn]!.kind

test('the last step goes over into the first without a jump, so that a clip loops', () => {
  const first = new Map(steps[0]!.map((state) => [state.id, state]))
  const leaving = steps[STEPS - 1]!.filter((state) => first.has(successor(state)))
  assert.ok(leaving.length > steps[0]!.length - 12)
  for (const state of leaving) assert.ok(metresBetween(state, first.get(successor(state))!) < 1.4, `id ${state.id}`)
})

test('the same seed gives the same bytes', () => {
  const bytes = (): string => JSON.stringify(new Traffic(SEED).period())
  assert.equal(bytes(), bytes())
})

const metresBetween = (a: State, b: State): number => Math.hypot(a.x - b.x, a.z - b.z)

test('every kind of road user is on the road', () => {
  const seen = new Set(steps.flat().map(kindOf))
  assert.deepEqual([...seen].sort(), Object.keys(SIZES).sort())
})

test('nobody is faster than 12 m/s, and vehicles queue: some stand, some drive', () => {
  const moving = steps.flat().filter((state) => !['parked', 'person'].includes(kindOf(state)))
  assert.ok(moving.every(({ speed }) => speed >= 0 && speed <= 12.3))
  assert.ok(moving.some(({ speed }) => speed < 0.1))
  assert.ok(moving.filter(({ speed }) => speed > 6).length > moving.length / 10)
})

test('nobody jumps: a step moves a road user no further than its speed allows', () => {
  for (let step = 1; step < STEPS; step++) {
    const before = new Map(steps[step - 1]!.map((state) => [state.id, state]))
    for (const state of steps[step]!) {
      const from = before.get(state.id) ?? state
      assert.ok(Math.hypot(state.x - from.x, state.z - from.z) < 1.6, `spawn ${state.spawn} at step ${step}`)
    }
  }
})

test('vehicles stay out of each other', () => {
  const touching = new Set<string>()
  for (const states of steps) for (const pair of overlaps(states, spawns)) touching.add(pair)
  assert.deepEqual([...touching], [])
})

/** Pairs of vehicles whose bodies, made smaller by the tolerance, overlap. */
function overlaps(states: readonly State[], all: readonly Spawn[]): string[] {
  const vehicles = states.filter(({ spawn }) => all[spawn]!.kind !== 'person')
  return vehicles.flatMap((a, index) =>
    vehicles
      .slice(index + 1)
      .filter((b) => apart(a, b) === false)
      .map((b) => `${all[a.spawn]!.kind} ${a.id} and ${all[b.spawn]!.kind} ${b.id}`),
  )
}

/** The separating axis test on two rectangles on the ground. */
function apart(a: State, b: State): boolean {
  if (Math.hypot(a.x - b.x, a.z - b.z) > 13) return true
  const axes = [a, b].flatMap(
    ({ headingX, headingZ }) =>
      [
        [headingX, headingZ],
        [-headingZ, headingX],
      ] as const,
  )
  return axes.some(([x, z]) => Math.abs((b.x - a.x) * x + (b.z - a.z) * z) > reach(a, x, z) + reach(b, x, z))
}

const TOLERANCE = 0.9

function reach({ spawn, headingX, headingZ }: State, x: number, z: number): number {
  const [length, width] = SIZES[spawns[spawn]!.kind]
  const lengthwise = Math.abs(headingX * x + headingZ * z) * length
  return (TOLERANCE * (lengthwise + Math.abs(headingX * z - headingZ * x) * width)) / 2
}
