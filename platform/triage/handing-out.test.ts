import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { addAnnotation, labelled } from '../../tests/support/annotations.ts'
import { addItem } from '../../tests/support/api.ts'
import { freshDatabase } from '../../tests/support/postgres.ts'
import { TestClock } from '../testing.ts'
import { claimItems, countOpen } from './claims.ts'
import { addGold, listGold, removeGold } from './gold.ts'
import { recordVerdict } from './verdicts.ts'

async function world(t: TestContext, items: number) {
  const { database } = await freshDatabase(t)
  for (let n = 0; n < items; n++) await addItem(database, `review-${n}`)
  const clock = new TestClock(Date.parse('2026-06-01T08:00:00Z'))
  const desk = { database, clock }
  const claim = async (by: string, count: number, secondOpinions = false) =>
    (await claimItems(desk, { session: `desk-of-${by}`, count, by, secondOpinions })).map(({ id }) => id).sort()
  const judge = (by: string, itemId: string, isSecondOpinion = false, verdict: 'confirm' | 'skip' = 'confirm') =>
    recordVerdict(desk, { itemId, verdict, boxes: undefined, note: undefined, by, isSecondOpinion })
  return { ...desk, claim, judge, desk }
}

describe('second opinions', () => {
  test('are asked of others than who judged first, and only where they are wanted', async (t) => {
    const { claim, judge, database } = await world(t, 2)
    await judge('ada', 'review-0')
    assert.deepEqual(await claim('bob', 5), ['review-1'])
    assert.deepEqual(await claim('ada', 5, true), [])
    assert.deepEqual(await claim('bob', 5, true), ['review-0', 'review-1'])
    assert.equal(await countOpen(database, { by: 'bob', secondOpinions: true }), 2)
    assert.equal(await countOpen(database, { by: 'bob', secondOpinions: false }), 1)
  })

  test('end where two agree; one who skips leaves the item as it was and is not asked again', async (t) => {
    const { claim, judge, database } = await world(t, 2)
    await judge('ada', 'review-0')
    await judge('ada', 'review-1')
    assert.equal((await judge('bob', 'review-0', true, 'skip')).status, 'confirmed')
    await addAnnotation(database, 'review-1')
    await database.updateTable('annotations').set({ rule: 'consensus' }).execute()
    assert.deepEqual(await claim('bob', 5, true), [])
    assert.deepEqual(await claim('cyd', 5, true), ['review-0'])
  })
})

describe('hidden items', () => {
  test('need known boxes: given ones, or those that somebody has certified', async (t) => {
    const { desk, database } = await world(t, 2)
    const add = (itemId: string, boxes?: ReturnType<typeof labelled>[]) => addGold(desk, { itemId, boxes, by: 'eve' })
    await assert.rejects(add('review-9'), { code: 'NOT_FOUND' })
    await assert.rejects(add('review-0'), { code: 'CONFLICT', message: /Judge it first/ })
    await assert.rejects(add('review-0', [{ class: '', box: [0, 0, 2, 1] }]), { code: 'INPUT_INVALID' })
    await addAnnotation(database, 'review-0', { boxes: [labelled(0.3)] })
    assert.deepEqual((await add('review-0')).boxes, [labelled(0.3)])
    await add('review-1', [labelled(0.5, 'bus')])
    assert.deepEqual(
      (await listGold(database)).map(({ item_id }) => item_id),
      ['review-0', 'review-1'],
    )
    await removeGold(database, 'review-1')
    await assert.rejects(removeGold(database, 'review-1'), { code: 'NOT_FOUND' })
  })

  test('come once in twenty, to everybody once, whoever has judged them before', async (t) => {
    const { claim, judge, desk, database } = await world(t, 24)
    await addGold(desk, { itemId: 'review-0', boxes: [labelled()], by: 'eve' })
    assert.equal(await countOpen(database, { by: 'ada', secondOpinions: false }), 23)
    for (const by of ['ada', 'bob']) {
      assert.equal((await claim(by, 3)).includes('review-0'), false)
      for (let n = 0; n < 19; n++) await judge(by, `review-${n + 1}`, true)
      assert.equal((await claim(by, 5)).includes('review-0'), true)
      await judge(by, 'review-0')
      assert.equal((await claim(by, 5)).includes('review-0'), false)
    }
  })
})
