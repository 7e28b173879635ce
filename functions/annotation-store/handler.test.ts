import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { completeEvent } from '../../platform/events/complete.ts'
import type { Draft, SentinelEvent } from '../../platform/events/event.ts'
import type { LabelledBox } from '../../platform/events/frame.ts'
import { VerdictRecorded, VerdictWithdrawn } from '../../platform/events/triage.ts'
import { digestOf, greyJpeg, labelled, openStores } from '../../tests/support/annotations.ts'
import { addItem } from '../../tests/support/api.ts'
import { scoreOf } from './gold.ts'
import { annotationStore } from './handler.ts'
import { standingOf } from './opinions.ts'

const START = Date.parse('2026-06-01T08:00:00Z')
const CAR = labelled(0.1)
const BUS = labelled(0.6, 'bus')

const opinion = (annotator: string, ...boxes: LabelledBox[]) => ({ verdictId: `v-${annotator}`, annotator, boxes })

describe('what is taken for true of an item', () => {
  const cases: [string, ReturnType<typeof opinion>[], ReturnType<typeof standingOf>][] = [
    ['nothing, when nobody spoke', [], undefined],
    ['what one says', [opinion('ada', CAR)], { verdictId: 'v-ada', rule: 'single', by: ['ada'] }],
    [
      'what two say, in the words of the first',
      [opinion('ada', CAR), opinion('bob', labelled(0.12))],
      { verdictId: 'v-ada', rule: 'consensus', by: ['ada', 'bob'] },
    ],
    ['nothing, when two differ', [opinion('ada', CAR), opinion('bob', CAR, BUS)], undefined],
    [
      'what the third shares with one of the two',
      [opinion('ada', CAR), opinion('bob', CAR, BUS), opinion('cyd', BUS, CAR)],
      { verdictId: 'v-bob', rule: 'consensus', by: ['bob', 'cyd'] },
    ],
    [
      'what the third says, when all differ',
      [opinion('ada', CAR), opinion('bob', CAR, BUS), opinion('cyd')],
      { verdictId: 'v-cyd', rule: 'adjudication', by: ['cyd'] },
    ],
  ]
  for (const [name, opinions, expected] of cases) test(name, () => assert.deepEqual(standingOf(opinions), expected))
})

async function world(t: TestContext, luma = 120) {
  const stores = await openStores(t)
  await addItem(stores.database)
  const jpeg = await greyJpeg(stores.pictures, luma)
  await stores.objects.put('sentinel-clips', 'triage/cam-0/f-0.jpg', jpeg)
  const signal = new AbortController().signal
  const deliver = async (event: SentinelEvent) => {
    const drafts = await annotationStore.handle!(event as never, { ...stores, config: {}, signal, superseded: signal })
    return [drafts].flat() as Draft[]
  }
  return { ...stores, jpeg, deliver }
}

let seconds = 0
const arrived = (draft: Draft): SentinelEvent =>
  completeEvent(draft, { source: '/t', id: `e-${++seconds}`, time: new Date(START + seconds * 1000).toISOString() })

const verdict = (by: string, boxes: LabelledBox[], kind: 'confirm' | 'correct' | 'skip' | 'reject' = 'correct') =>
  arrived(VerdictRecorded.of('review-1', { verdictId: `v-${by}`, verdict: kind, boxes, by }))
const undo = (by: string) => arrived(VerdictWithdrawn.of('review-1', { verdictId: `v-${by}`, by }))

const told = (drafts: Draft[]) =>
  drafts.map(({ definition, data }) => [definition.type.split('.')[2], (data as { verdictId: string }).verdictId])

