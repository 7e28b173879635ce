import assert from 'node:assert/strict'
import test from 'node:test'
import { DEMANDS, trafficFrom } from './traffic.ts'

test('no stop line gets more vehicles in a period than its greens let over', () => {
  for (let seed = 1; seed <= 12; seed++) {
    for (const demand of DEMANDS) assert.ok(busiest(seed, demand) <= demand, `seed ${seed}`)
  }
})

/** Vehicles at the stop line that gets most of them. */
function busiest(seed: number, demand: number): number {
  const vehicles = trafficFrom(seed, demand).filter(({ kind }) => kind !== 'person' && kind !== 'bicycle')
  const lines = vehicles.flatMap(({ route }) => route.stops.map(({ at }) => route.path.at(at)))
  const counts = Map.groupBy(lines, ({ x, z }) => `${x.toFixed(1)},${z.toFixed(1)}`)
  return Math.max(...[...counts.values()].map(({ length }) => length))
}

test('less demand means fewer vehicles and as many people', () => {
  const count = (demand: number, person: boolean) =>
    trafficFrom(4, demand).filter(({ kind }) => (kind === 'person') === person).length
  assert.ok(count(DEMANDS[2], false) < count(DEMANDS[0], false))
  assert.equal(count(DEMANDS[2], true), count(DEMANDS[0], true))
})

test('rare traffic has several times the trucks and motorcycles', () => {
  const count = (name: 'everyday' | 'rare', wanted: string): number =>
    [1, 2, 3, 4].flatMap((seed) => trafficFrom(seed, DEMANDS[0], name)).filter(({ kind }) => kind === wanted).length
  for (const kind of ['truck', 'motorcycle']) {
    assert.ok(count('rare', kind) > 2 * count('everyday', kind), `${kind}: ${count('rare', kind)}`)
  }
})
