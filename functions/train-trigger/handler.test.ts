import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { readDataset } from '../../platform/datasets/store.ts'
import { AnnotationRemoved } from '../../platform/events/annotation.ts'
import { fromRecord } from '../../platform/events/codec.ts'
import type { Database } from '../../platform/ports/database.ts'
import { given, TestClock } from '../../platform/testing.ts'
import { considerTraining, requestTraining } from '../../platform/training/request.ts'
import { reasonToTrain, type Situation } from '../../platform/training/threshold.ts'
import { addAnnotation, labelled, MODEL, openStores } from '../../tests/support/annotations.ts'
import { addCameras, addItem } from '../../tests/support/api.ts'
import { addRollout } from '../../tests/support/models.ts'
import { declaration } from './function.ts'
import { trainTrigger } from './handler.ts'

const START = Date.parse('2026-06-01T08:00:00Z')
const HOUR = 3_600_000
const rules = declaration.config.parse({})

const picture = (n: number, light: 'day' | 'night' = 'day', classes = ['car'], recordedAt = START) => ({
  verdictId: `v-${n}`,
  light,
  classes,
  recordedAt,
})
const pictures = (count: number, ...rest: [('day' | 'night')?, string[]?, number?]) =>
  Array.from({ length: count }, (_, n) => picture(n, ...rest))
const situation = (more: Partial<Situation>): Situation => ({
  annotations: [],
  judged: { verdicts: 0, rejected: 0 },
  known: new Set(),
  isBusy: false,
  runsToday: 0,
  now: START + HOUR,
  ...more,
})

describe('when to train', () => {
  const alternating = pictures(24).map((each, n) => ({ ...each, light: n % 2 ? ('day' as const) : ('night' as const) }))
  const cases: [string, Partial<Situation>, string | undefined][] = [
    ['after enough new pictures', { annotations: pictures(25) }, '25 new pictures'],
    ['not before', { annotations: alternating }, undefined],
    ['after enough by night', { annotations: pictures(20, 'night') }, '20 new pictures by night'],
    [
      'after enough boxes of a class',
      { annotations: pictures(10, 'day', Array(20).fill('bus')) },
      '200 new boxes of bus',
    ],
    [
      'after a few have waited for long',
      { annotations: pictures(5), now: START + 25 * HOUR },
      '5 new pictures that have waited for 25 hours',
    ],
    [
      'after the running model was rejected too often',
      { annotations: pictures(5), judged: { verdicts: 20, rejected: 10 } },
      '5 new pictures, and 10 of the last 20 frames of the running model rejected',
    ],
    ['not after fewer rejections', { annotations: pictures(5), judged: { verdicts: 20, rejected: 9 } }, undefined],
    ['not after few verdicts', { annotations: pictures(5), judged: { verdicts: 19, rejected: 19 } }, undefined],
    ['not on rejections alone', { annotations: pictures(4), judged: { verdicts: 20, rejected: 20 } }, undefined],
    [
      'not on what is known',
      { annotations: pictures(29), known: new Set(pictures(10).map((p) => p.verdictId)) },
      undefined,
    ],
    ['not while one runs', { annotations: pictures(30), isBusy: true }, undefined],
    ['not beyond the budget of a day', { annotations: pictures(30), runsToday: rules.trainBudget }, undefined],
    ['not while somebody is at work', { annotations: pictures(30), now: START + 5000 }, undefined],
  ]
  for (const [name, more, expected] of cases)
    test(name, () => assert.equal(reasonToTrain(situation(more), rules)?.text, expected))
})

async function world(t: TestContext) {
  const stores = await openStores(t)
  const clock = new TestClock(START)
  const config = { trainAfter: 3, trainQuiet: 0, trainBudget: 1000 }
  const trigger = given(trainTrigger, { ports: { ...stores, clock }, config })
  const removed = AnnotationRemoved.of('i', { verdictId: 'v', reason: 'withdrawn', by: 'ada' })
  const arrive = async () => {
    const { events } = trigger.when(removed)
    await new Promise(setImmediate)
    clock.advance(0)
    return events
  }
  return { ...stores, clock, arrive }
}

