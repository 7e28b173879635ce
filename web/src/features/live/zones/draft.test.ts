import assert from 'node:assert/strict'
import { test } from 'node:test'
import { draftOf, hasEnoughPoints, NEW_ZONE, withoutPoint, withPoint, withPointAt } from './draft.ts'

test('points come one after the other, are moved inside the picture only, and go again', () => {
  const drawn = [
    { x: 0.1, y: 0.1 },
    { x: 0.9, y: 0.1 },
    { x: 0.5, y: 1.2 },
  ].reduce(withPoint, NEW_ZONE)
  assert.deepEqual(drawn.points[2], { x: 0.5, y: 1 })
  assert.deepEqual(withPointAt(drawn, 0, { x: -0.2, y: 0.3 }).points[0], { x: 0, y: 0.3 })
  assert.deepEqual(withoutPoint(drawn, 1).points, [drawn.points[0], drawn.points[2]])
})

test('an area can be drawn by keys alone: each new point lies where it is not on another', () => {
  let draft = NEW_ZONE
  for (let n = 0; n < 4; n++) draft = withPoint(draft)
  assert.equal(new Set(draft.points.map(({ x, y }) => `${x},${y}`)).size, 4)
  assert.equal(hasEnoughPoints(draft), true)
})

test('an area takes three points, a line two', () => {
  const two = withPoint(withPoint(NEW_ZONE))
  assert.equal(hasEnoughPoints(two), false)
  assert.equal(hasEnoughPoints({ ...two, kind: 'LINE' }), true)
})

test('what is changed is a copy of the zone, with nothing else of it', () => {
  const zone = { id: 'z', name: 'A', kind: 'LINE' as const, points: [{ x: 0, y: 1, __typename: 'Point' }] }
  assert.deepEqual(draftOf(zone), { id: 'z', name: 'A', kind: 'LINE', points: [{ x: 0, y: 1 }] })
})
