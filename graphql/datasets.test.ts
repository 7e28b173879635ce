import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { type Entry, manifestOf } from '../platform/datasets/manifest.ts'
import { storeDataset, storeImage } from '../platform/datasets/store.ts'
import { addAnnotation } from '../tests/support/annotations.ts'
import { openApi, TOKEN } from '../tests/support/api.ts'
import { ask } from '../tests/support/sentinel.ts'

const entry = (image: string, more: Partial<Entry> = {}): Entry => ({
  image,
  width: 64,
  height: 36,
  camera: 'cam-1',
  capturedAt: null,
  light: 'day',
  split: 'train',
  role: 'annotated',
  boxes: [{ class: 'car', box: [0, 0, 0.5, 0.5] }],
  ...more,
})

/** A first version of two pictures, and a second one in which one came, one went and one changed. */
async function world(t: TestContext) {
  const api = await openApi(t)
  const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((text) => storeImage(api.objects, Buffer.from(text))))
  const store = (entries: Entry[]) => storeDataset(api.objects, manifestOf(['car', 'bus'], entries))
  const first = await store([entry(a!), entry(b!)])
  await new Promise((resolve) => setTimeout(resolve, 20))
  const bus = [{ class: 'bus', box: [0, 0, 1, 1] as [number, number, number, number] }]
  const second = await store([
    entry(a!, { boxes: [...bus, ...bus], light: 'night' }),
    entry(c!, { split: 'val', camera: 'cam-2' }),
  ])
  return { ...api, first, second, came: c!, went: b! }
}

describe('datasets', () => {
  test('are listed, the newest first, with what is in them, page by page', async (t) => {
    const { at, first, second } = await world(t)
    const list = async (args: string) =>
      (
        await ask(
          at,
          `{ datasets(${args}) { edges { node { digest train val base boxes byClass { name train val } byCamera { name } byLight { name train } } } pageInfo { hasNextPage endCursor } } }`,
        )
      ).data.datasets
    const newest = await list('first: 1')
    assert.deepEqual(newest.edges[0].node, {
      digest: second,
      train: 1,
      val: 1,
      base: 0,
      boxes: 3,
      byClass: [
        { name: 'car', train: 0, val: 1 },
        { name: 'bus', train: 2, val: 0 },
      ],
      byCamera: [{ name: 'cam-1' }, { name: 'cam-2' }],
      byLight: [
        { name: 'day', train: 0 },
        { name: 'night', train: 1 },
      ],
    })
    assert.equal(newest.pageInfo.hasNextPage, true)
    const older = await list(`after: "${newest.pageInfo.endCursor}"`)
    assert.deepEqual([older.edges[0].node.digest, older.pageInfo.hasNextPage], [first, false])
  })

  test('differ by pictures that came, went and changed, which can be looked at', async (t) => {
    const { at, origin, first, second, came, went } = await world(t)
    const query = `{ datasetDifference(from: "${first}", to: "${second}") { addedCount removedCount changedCount added { id imageUrl } removed { id } changed { boxes { class } } } }`
    const { datasetDifference: difference } = (await ask(at, query)).data
    assert.deepEqual([difference.addedCount, difference.removedCount, difference.changedCount], [1, 1, 1])
    assert.deepEqual([difference.added[0].id, difference.removed[0].id], [came, went])
    const picture = await fetch(origin + difference.added[0].imageUrl, {
      headers: { authorization: `Bearer ${TOKEN}` },
    })
    assert.equal(await picture.text(), 'c')
    const unknown = await ask(at, `{ datasetDifference(from: "${'0'.repeat(64)}", to: "${second}") { addedCount } }`)
    assert.match(unknown.errors![0]!.message, /There is no dataset/)
  })
})

test('people are told by what they have judged, how often others agreed, and how near they came to what is known', async (t) => {
  const { at, database } = await openApi(t)
  for (const id of ['i-1', 'i-2']) await addAnnotation(database, id)
  const other = { annotator: 'bob', stands: false, agreed_by: [], rule: null }
  const one = await database
    .selectFrom('annotations')
    .selectAll()
    .where('item_id', '=', 'i-1')
    .executeTakeFirstOrThrow()
  const json = { before: JSON.stringify(one.before), boxes: JSON.stringify(one.boxes) }
  await database
    .insertInto('annotations')
    .values({ ...one, ...json, ...other, verdict_id: 'v-bob' })
    .execute()
  const gold = { item_id: 'i-2', boxes: '[]', added_by: 'eve', added_at: new Date() }
  await database.insertInto('gold_items').values(gold).execute()
  for (const [verdict, precision] of [
    ['v-1', 1],
    ['v-2', 0.5],
  ] as const) {
    const score = { verdict_id: verdict, item_id: 'i-2', annotator: 'ada', precision, recall: 1, overlap: 0.8 }
    await database
      .insertInto('gold_scores')
      .values({ ...score, scored_at: new Date() })
      .execute()
  }
  const { data } = await ask(at, '{ annotators { id annotations shared agreed gold precision recall overlap } }')
  assert.deepEqual(data.annotators, [
    { id: 'ada', annotations: 2, shared: 1, agreed: 1, gold: 2, precision: 0.75, recall: 1, overlap: 0.8 },
    { id: 'bob', annotations: 1, shared: 1, agreed: 0, gold: 0, precision: null, recall: null, overlap: null },
  ])
})
