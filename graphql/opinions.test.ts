import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { addAnnotation, labelled } from '../tests/support/annotations.ts'
import { addItem, openApi } from '../tests/support/api.ts'
import { ask } from '../tests/support/sentinel.ts'

const SESSION = '2b1f0f3e-6f0a-4b2e-9e0c-0f4f6a4f3f11'
const RECORD = `mutation ($i: RecordVerdictInput!) { recordVerdict(input: $i) { item { status } errors { code message } } }`
const CLAIM = `mutation ($i: ClaimTriageItemsInput!) { claimTriageItems(input: $i) { items { id } open errors { code } } }`

describe('several people at one server', () => {
  test('each is known by the name that the browser gives, and gets what others have judged where that is wanted', async (t) => {
    const { at, database } = await openApi(t)
    await addItem(database)
    const [ada, bob] = ['ada', 'bob'].map((name) => ({ ...at, name }))
    const confirm = { itemId: 'review-1', verdict: 'CONFIRM' }
    assert.equal((await ask(ada!, RECORD, { i: confirm })).data.recordVerdict.item.status, 'CONFIRMED')
    const { recorded_by } = await database.selectFrom('verdicts').select('recorded_by').executeTakeFirstOrThrow()
    assert.equal(recorded_by, 'ada')
    const claim = async (who: typeof at, secondOpinions: boolean) =>
      (await ask(who, CLAIM, { i: { session: SESSION, secondOpinions } })).data.claimTriageItems
    assert.deepEqual(await claim(bob!, false), { items: [], open: 0, errors: [] })
    assert.deepEqual(await claim(bob!, true), { items: [{ id: 'review-1' }], open: 1, errors: [] })
    const second = { ...confirm, secondOpinion: true }
    assert.deepEqual((await ask(bob!, RECORD, { i: second })).data.recordVerdict.errors, [])
    const again = (await ask(bob!, RECORD, { i: second })).data.recordVerdict
    assert.match(again.errors[0].message, /another person/)
    const { errors } = await ask({ ...at, name: '%3Cb%3E' }, '{ viewer { id } }')
    assert.match(errors![0]!.message, /A name has 1 to 40 letters/)
  })

  test('what two do not agree on is listed with what each says until it is settled', async (t) => {
    const { at, database } = await openApi(t)
    await addItem(database, 'i-1')
    await addAnnotation(database, 'i-1')
    const listed = async () =>
      (await ask(at, '{ disputedItems { edges { node { id annotations { annotator drawn { class } } } } } }')).data
        .disputedItems.edges
    assert.deepEqual(await listed(), [])
    await database.updateTable('annotations').set({ stands: false }).execute()
    const [said] = await database.selectFrom('annotations').selectAll().execute()
    const other = { verdict_id: 'v-2', annotator: 'bob', boxes: JSON.stringify([labelled(0.5, 'bus')]), before: '[]' }
    await database
      .insertInto('annotations')
      .values({ ...said!, ...other })
      .execute()
    const [{ node }] = await listed()
    assert.deepEqual([node.id, node.annotations.length], ['i-1', 2])
    await database.updateTable('annotations').set({ stands: true }).where('verdict_id', '=', 'v-2').execute()
    assert.deepEqual(await listed(), [])
  })

  test('a known item is hidden, listed for those who ask, and made one like any other again', async (t) => {
    const { at, database } = await openApi(t)
    await addItem(database)
    const add = (input: object) =>
      ask(
        at,
        `mutation ($i: AddGoldItemInput!) { addGoldItem(input: $i) { item { addedBy boxes { class x } } errors { code } } }`,
        {
          i: input,
        },
      )
    assert.equal((await add({ itemId: 'review-1' })).data.addGoldItem.errors[0].code, 'CONFLICT')
    const boxes = [{ class: 'bus', x: 0.5, y: 0.1, width: 0.2, height: 0.2 }]
    const { data } = await add({ itemId: 'review-1', boxes })
    assert.deepEqual(data.addGoldItem.item, { addedBy: 'admin', boxes: [{ class: 'bus', x: 0.5 }] })
    assert.equal((await ask(at, CLAIM, { i: { session: SESSION } })).data.claimTriageItems.open, 0)
    assert.deepEqual((await ask(at, '{ goldItems { itemId } }')).data.goldItems, [{ itemId: 'review-1' }])
    const remove = 'mutation { removeGoldItem(itemId: "review-1") { item { itemId } errors { code } } }'
    assert.deepEqual((await ask(at, remove)).data.removeGoldItem.item, { itemId: 'review-1' })
    assert.equal((await ask(at, remove)).data.removeGoldItem.errors[0].code, 'NOT_FOUND')
  })
})
