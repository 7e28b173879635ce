import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MapCamera } from './api/map-cameras.ts'
import { type CameraFeature, CameraFeatures, differenceOf } from './camera-features.ts'

const camera = (id: string, more: Partial<MapCamera> = {}): MapCamera => ({
  id,
  name: id,
  latitude: 48,
  longitude: 11,
  heading: 90,
  enabled: true,
  state: 'ONLINE',
  stateReason: null,
  ...more,
})
const shownBy = (features: readonly CameraFeature[]) =>
  new Map(features.map((feature) => [feature.properties.id, feature]))
const nothing = new Map<string, number>()

test('a camera is drawn where it stands, with its state, heading and what it sees', () => {
  const cameras = [camera('a'), camera('b', { latitude: null }), camera('c', { heading: null, enabled: false })]
  const features = new CameraFeatures().of(cameras, new Map([['a', 7]]))
  assert.deepEqual(
    features.map(({ properties }) => properties),
    [
      { id: 'a', name: 'a', look: 'online', heading: 90, seen: '7' },
      { id: 'c', name: 'c', look: 'off', heading: null, seen: '' },
    ],
  )
  assert.deepEqual(features[0]!.geometry.coordinates, [11, 48])
})

test('of thousands of cameras only those are told to the map that look different', () => {
  const made = new CameraFeatures()
  const many = Array.from({ length: 5000 }, (_, n) => camera(`c-${n}`))
  const before = made.of(many, nothing)
  const turned = many.with(7, camera('c-7', { heading: 10 })).with(9, { ...many[9]! })
  const difference = differenceOf(shownBy(before), made.of(turned, nothing))!
  assert.deepEqual([difference.add, difference.remove], [[], []])
  assert.deepEqual(
    difference.update!.map(({ id }) => id),
    ['c-7'],
  )
  assert.ok(difference.update![0]!.addOrUpdateProperties!.some(({ key, value }) => key === 'heading' && value === 10))
})

test('cameras that come, go, move or get a place are told, and no change is none', () => {
  const made = new CameraFeatures()
  const before = made.of([camera('a'), camera('b'), camera('c', { latitude: null })], nothing)
  const after = made.of([camera('b', { longitude: 12 }), camera('c'), camera('d')], nothing)
  const { add, remove, update } = differenceOf(shownBy(before), after)!
  assert.deepEqual([remove, add!.map(({ properties }) => properties!.id)], [['a'], ['c', 'd']])
  assert.deepEqual(
    update!.map(({ id, newGeometry }) => [id, newGeometry]),
    [['b', { type: 'Point', coordinates: [12, 48] }]],
  )
  assert.equal(
    differenceOf(shownBy(after), made.of([camera('b', { longitude: 12 }), camera('c'), camera('d')], nothing)),
    undefined,
  )
})
