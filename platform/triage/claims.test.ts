import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { addItem } from '../../tests/support/api.ts'
import { freshDatabase } from '../../tests/support/postgres.ts'
import { TestClock } from '../testing.ts'
import { CLAIM_MS, claimItems, countOpen, releaseItems } from './claims.ts'
import { recordVerdict, undoVerdict } from './verdicts.ts'

const DESKS = ['desk-one', 'desk-two', 'desk-three'] as const

async function world(t: TestContext, items: number) {
  const { database } = await freshDatabase(t)
  for (let n = 0; n < items; n++) await addItem(database, `review-${n}`)
  const clock = new TestClock(Date.parse('2026-06-01T08:00:00Z'))
  const claim = async (session: string, count: number) =>
    (await claimItems({ database, clock }, { session, count, by: 'a' })).map(({ id }) => id)
  const judge = (itemId: string, key?: string) =>
    recordVerdict({ database, clock }, { itemId, verdict: 'confirm', boxes: undefined, note: undefined, by: 'a', key })
  return { database, clock, claim, judge }
}

describe('claims on the review queue', () => {
  test('many desks that ask at once never get one item twice, and together they get all', async (t) => {
    const { claim } = await world(t, 30)
    const asked = Array.from({ length: 12 }, (_, n) => claim(DESKS[n % 3]!, 4 * (1 + Math.floor(n / 3))))
    await Promise.all(asked)
    const held = await Promise.all(DESKS.map((desk) => claim(desk, 16)))
    const all = held.flat()
    assert.equal(new Set(all).size, all.length)
    assert.equal(all.length, 30)
  })

  test('a desk keeps what it holds for as long as it asks, and then loses it to others', async (t) => {
    const { claim, clock } = await world(t, 2)
    const [first] = await claim('desk-one', 1)
    clock.advance(CLAIM_MS - 1000)
    assert.deepEqual(await claim('desk-one', 1), [first])
    clock.advance(CLAIM_MS - 1000)
    assert.equal((await claim('desk-two', 2)).includes(first!), false)
    clock.advance(2000)
    assert.equal((await claim('desk-two', 2)).length, 2)
    assert.deepEqual(await claim('desk-one', 2), [])
  })

  test('what is released or judged leaves the desk, and what is undone returns to it', async (t) => {
    const { claim, judge, clock, database } = await world(t, 3)
    const [first, second] = await claim('desk-one', 2)
    await judge(first!)
    assert.deepEqual(await claim('desk-one', 1), [second])
    await undoVerdict({ database, clock }, first!, 'a', 'desk-one')
    assert.deepEqual((await claim('desk-one', 2)).sort(), [first, second].sort())
    assert.equal(await releaseItems(database, 'desk-one'), 2)
    assert.equal((await claim('desk-two', 3)).length, 3)
    assert.equal(await countOpen(database, { by: 'a', secondOpinions: false }), 3)
  })

  test('busy cameras, however many and however uncertain, do not hide a quiet one', async (t) => {
    const { claim, database } = await world(t, 0)
    await addItem(database, 'quiet', { camera_id: 'quiet', uncertainty: 0.5 })
    const busy = Array.from({ length: 16 * 20 }, (_, n) => ({ camera_id: `busy-${n % 16}`, uncertainty: 0.9 }))
    await Promise.all(busy.map((item, n) => addItem(database, `busy-${n}`, item)))
    assert.ok((await claim('desk-one', 17)).includes('quiet'))
  })

  test('a verdict that is sent again under its key is recorded once', async (t) => {
    const { judge, database } = await world(t, 2)
    const key = 'b0f2a0de-5c10-4a2f-9b1e-1f6f1b5f7a11'
    await judge('review-0', key)
    assert.equal((await judge('review-0', key)).status, 'confirmed')
    const { count } = await database
      .selectFrom('verdicts')
      .select(({ fn }) => fn.countAll<string>().as('count'))
      .executeTakeFirstOrThrow()
    assert.equal(count, '1')
    await assert.rejects(judge('review-1', key), { code: 'INPUT_INVALID' })
  })

  test('a session that is too short to be nobody else’s is refused', async (t) => {
    const { claim } = await world(t, 0)
    await assert.rejects(claim('me', 1), { code: 'INPUT_INVALID', message: /random UUID/ })
  })
})
