import assert from 'node:assert/strict'
import test from 'node:test'
import { BoxGeometry, Matrix4, PerspectiveCamera, Vector3 } from 'three'
import { Crowd } from './crowd.ts'
import { Distortion } from './distortion.ts'
import { boundsOf, silhouetteOf } from './silhouette.ts'
import { COLUMNS, ROWS, shadowedTiles } from './tiles.ts'

const [WIDTH, HEIGHT] = [640, 360]

/** Looks along −z from the origin. */
function lens(): PerspectiveCamera {
  const camera = new PerspectiveCamera(60, WIDTH / HEIGHT, 0.5, 500)
  camera.updateMatrixWorld()
  return camera
}
const toClip = (camera: PerspectiveCamera): Matrix4 =>
  new Matrix4().multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse)

/** Pixels of a metre at one metre's distance. */
const FOCAL = HEIGHT / 2 / Math.tan(Math.PI / 6)

test('a square that faces the camera covers as many pixels as its area says', () => {
  const box = new BoxGeometry(2, 2, 0.001).translate(0, 0, -10).toNonIndexed()
  const { area, points } = silhouetteOf(box, toClip(lens()), WIDTH, HEIGHT)
  const side = (2 * FOCAL) / 10
  assert.ok(Math.abs(area / side ** 2 - 1) < 0.03, `${area} pixels`)
  const [left, top, right, bottom] = boundsOf(points)
  for (const [is, wanted] of [
    [left, 320 - side / 2],
    [top, 180 - side / 2],
    [right, 320 + side / 2],
    [bottom, 180 + side / 2],
  ])
    assert.ok(Math.abs(is! - wanted!) < 0.1)
})

test('a body half outside of the picture keeps its area', () => {
  const inside = new BoxGeometry(2, 2, 0.001).translate(0, 0, -10).toNonIndexed()
  const edge = (10 * WIDTH) / 2 / FOCAL
  const outside = inside.clone().translate(edge, 0, 0)
  const area = (box: typeof inside) => silhouetteOf(box, toClip(lens()), WIDTH, HEIGHT).area
  assert.ok(Math.abs(area(outside) / area(inside) - 1) < 0.02)
})

test('the lens shows a place where its light comes from', () => {
  for (const k of [-0.04, 0, 0.14]) {
    const distortion = new Distortion(k, WIDTH, HEIGHT)
    for (const [x, y] of [
      [320, 180],
      [10, 20],
      [600, 300],
      [320, 2],
    ] as const) {
      const [u, v] = distortion.shown(...distortion.seen(x, y))
      assert.ok(Math.hypot(u - x, v - y) < 0.02, `${k}: ${u} ${v}`)
    }
  }
})

test('shadows are looked for around who throws them, and nowhere else', () => {
  const camera = lens()
  camera.position.set(0, 8, 0)
  camera.lookAt(0, 0, -30)
  camera.updateMatrixWorld()
  const heading = { headingX: 1, headingZ: 0, speed: 0, braking: false, metres: 0 }
  const crowd = new Crowd('moving')
  const car = (id: number, x: number, z: number) => ({ id, kind: 'car', look: 0.5, x, z, ...heading }) as const
  const tiles = shadowedTiles(crowd.show([car(1, 0, -30)]), new Vector3(0, 1, 0), camera)
  assert.ok(tiles.length > 0 && tiles.length < (COLUMNS * ROWS) / 10)
  assert.ok(tiles.every(({ x, y }) => Math.abs(x) < 0.3 && Math.abs(y) < 0.3))
  assert.deepEqual(shadowedTiles(crowd.show([car(2, 0, 40)]), new Vector3(0, 1, 0), camera), [])
})
