import assert from 'node:assert/strict'
import { test } from 'node:test'
import { functions } from '../functions.ts'
import { hostedFunctions } from './hosted.ts'

const LOG = 'kafka://broker'
const namesOf = (asked: string[]): string[] =>
  hostedFunctions({ functions: asked, log: LOG }).map(({ declaration }) => declaration.name)

test('a process runs all functions, none, or those that are named', () => {
  assert.equal(hostedFunctions({ functions: ['all'], log: undefined }).length, functions.length)
  assert.deepEqual(namesOf(['none']), [])
  assert.deepEqual(namesOf(['event-store', 'detect']), ['detect', 'event-store'])
})

test('a name that no function has is told with those there are', () => {
  assert.throws(
    () => namesOf(['detekt', 'event-store']),
    /no function detekt; give all, none, or some of frame-grabber/,
  )
})

test('nothing is left to others on a log that nobody else can reach', () => {
  assert.throws(() => hostedFunctions({ functions: ['none'], log: undefined }), /Set SENTINEL_LOG/)
})
