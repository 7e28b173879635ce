import assert from 'node:assert/strict'
import test from 'node:test'
import { defer } from '../tests/support/defer.ts'
import { CAMERAS, PICTURE } from './cameras.ts'
import { CLEAN_LENS, LIGHTS, PLAIN_TINTS } from './moods.ts'
import type { PixelBox, RoadUser, View } from './protocol.ts'
import { Renderer } from './renderer.ts'

const standing = { headingX: 1, headingZ: 0, speed: 0, braking: false, metres: 0 }
const view: View = {
  seed: 3,
  camera: CAMERAS[0]!,
  light: { ...LIGHTS.day, sun: 0 },
  lens: { ...CLEAN_LENS, noise: 0 },
  tints: PLAIN_TINTS,
  parked: [],
}
/** In the middle of the north-western junction, and behind it as the camera looks. */
const bus: RoadUser = { id: 1, kind: 'bus', look: 0.3, x: -60, z: -60, ...standing }
const hidden: RoadUser = { id: 2, kind: 'person', look: 0.4, x: -58, z: -62.4, ...standing }
const free: RoadUser = { id: 3, kind: 'car', look: 0.22, x: -66, z: -52, ...standing }

test('boxes, the picture and what hides what agree to the pixel', { timeout: 170_000 }, async (t) => {
  const renderer = await Renderer.launch()
  defer(t, () => renderer.close())
  await renderer.show(view)
  const empty = await renderer.take({ moving: [], seconds: 0 })
  assert.deepEqual(empty.sightings, [])

  const alone = await renderer.take({ moving: [free], seconds: 0 })
  const [car] = alone.sightings
  assert.equal(car!.visibility, 1)
  const changed = changes(empty.pixels, alone.pixels)
  assert.ok(overlap(changed, car!.box) > 0.85, `changed ${changed}, box ${car!.box}`)
  for (const [index, side] of car!.full.entries()) assert.ok(Math.abs(side - car!.box[index]!) <= 1.5)

  const both = await renderer.take({ moving: [bus, hidden], seconds: 0 })
  const byId = new Map(both.sightings.map((sighting) => [sighting.id, sighting]))
  assert.equal(byId.get(1)!.visibility, 1)
  assert.ok((byId.get(2)?.visibility ?? 0) < 0.3, 'the bus hides who stands behind it')

  const again = await renderer.take({ moving: [free], seconds: 0 })
  assert.deepEqual(again.sightings, alone.sightings)
  assert.ok(again.pixels.equals(alone.pixels), 'the same moment gives the same bytes')
})

/** Brightness levels by which a body differs from the road, unlike its faint shadow. */
const DIFFERS = 70

/** The box around all pixels that differ much. */
function changes(before: Buffer, after: Buffer): PixelBox {
  const { width } = PICTURE
  const places = [...Array(before.length / 4).keys()].filter((pixel) =>
    [0, 1, 2].some((channel) => Math.abs(before[pixel * 4 + channel]! - after[pixel * 4 + channel]!) > DIFFERS),
  )
  const xs = places.map((pixel) => pixel % width)
  const ys = places.map((pixel) => Math.floor(pixel / width))
  const [left, top] = [Math.min(...xs), Math.min(...ys)]
  return [left, top, Math.max(...xs) + 1 - left, Math.max(...ys) + 1 - top]
}

/** Intersection over union. */
function overlap(a: PixelBox, b: PixelBox): number {
  const wide = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0])
  const high = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1])
  const both = Math.max(0, wide) * Math.max(0, high)
  return both / (a[2] * a[3] + b[2] * b[3] - both)
}
