import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MapCamera } from './api/map-cameras.ts'
import { boundsOf, graticule, lookOf, matching } from './features.ts'
import { parseView, printView } from './place.ts'

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

test('what a camera looks like follows from whether it is wanted and whether it is there', () => {
  const looks = (['ONLINE', 'OFFLINE', 'UNKNOWN'] as const).map((state) => lookOf({ enabled: true, state }))
  assert.deepEqual(looks, ['online', 'offline', 'waiting'])
  assert.equal(lookOf({ enabled: false, state: 'OFFLINE' }), 'off')
})

test('the map shows all cameras that have a place', () => {
  const cameras = [camera('a'), camera('b', { latitude: 40, longitude: -74 }), camera('c', { longitude: null })]
  assert.deepEqual(boundsOf(cameras), [-74, 40, 11, 48])
  assert.equal(boundsOf([camera('c', { longitude: null })]), undefined)
  assert.equal(boundsOf(Array.from({ length: 200_000 }, (_, n) => camera(String(n))))?.length, 4)
})

test('a search finds names that hold every word, the earlier the better', () => {
  const cameras = ['North Bridge', 'Bridge Street North', 'Harbour'].map((name) => camera(name))
  const names = (text: string) => matching(cameras, text, 5).map(({ name }) => name)
  assert.deepEqual(names('bri'), ['Bridge Street North', 'North Bridge'])
  assert.deepEqual(names('north bridge'), ['North Bridge', 'Bridge Street North'])
  assert.deepEqual(names('  '), [])
  assert.equal(matching(cameras, 'r', 2).length, 2)
})

test('a view survives the address, and what is none is not believed', () => {
  const view = { latitude: 48.137154, longitude: 11.576124, zoom: 17.5 }
  assert.deepEqual(parseView(printView(view)), view)
  assert.equal(printView({ ...view, zoom: 3 }), '48.1,11.6,3.0')
  for (const text of [null, '', '1,2', 'a,b,c', '91,0,3', '0,0,99', '1,2,3,4']) assert.equal(parseView(text), undefined)
})

test('meridians and parallels cover the earth', () => {
  assert.equal(graticule(20).features.length, 19 + 9)
})
