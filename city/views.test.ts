import assert from 'node:assert/strict'
import test from 'node:test'
import { BAY_EDGE, layoutOf } from './layout.ts'
import { randomFrom } from './simulation/random.ts'
import { HALF_ROAD, STREETS } from './simulation/streets.ts'
import { anotherCamera } from './views.ts'

const layout = layoutOf(1)
const random = randomFrom(5)
const cameras = Array.from({ length: 300 }, (_, n) => anotherCamera(`v${n}`, layout, random))
const offset = ({ x, z }: { x: number; z: number }): number =>
  Math.min(...STREETS.map((street) => Math.min(Math.abs(x - street), Math.abs(z - street))))

test('cameras hang 4 to 14 m high above a street or its pavement, never in a house', () => {
  for (const camera of cameras) {
    assert.ok(camera.height >= 4 && camera.height <= 14)
    assert.ok(offset(camera) < 16, `${camera.x} ${camera.z}`)
  }
})

test('no pole or tree stands right in front of a camera', () => {
  const things = [...layout.trees, ...layout.lamps, ...layout.signals]
  for (const { x, z, heading } of cameras) {
    const ahead = { x: x + 6 * Math.sin((heading * Math.PI) / 180), z: z - 6 * Math.cos((heading * Math.PI) / 180) }
    assert.ok(things.every((thing) => Math.hypot(thing.x - ahead.x, thing.z - ahead.z) > 1.5))
  }
})

test('the same seed gives the same cameras, another seed others', () => {
  const first = (seed: number) => anotherCamera('v', layout, randomFrom(seed))
  assert.deepEqual(first(9), first(9))
  assert.notDeepEqual(first(9), first(10))
})

test('trees, lamps and masts stand beside the road and beside the parking bays', () => {
  const { trees, lamps, signals } = layoutOf(2)
  for (const thing of [...trees, ...lamps, ...signals]) {
    const street = offset(thing)
    assert.ok(street > HALF_ROAD, `${thing.x} ${thing.z}`)
    const isBesideBay = STREETS.some((at) => Math.abs(street - Math.abs(thing.x - at)) < 0.01 && Math.abs(thing.z) < 40)
    if (isBesideBay) assert.ok(street > BAY_EDGE)
  }
})