async function requested(database: Database) {
  const rows = await database.selectFrom('outbox').selectAll().orderBy('sequence').execute()
  return rows.map(({ key, headers, value }) => ({ key, id: headers.ce_id, size: value!.length }))
}

describe('train-trigger', () => {
  test('a crossed threshold makes one run on a dataset of what stands', async (t) => {
    const { database, objects, clock, arrive } = await world(t)
    for (let n = 0; n < 3; n++) {
      await arrive()
      await addAnnotation(database, `i-${n}`, {
        at: START + (900 + n) * 1000,
        recordedAt: START,
        boxes: [labelled(), labelled(0.5, 'bus')],
      })
    }
    for (let n = 0; n < 3; n++) await arrive()
    const runs = await database.selectFrom('training_runs').selectAll().execute()
    assert.deepEqual(
      runs.map(({ id, reason, state, requested_by }) => [id.length, reason, state, requested_by]),
      [[32, '3 new pictures', 'requested', 'train-trigger']],
    )
    const { entries, classes } = await readDataset(objects, runs[0]!.dataset)
    assert.deepEqual([entries.length, classes], [3, ['bus', 'car']])
    assert.equal((await requested(database)).length, 1)
    await database.updateTable('training_runs').set({ state: 'completed' }).execute()
    clock.advance(HOUR)
    await arrive()
    assert.equal((await requested(database)).length, 1)
  })

  test('rejections of the running model count once, those of another one and those taken back not at all', async (t) => {
    const { database, objects, clock } = await world(t)
    const desk = { database, objects, clock }
    const verdicts = { ...rules, trainVerdicts: 3, trainQuiet: 0 }
    await addRollout(database, MODEL.digest)
    for (let n = 0; n < 5; n++) await addAnnotation(database, `i-${n}`, { recordedAt: START })
    await addCameras(database, 1)
    const reject = async (id: string, more: object = {}) => {
      await addItem(database, id)
      await database
        .updateTable('triage_items')
        .set({ model_digest: MODEL.digest, ...more })
        .where('id', '=', id)
        .execute()
      const row = { id: `r-${id}`, item_id: id, verdict: 'reject' as const, boxes: '[]', recorded_by: 'ada' }
      await database
        .insertInto('verdicts')
        .values({ ...row, recorded_at: new Date(clock.now()) })
        .execute()
    }
    await reject('a')
    await reject('b')
    await reject('c', { model_digest: 'b'.repeat(64) })
    await reject('d')
    await database.updateTable('verdicts').set({ withdrawn_at: new Date() }).where('item_id', '=', 'd').execute()
    assert.equal(await considerTraining(desk, verdicts), undefined)
    await reject('e')
    clock.advance(1000)
    const run = (await considerTraining(desk, verdicts))!
    assert.equal(run.reason, '5 new pictures, and 3 of the last 3 frames of the running model rejected')
    await database.updateTable('training_runs').set({ state: 'completed' }).execute()
    for (let n = 5; n < 10; n++) await addAnnotation(database, `i-${n}`, { recordedAt: START })
    assert.equal(await considerTraining(desk, verdicts), undefined)
  })

  test('waits until nothing new has come for a while', async (t) => {
    const stores = await openStores(t)
    const clock = new TestClock(START)
    const trigger = given(trainTrigger, { ports: { ...stores, clock }, config: { trainAfter: 1, trainQuiet: 20 } })
    const arrive = () =>
      trigger.when(AnnotationRemoved.of('i', { verdictId: 'v', reason: 'withdrawn', by: 'a' })).events
    await addAnnotation(stores.database, 'i-0')
    const first = arrive()
    await new Promise(setImmediate)
    clock.advance(10_000)
    await addAnnotation(stores.database, 'i-1', { recordedAt: START + 10_000 })
    const second = arrive()
    await new Promise(setImmediate)
    clock.advance(10_000)
    await first
    assert.equal((await requested(stores.database)).length, 0)
    clock.advance(10_000)
    await second
    assert.equal((await requested(stores.database)).length, 1)
  })

  test('however often an annotation is delivered, and wherever it is interrupted, nothing is lost or doubled', async (t) => {
    const { database, arrive } = await world(t)
    let next = 0
    const step = fc.oneof(
      fc.record({ do: fc.constant('annotate' as const) }),
      fc.record({ do: fc.constant('deliver' as const), times: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ do: fc.constant('finish' as const) }),
    )
    const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      for (const each of steps) {
        if (each.do === 'annotate') await addAnnotation(database, `p-${next++}`)
        if (each.do === 'finish') await database.updateTable('training_runs').set({ state: 'completed' }).execute()
        // Several at once, as replicas do after a crash that nobody knows the extent of.
        if (each.do === 'deliver') await Promise.all(Array.from({ length: each.times }, arrive))
      }
      await database.updateTable('training_runs').set({ state: 'completed' }).execute()
      await arrive()
      const runs = await database.selectFrom('training_runs').selectAll().orderBy('requested_at').execute()
      const last = new Set(runs.flatMap(({ verdicts }) => verdicts))
      assert.ok(
        next - last.size < 3,
        `${next - last.size} annotations crossed the threshold, and nothing was requested`,
      )
      const events = await requested(database)
      assert.deepEqual(new Set(events.map(({ key }) => key)), new Set(runs.map(({ id }) => id)))
      assert.equal(events.length, runs.length)
    })
    await fc.assert(property, { numRuns: 8, endOnFailure: true })
  })

  test('by hand: on what there is, not twice, and never without anything', async (t) => {
    const { database, objects, clock } = await world(t)
    const desk = { database, objects, clock }
    await assert.rejects(requestTraining(desk, 'ada'), { code: 'CONFLICT', message: /nothing to learn from/ })
    await addAnnotation(database, 'i-0')
    assert.equal((await requestTraining(desk, 'ada')).requested_by, 'ada')
    await assert.rejects(requestTraining(desk, 'ada'), { code: 'CONFLICT', message: /runs already/ })
    await database.updateTable('training_runs').set({ state: 'completed' }).execute()
    await assert.rejects(requestTraining(desk, 'ada'), { code: 'CONFLICT', message: /trained already/ })
  })

  test('what failed or was cancelled can be asked for again: it is the same run, told once more', async (t) => {
    const { database, objects, clock } = await world(t)
    const desk = { database, objects, clock }
    await addAnnotation(database, 'i-0')
    const { id } = await requestTraining(desk, 'ada')
    const failed = { state: 'failed' as const, failure: 'The disk is full.', finished_at: new Date() }
    await database.updateTable('training_runs').set(failed).execute()
    const again = await requestTraining(desk, 'bob')
    assert.deepEqual([again.id, again.state, again.attempt, again.requested_by], [id, 'requested', 2, 'bob'])
    assert.deepEqual([again.failure, again.finished_at, again.curve], [null, null, []])
    assert.deepEqual(
      (await requested(database)).map((event) => event.id),
      [`${id}-requested`, `${id}-2-requested`],
    )
  })

  test('its event is one that the log takes', async (t) => {
    const { database, objects, clock } = await world(t)
    await addAnnotation(database, 'i-0')
    const run = await requestTraining({ database, objects, clock }, 'ada')
    const { key, headers, value } = await database.selectFrom('outbox').selectAll().executeTakeFirstOrThrow()
    const event = fromRecord({ key, headers, value } as never)
    assert.deepEqual([event.type, event.subject], ['sentinel.training.requested.v1', run.id])
  })
})
