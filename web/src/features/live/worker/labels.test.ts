import assert from 'node:assert/strict'
import { test } from 'node:test'
import { placeLabels, type Rectangle } from './labels.ts'

const area = { x: 0, y: 0, width: 400, height: 225 }
const rules = { area, height: 14, isFull: false }
const car = (name: string, x: number, y: number, width = 80, height = 50) => ({
  name,
  width: 40,
  box: { x, y, width, height },
})
const overlaps = (a: Rectangle, b: Rectangle): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

test('a label lies above its box, at the upper edge of the picture below it, and never outside', () => {
  const [one] = placeLabels([car('a', 100, 100)], rules)
  assert.deepEqual(one!.at, { x: 100, y: 86, width: 40, height: 14 })
  const [top] = placeLabels([car('b', 390, 4)], rules)
  assert.deepEqual(top!.at, { x: 360, y: 54, width: 40, height: 14 })
})

test('on a tile the labels of small and of crowded boxes stay away, the largest first', () => {
  const crowd = [
    car('small', 10, 100, 30, 15),
    car('near', 100, 100),
    car('nearer', 110, 108, 90, 60),
    car('far', 300, 20),
  ]
  const names = placeLabels(crowd, rules).map(({ of }) => of.name)
  assert.ok(!names.includes('small'))
  assert.deepEqual(names.slice(0, 1), ['nearer'])
  assert.ok(names.includes('far'))
})

test('in the focus view every label that has room is there, and still none lies over another', () => {
  const crowd = Array.from({ length: 12 }, (_, n) =>
    car(`${n}`, 20 + (n % 6) * 45, 60 + Math.floor(n / 6) * 60, 50, 20),
  )
  const full = placeLabels(crowd, { ...rules, isFull: true })
  assert.ok(full.length > placeLabels(crowd, rules).length && full.length >= 10)
  for (const a of full) for (const b of full) assert.ok(a === b || !overlaps(a.at, b.at))
})
