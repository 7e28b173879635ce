import assert from 'node:assert/strict'
import test from 'node:test'
import { axesOf, CAMERAS, type CityCamera, focalLengthOf, PICTURE, positionOf, roadAt } from './cameras.ts'
import { EDGE, HALF_ROAD, STREETS } from './simulation/streets.ts'

/** The pinhole camera: where a point on the road appears. */
function pixelOf(camera: CityCamera, x: number, z: number): { u: number; v: number } {
  const { forward, right, down } = axesOf(camera)
  const ray = [x - camera.x, -camera.height, z - camera.z]
  const dot = (axis: readonly number[]): number => axis.reduce((sum, value, index) => sum + value * ray[index]!, 0)
  const scale = focalLengthOf(camera) / dot(forward)
  return { u: PICTURE.width / 2 + scale * dot(right), v: PICTURE.height / 2 + scale * dot(down) }
}

test('the homography undoes the projection, on and beside the middle of every picture', () => {
  for (const camera of CAMERAS) {
    for (const [u, v] of [
      [320, 180],
      [40, 340],
      [600, 200],
    ] as const) {
      const road = roadAt(camera, u, v)!
      const back = pixelOf(camera, road.x, road.z)
      assert.ok(Math.hypot(back.u - u, back.v - v) < 1e-6, camera.name)
    }
  }
})

test('a camera that heads north-east has the road ahead of it to the north-east', () => {
  const camera = { name: 'here', x: 10, z: 20, height: 8, heading: 45, tilt: 20, view: 50 }
  const road = roadAt(camera, PICTURE.width / 2, PICTURE.height / 2)!
  assert.ok(Math.abs(Math.hypot(road.x - 10, road.z - 20) - 8 / Math.tan((20 * Math.PI) / 180)) < 1e-9)
  assert.ok(road.x - 10 > 0 && Math.abs(road.x - 10 + (road.z - 20)) < 1e-9)
})

test('a pixel further right lies to the right on the road, a lower one nearer', () => {
  const camera = { name: 'north', x: 0, z: 0, height: 8, heading: 0, tilt: 20, view: 50 }
  assert.ok(roadAt(camera, 400, 180)!.x > roadAt(camera, 300, 180)!.x)
  assert.ok(roadAt(camera, 320, 300)!.z > roadAt(camera, 320, 180)!.z)
})

test('the middle of every picture lies in the city and within reach; the sky has no place on the road', () => {
  for (const camera of CAMERAS) {
    const { x, z } = roadAt(camera, PICTURE.width / 2, PICTURE.height / 2)!
    assert.ok(Math.abs(x) < EDGE && Math.abs(z) < EDGE, camera.name)
    assert.ok(Math.hypot(x - camera.x, z - camera.z) < 45, camera.name)
    assert.equal(roadAt({ ...camera, tilt: 5 }, PICTURE.width / 2, 0), undefined)
  }
})

test('every camera sees a street in the middle of its picture', () => {
  for (const camera of CAMERAS) {
    const points = [180, 220, 260, 300].flatMap((v) => [220, 320, 420].map((u) => roadAt(camera, u, v)!))
    assert.ok(points.filter(onStreet).length >= 6, camera.name)
  }
})

const onStreet = ({ x, z }: { x: number; z: number }): boolean =>
  STREETS.some((street) => Math.min(Math.abs(x - street), Math.abs(z - street)) < HALF_ROAD)

test('ten cameras have ten names and masts of 6 to 12 m', () => {
  assert.equal(new Set(CAMERAS.map(({ name }) => name)).size, 10)
  assert.ok(CAMERAS.every(({ height }) => height >= 6 && height <= 12))
})

test('further south the latitude is smaller, further east the longitude greater', () => {
  const northWest = positionOf({ x: -100, z: -100 })
  const southEast = positionOf({ x: 100, z: 100 })
  assert.ok(northWest.latitude > southEast.latitude && northWest.longitude < southEast.longitude)
})
