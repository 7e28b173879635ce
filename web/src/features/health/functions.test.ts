import assert from 'node:assert/strict'
import { test } from 'node:test'
import { figureOf, functionRows, type Look } from './functions.ts'

const counter = (name: string, value: number, code?: string) => ({
  name: `sentinel_${name}_total`,
  value,
  labels: [{ name: 'function', value: 'detect' }, ...(code ? [{ name: 'code', value: code }] : [])],
})
const look = (at: number, handled: number): Look => ({
  at,
  state: {
    lag: [{ function: 'detect', lag: 7 }],
    figures: [counter('events_handled', handled), counter('retries', 2, 'A'), counter('retries', 3, 'B')],
  },
})

test('a rate is what came between two looks; sums go over all codes', () => {
  const row = { name: 'detect', lag: 7, handled: 130, retries: 5, deadLetters: 0 }
  assert.deepEqual(functionRows(look(5000, 130), look(3000, 100)), [{ ...row, rate: 15 }])
})

test('after one look, or a server that began anew, there is no rate', () => {
  assert.equal(functionRows(look(5000, 130), undefined)[0]!.rate, undefined)
  assert.equal(functionRows(look(5000, 3), look(3000, 100))[0]!.rate, undefined)
})

test('a figure that was never counted is 0', () => {
  assert.equal(figureOf([], 'sentinel_live_sent'), 0)
})
