import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { eventually } from '../../../../../tests/support/log.ts'
import { type Job, Saver } from './saver.ts'

const undo = (itemId: string): Job => ({ kind: 'undo', itemId })

function memory(): Pick<Storage, 'getItem' | 'setItem'> {
  const kept = new Map<string, string>()
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) }
}

describe('what a person decided', () => {
  test('goes out in its order, and again after a failure, with the state told', async () => {
    const sent: string[] = []
    const states = new Set<string>()
    let failures = 1
    const saver = new Saver({
      send: async (job) => {
        if (failures-- > 0) throw new Error('no connection')
        sent.push((job as { itemId: string }).itemId)
        return undefined
      },
      onRefused: () => {},
      onChange: () => states.add(saver.state),
      storage: memory(),
    })
    for (const id of ['a', 'b', 'c']) saver.add(undo(id))
    await eventually(() => saver.state === 'saved', 5000)
    assert.deepEqual(sent, ['a', 'b', 'c'])
    assert.deepEqual([...states], ['saving', 'retrying', 'saved'])
  })

  test('outlives the page', async () => {
    const storage = memory()
    const nothing = { onRefused: () => {}, onChange: () => {}, storage }
    new Saver({ ...nothing, send: () => new Promise(() => {}) }).add(undo('a'))
    const sent: Job[] = []
    const next = new Saver({ ...nothing, send: async (job) => void sent.push(job) })
    await eventually(() => next.state === 'saved', 5000)
    assert.deepEqual(sent, [undo('a')])
  })

  test('is told when it is refused, and does not hold up the next', async () => {
    const refused: string[] = []
    const saver = new Saver({
      send: async () => ({ code: 'CONFLICT', message: 'judged already' }),
      onRefused: (_, { code }) => refused.push(code),
      onChange: () => {},
      storage: memory(),
    })
    saver.add(undo('a'))
    saver.add(undo('b'))
    await eventually(() => saver.state === 'saved', 5000)
    assert.deepEqual(refused, ['CONFLICT', 'CONFLICT'])
  })
})