describe('annotation-store', () => {
  test('a corrected frame becomes an annotation with its picture, what was said before, and by whom', async (t) => {
    const { database, objects, jpeg, deliver } = await world(t, 40)
    const [draft] = await deliver(verdict('ada', [CAR, BUS]))
    const data = draft!.data as { image: string; light: string; boxes: unknown; by: string[]; before: unknown[] }
    assert.deepEqual([data.image, data.light, data.by], [digestOf(jpeg), 'night', ['ada']])
    assert.deepEqual(data.boxes, [CAR, BUS])
    assert.equal(data.before.length, 1)
    assert.deepEqual(await objects.get('sentinel-datasets', `images/${digestOf(jpeg)}.jpg`), Buffer.from(jpeg))
    const row = await database.selectFrom('annotations').selectAll().executeTakeFirstOrThrow()
    assert.deepEqual([row.stands, row.rule, row.annotator, row.boxes], [true, 'single', 'ada', [CAR, BUS]])
  })

  test('a verdict that comes again changes nothing and says the same, whatever has come since', async (t) => {
    const { database, deliver } = await world(t)
    const events = [verdict('ada', [CAR]), verdict('bob', [CAR, BUS]), undo('bob'), verdict('cyd', [labelled(0.11)])]
    const first: Draft[][] = []
    for (const event of events) first.push(await deliver(event))
    const rows = await database.selectFrom('annotations').selectAll().orderBy('verdict_id').execute()
    for (const [at, event] of events.entries()) assert.deepEqual(await deliver(event), first[at])
    assert.deepEqual(await database.selectFrom('annotations').selectAll().orderBy('verdict_id').execute(), rows)
    assert.deepEqual(first.map(told), [
      [['recorded', 'v-ada']],
      [['removed', 'v-ada']],
      [['recorded', 'v-ada']],
      [['recorded', 'v-ada']],
    ])
  })

  test('an undone verdict takes its annotation away, and its history stays', async (t) => {
    const { database, deliver } = await world(t)
    await deliver(verdict('ada', [CAR]))
    assert.deepEqual(told(await deliver(undo('ada'))), [['removed', 'v-ada']])
    const row = await database.selectFrom('annotations').selectAll().executeTakeFirstOrThrow()
    assert.deepEqual([row.stands, row.withdrawn_by, row.boxes], [false, 'ada', [CAR]])
  })

  test('a verdict that certifies nothing makes no annotation', async (t) => {
    const { database, deliver } = await world(t)
    assert.deepEqual([await deliver(verdict('ada', [], 'skip')), await deliver(verdict('ada', [], 'reject'))], [[], []])
    assert.deepEqual(await deliver(undo('ada')), [])
    assert.deepEqual(await database.selectFrom('annotations').selectAll().execute(), [])
  })

  test('a gold item scores its annotator and teaches nothing', async (t) => {
    const { database, deliver } = await world(t)
    const gold = { item_id: 'review-1', boxes: JSON.stringify([CAR, BUS]), added_by: 'eve', added_at: new Date() }
    await database.insertInto('gold_items').values(gold).execute()
    const event = verdict('ada', [CAR, labelled(0.9), labelled(0.6)])
    assert.deepEqual([await deliver(event), await deliver(event)], [[], []])
    const scores = await database.selectFrom('gold_scores').selectAll().execute()
    assert.deepEqual(
      scores.map(({ annotator, precision, recall }) => [annotator, precision, recall]),
      [['ada', 1 / 3, 1 / 2]],
    )
    await deliver(undo('ada'))
    assert.deepEqual(await database.selectFrom('gold_scores').selectAll().execute(), [])
  })

  test('nothing drawn where nothing is, is right', () => {
    assert.deepEqual(scoreOf([], []), { precision: 1, recall: 1, overlap: null })
  })

  test('a verdict whose picture is gone is refused with what to do', async (t) => {
    const { objects, deliver } = await world(t)
    await objects.delete('sentinel-clips', 'triage/cam-0/f-0.jpg')
    await assert.rejects(deliver(verdict('ada', [CAR])), { code: 'NOT_FOUND', message: /Keep clips for longer/ })
  })
})
