import assert from 'node:assert/strict'
import test from 'node:test'
import type { BufferGeometry } from 'three'
import { SIZES } from '../simulation/traffic.ts'
import { bus, truck } from './heavy-vehicles.ts'
import { GAITS, walker } from './people.ts'
import { bicycle, motorcycle } from './two-wheelers.ts'
import { car, van } from './vehicles.ts'

const LOOKS = Array.from({ length: 40 }, (_, n) => (n + 0.5) / 40)

/** Length, width, height and the lowest point, metres. */
function sizeOf(geometry: BufferGeometry): { length: number; width: number; height: number; floor: number } {
  geometry.computeBoundingBox()
  const { min, max } = geometry.boundingBox!
  return { length: max.x - min.x, width: max.z - min.z, height: max.y - min.y, floor: min.y }
}

for (const [kind, shape] of Object.entries({ car, van, truck, bus })) {
  test(`every ${kind} is about as long and wide as the traffic takes it for, and stands on the road`, () => {
    for (const look of LOOKS) {
      const { length, width, floor } = sizeOf(shape(look))
      const [long, wide] = SIZES[kind as 'car']
      assert.ok(Math.abs(length - long) < 0.4, `${length} m`)
      assert.ok(Math.abs(width - wide) < 0.6, `${width} m`)
      assert.ok(Math.abs(floor) < 0.06, `${floor} m`)
    }
  })
}

test('people stand on their feet, are 1 to 2 m tall, and step out', () => {
  for (const look of LOOKS) {
    const standing = sizeOf(walker(look, undefined))
    const striding = sizeOf(walker(look, GAITS / 4))
    assert.ok(standing.height > 1 && standing.height < 2.05, `${standing.height} m`)
    assert.ok(striding.length > standing.length + 0.1)
  }
})

test('riders sit on what they ride', () => {
  for (const look of LOOKS) {
    for (const { length, height } of [sizeOf(bicycle(look, 0)), sizeOf(motorcycle(look))]) {
      assert.ok(length > 1.6 && length < 2.4, `${length} m long`)
      assert.ok(height > 1.5 && height < 2.1, `${height} m high`)
    }
  }
})

test('cars come in several bodies and paints', () => {
  const shapes = new Set(LOOKS.map((look) => sizeOf(car(look)).height.toFixed(2)))
  const paints = new Set(LOOKS.map((look) => car(look).getAttribute('color').getX(0).toFixed(2)))
  assert.ok(shapes.size >= 4 && paints.size >= 8)
})
