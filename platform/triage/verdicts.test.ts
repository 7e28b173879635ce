import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { addItem } from '../../tests/support/api.ts'
import { freshDatabase } from '../../tests/support/postgres.ts'
import { TestClock } from '../testing.ts'
import { recordVerdict, undoVerdict } from './verdicts.ts'

async function world(t: TestContext) {
  const { database } = await freshDatabase(t)
  await addItem(database)
  const clock = new TestClock()
  const judge = (by: string, verdict: 'confirm' | 'reject', isSecondOpinion = false) => {
    clock.advance(1000)
    const input = { itemId: 'review-1', verdict, boxes: undefined, note: undefined, by, isSecondOpinion }
    return recordVerdict({ database, clock }, input)
  }
  const undo = (by: string) => undoVerdict({ database, clock }, 'review-1', by)
  return { database, judge, undo }
}

describe('verdicts of several people', () => {
  test('a second opinion is asked for, and never one’s own', async (t) => {
    const { database, judge } = await world(t)
    await judge('ada', 'confirm')
    await assert.rejects(judge('bob', 'reject'), { code: 'CONFLICT', message: /go on to the next item/ })
    await assert.rejects(judge('ada', 'confirm', true), { code: 'CONFLICT', message: /another person/ })
    assert.equal((await judge('bob', 'reject', true)).status, 'rejected')
    assert.equal((await database.selectFrom('verdicts').selectAll().execute()).length, 2)
  })

  test('each takes back what was his own, and the item opens again with the last', async (t) => {
    const { judge, undo } = await world(t)
    await judge('ada', 'confirm')
    await judge('bob', 'reject', true)
    assert.equal((await undo('ada')).status, 'rejected')
    assert.equal((await undo('bob')).status, 'open')
    await assert.rejects(undo('bob'), { code: 'CONFLICT' })
  })
})
