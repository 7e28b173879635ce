import assert from 'node:assert/strict'
import { test } from 'node:test'
import { differingIn } from './differing.ts'

const box = (x: number, name = 'car') => ({ class: name, x, y: 0.1, width: 0.2, height: 0.2 })

test('a box that both have, nearly in the same place, is no difference', () => {
  assert.deepEqual([...differingIn([box(0.1), box(0.6)], [box(0.11)])], [1])
})

test('the same place under another class is one', () => {
  assert.deepEqual([...differingIn([box(0.1, 'bus')], [box(0.1)])], [0])
})

test('one box of the other side stands for one box only', () => {
  assert.deepEqual([...differingIn([box(0.13), box(0.1)], [box(0.1)])], [0])
})

test('all differ from nothing', () => {
  assert.deepEqual([...differingIn([box(0.1), box(0.5)], [])], [0, 1])
})
