import assert from 'node:assert/strict'
import { test } from 'node:test'
import de from '../../lib/locales/de.json' with { type: 'json' }
import en from '../../lib/locales/en.json' with { type: 'json' }
import { absenceOf } from './absence.ts'

const fine = { isConnected: true, state: 'ONLINE', stateReason: null, isWatched: true } as const

test('a camera without a picture says why, and what comes next', () => {
  assert.deepEqual(absenceOf({ ...fine, isConnected: false }).advice, ['live.advice.reconnecting'])
  assert.deepEqual(absenceOf(fine).advice, ['live.advice.online'])
  assert.deepEqual(absenceOf({ ...fine, state: 'UNKNOWN' }).advice, ['live.advice.unseen'])
  assert.deepEqual(absenceOf({ ...fine, state: 'OFFLINE', isWatched: false }).reasons, ['state.outside'])
  assert.equal(absenceOf({ ...fine, state: 'OFFLINE', stateReason: 'tls' }).advice[0], 'live.advice.tls')
})

test('what passes by itself in a moment gives no advice at once', () => {
  assert.ok(absenceOf(fine).adviseAfterMs > 1000)
  assert.equal(absenceOf({ ...fine, state: 'OFFLINE', stateReason: 'unauthorized' }).adviseAfterMs, 0)
})

test('each reason for which a camera is offline has its advice in every language', () => {
  for (const { reason, live } of [en, de]) {
    assert.deepEqual(
      Object.keys(reason).filter((each) => !(each in live.advice)),
      [],
    )
  }
})
