import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SaidBox } from './api/disputes.ts'
import { agreedOf, allOf } from './disputed-boxes.ts'

const box = (name: string, x: number): SaidBox => ({ class: name, x, y: 0.2, width: 0.1, height: 0.1 })
const [car, moved, bus] = [box('car', 0.1), box('car', 0.11), box('bus', 0.5)]

test('both: every object that somebody drew, once', () => {
  assert.deepEqual(allOf([[car], [moved, bus]]), [car, bus])
  assert.deepEqual(allOf([[car, bus], [], [moved]]), [car, bus])
})

test('both cannot be right where they name one object differently', () => {
  assert.equal(allOf([[car], [box('truck', 0.11)]]), undefined)
})

test('neither: only what everybody drew', () => {
  assert.deepEqual(agreedOf([[car, bus], [moved]]), [car])
  assert.deepEqual(agreedOf([[car], [box('truck', 0.1)]]), [])
  assert.deepEqual(agreedOf([[car, bus], [moved, bus], [bus]]), [bus])
})
