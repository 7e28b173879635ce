import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Rollout } from './api/rollouts.ts'
import { canGoBack, stateOf, wayOf } from './rollout-words.ts'

const named = (name: string) => ({ id: name, name })

function rollout(kind: Rollout['kind'], more: Partial<Rollout> = {}): Rollout {
  const at = '2026-06-01T08:00:00Z'
  const about = { subject: named('new'), model: named('new'), previous: named('old'), canary: null, share: 1 }
  const told = {
    by: 'ada',
    reason: 'r',
    committedAt: at,
    appliedAt: at,
    failure: null,
    reasonSaid: [],
    failureSaid: [],
  }
  return { id: kind, commit: 'c'.repeat(40), kind, ...about, ...told, ...more }
}

const names = (way: ReturnType<typeof wayOf>) => [way.from?.name, way.to.name]

describe('the way that a commit leads', () => {
  test('is from the model before to the one that came', () => {
    assert.deepEqual(names(wayOf(rollout('PROMOTE'))), ['old', 'new'])
    assert.deepEqual(names(wayOf(rollout('START', { previous: null }))), [undefined, 'new'])
  })

  test('is to the canary, from the model that stays beside it', () => {
    const canary = rollout('CANARY', { model: named('old'), canary: named('new'), share: 0.25 })
    assert.deepEqual(names(wayOf(canary)), ['old', 'new'])
  })

  test('is back from the model that was taken back', () => {
    assert.deepEqual(names(wayOf(rollout('ROLLBACK', { subject: named('bad'), model: named('old') }))), ['bad', 'old'])
  })

  test('has no beginning where the model stayed the same', () => {
    assert.deepEqual(names(wayOf(rollout('CHANGE', { previous: named('new') }))), [undefined, 'new'])
  })
})

test('only the newest commit runs, waits or has failed; those before it are past', () => {
  const newest = rollout('PROMOTE')
  assert.equal(stateOf(newest, newest), 'RUNS')
  assert.equal(stateOf({ ...newest, appliedAt: null }, newest), 'WAITS')
  assert.equal(stateOf({ ...newest, failure: 'no such file' }, newest), 'FAILED')
  assert.equal(stateOf({ ...newest, id: 'older', failure: 'no such file' }, newest), 'PAST')
})

test('there is a way back from a canary and to an earlier model, and none from the first model', () => {
  assert.equal(canGoBack([]), false)
  assert.equal(canGoBack([rollout('START')]), false)
  assert.equal(canGoBack([rollout('PROMOTE'), rollout('START', { model: named('old') })]), true)
  assert.equal(canGoBack([rollout('CANARY', { model: named('old'), canary: named('new') })]), true)
})
