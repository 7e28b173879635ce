import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { FileObjects } from '../../platform/adapters/objects-files.ts'
import { systemClock } from '../../platform/adapters/system-clock.ts'
import { ThreadTrainer } from '../../platform/adapters/trainer-thread/trainer.ts'
import { imageKey } from '../../platform/datasets/keys.ts'
import { manifestOf } from '../../platform/datasets/manifest.ts'
import { storeDataset, storeImage } from '../../platform/datasets/store.ts'
import { SentinelError } from '../../platform/errors.ts'
import { TrainingProgressed, type TrainingRequest, TrainingRequested } from '../../platform/events/training.ts'
import { storedBytes, storedCard, storeModel } from '../../platform/models/store.ts'
import type { Clock } from '../../platform/ports/clock.ts'
import type { ObjectStore } from '../../platform/ports/objects.ts'
import type { Trainer } from '../../platform/ports/trainer.ts'
import { given, TestClock } from '../../platform/testing.ts'
import { recipeOf, runIdOf } from '../../platform/training/recipe.ts'
import { greyJpeg, labelled, openStores } from '../../tests/support/annotations.ts'
import { eventually } from '../../tests/support/log.ts'
import { smallDisk } from '../../tests/support/small-disk.ts'
import { tinyYolov8 } from '../../tests/support/tiny-yolov8.ts'
import { tinyYolox } from '../../tests/support/tiny-yolox.ts'
import { trainer } from './handler.ts'

const CLASSES = ['car', 'bus']

interface World {
  readonly light?: 'day' | 'night'
  readonly objects?: ObjectStore
  readonly clock?: Clock
  /** One that ends as YOLOv8. */
  readonly model?: Uint8Array
}

/** A model, a dataset of three pictures, and a run that was requested. */
async function world(t: TestContext, more: World = {}) {
  const { light = null, clock = systemClock, model = tinyYolox(CLASSES) } = more
  const stores = { ...(await openStores(t)), ...(more.objects && { objects: more.objects }) }
  const { objects, database, pictures } = stores
  const card = {
    name: 'tiny',
    family: more.model ? 'yolov8' : 'yolox',
    classes: CLASSES,
    inputWidth: 64,
    inputHeight: 64,
    side: { origin: 'shipped' as const },
  }
  const parent = await storeModel(objects, model, { ...card, bytes: model.length })
  const entries = []
  for (const mark of [30, 120, 220]) {
    const image = await storeImage(objects, await greyJpeg(pictures, 90, mark))
    const known = { width: 64, height: 36, camera: 'cam-1', capturedAt: null, light }
    const side = mark === 220 ? ('val' as const) : ('train' as const)
    entries.push({
      ...known,
      image,
      split: side,
      role: 'annotated' as const,
      boxes: [labelled(0.3), labelled(0.6, 'bus')],
    })
  }
  const dataset = await storeDataset(objects, manifestOf(CLASSES, entries))
  const recipe = { ...recipeOf(parent, 3, { method: 'head' }), steps: 40 }
  const id = runIdOf(dataset, recipe)
  const request: TrainingRequest = { dataset, recipe, reason: 'a test', by: 'ada' }
  await database
    .insertInto('training_runs')
    .values({
      ...{ id, dataset, parent, recipe: JSON.stringify(recipe), verdicts: [], reason: 'a test' },
      ...{ requested_by: 'ada', requested_at: new Date() },
    })
    .execute()
  const run = (adapter: Trainer = new ThreadTrainer()) =>
    given(trainer, { ports: { database, objects, trainer: adapter, clock } }).when(TrainingRequested.of(id, request))
      .events
  const row = () => database.selectFrom('training_runs').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  return { ...stores, id, parent, dataset, entries, run, row }
}

const kinds = (events: readonly { type: string }[]) => [...new Set(events.map(({ type }) => type.split('.')[2]))]

describe('trainer', () => {
  test('teaches, tells how far it is, and registers the model with what it was made of', async (t) => {
    const { database, objects, id, parent, dataset, run, row } = await world(t)
    const events = await run()
    assert.deepEqual(kinds(events), ['started', 'progressed', 'completed'])
    const { state, model, metrics, curve } = await row()
    assert.deepEqual([state, metrics!.pictures, metrics!.boxes], ['completed', 2, 4])
    assert.ok(metrics!.valLossAfter! < metrics!.valLossBefore!)
    assert.ok(curve.length > 1)
    const lineage = await database.selectFrom('model_lineage').selectAll().executeTakeFirstOrThrow()
    assert.deepEqual([lineage.digest, lineage.parent, lineage.dataset, lineage.run], [model, parent, dataset, id])
    assert.notEqual(model, parent)
    assert.equal((await storedBytes(objects, model!)).length, (await storedBytes(objects, parent)).length)
    const { name, side } = await storedCard(objects, model!)
    assert.deepEqual([name, side.origin], [`tiny+${dataset.slice(0, 8)}`, undefined])
    const told = await database.selectFrom('outbox').selectAll().execute()
    assert.deepEqual(
      told.map(({ key }) => key),
      [model],
    )
  })

  test('teaches models that end as YOLOv8 too, and says of others that it cannot and which it could', async (t) => {
    const { run, row, parent } = await world(t, { model: tinyYolov8(CLASSES) })
    assert.deepEqual(kinds(await run()), ['started', 'progressed', 'completed'])
    const { metrics, model } = await row()
    assert.ok(metrics!.boxes === 4 && model !== parent)
    const unknown = Buffer.from(tinyYolox(CLASSES)).toString('latin1').replaceAll('Sigmoid', 'Softmax')
    const other = await world(t, { model: Buffer.from(unknown, 'latin1') })
    const [, failure] = await other.run()
    assert.equal((failure!.data as { code: string }).code, 'MODEL_INVALID')
    const { failure: why, failure_told: told } = await other.row()
    assert.match(why!, /cannot be taught here: .* Models that end as YOLOX does can/)
    assert.equal(told![0]!.reason, 'training.unlike')
  })

  test('what was taught by night lifts dark pictures from then on', async (t) => {
    for (const [light, tone] of [
      ['night', 'adaptive'],
      ['day', undefined],
    ] as const) {
      const { objects, run, row } = await world(t, { light })
      await run()
      assert.equal((await storedCard(objects, (await row()).model!)).side.tone, tone)
    }
  })

  test('done again after a crash it makes the same model and says the same', async (t) => {
    const { database, run, row } = await world(t)
    const first = await run()
    const before = await row()
    const again = await run()
    assert.deepEqual(
      again.map(({ id }) => id),
      [first.at(-1)!.id],
    )
    await database.updateTable('training_runs').set({ state: 'running', model: null }).execute()
    const third = await run()
    assert.deepEqual(
      third.map(({ id }) => id),
      first.map(({ id }) => id),
    )
    assert.equal((await row()).model, before.model)
    assert.equal((await database.selectFrom('outbox').selectAll().execute()).length, 1)
  })

  test('whoever cancels it ends it, before it starts and in the middle', async (t) => {
    const { database, run, row } = await world(t)
    const cancel = () => database.updateTable('training_runs').set({ cancel_by: 'bob' }).execute()
    const thread = new ThreadTrainer()
    const slow: Trainer = {
      machine: 'm',
      train: async (job, options) => {
        await cancel()
        return thread.train({ ...job, recipe: { ...job.recipe, steps: 1_000_000, learningRate: 1e-9 } }, options)
      },
    }
    const events = await run(slow)
    assert.deepEqual(kinds(events), ['started', 'progressed', 'failed'])
    assert.deepEqual([(await row()).state, (await row()).failure], ['cancelled', 'bob cancelled it'])
    await database.updateTable('training_runs').set({ state: 'requested' }).execute()
    assert.deepEqual(kinds(await run()), ['failed'])
  })

  test('a damaged picture fails the run with what to do, and nothing is registered', async (t) => {
    const { database, objects, entries, run, row } = await world(t)
    await objects.put('sentinel-datasets', imageKey(entries[0]!.image), Buffer.from('other'))
    assert.deepEqual(kinds(await run()), ['failed'])
    const { failure, failure_told: told } = await row()
    assert.match(failure!, /is damaged/)
    const blanks = [{ name: 'digest', value: entries[0]!.image }]
    assert.deepEqual(told, [{ reason: 'dataset.pictureDamaged', blanks }])
    assert.deepEqual(await database.selectFrom('model_lineage').selectAll().execute(), [])
  })

  test('an outage is no failure of the run: it is tried again', async (t) => {
    const { run, row } = await world(t)
    const train = () => Promise.reject(new SentinelError('OBJECTS_UNAVAILABLE', 'gone'))
    await assert.rejects(run({ machine: 'm', train }), { code: 'OBJECTS_UNAVAILABLE' })
    assert.equal((await row()).state, 'running')
  })

  test('a full disk loses nothing that was taught: the run says what it waits for, and ends when there is room', async (t) => {
    const directory = await smallDisk(t, 1 << 20)
    if (!directory) return
    const clock = new TestClock()
    const { run, row } = await world(t, { objects: new FileObjects(directory), clock })
    const filler = join(directory, 'filler')
    const thread = new ThreadTrainer()
    let taught = 0
    const filling: Trainer = {
      machine: 'm',
      train: async (job, options) => {
        taught++
        const trained = await thread.train(job, options)
        await writeFile(filler, Buffer.alloc(2 << 20)).catch(() => {})
        return trained
      },
    }
    const events = run(filling)
    await eventually(async () => (await row()).failure !== null)
    const waiting = await row()
    assert.deepEqual([waiting.state, waiting.model], ['running', null])
    assert.equal(waiting.failure_told![0]!.reason, 'training.waitsToBeStored')
    assert.match(waiting.failure!, /^It is taught and waits to be stored\. .* the disk is full\. Free space on it/)
    await rm(filler)
    clock.advance(5000)
    assert.deepEqual(kinds(await events), ['started', 'progressed', 'completed'])
    assert.deepEqual([(await row()).state, (await row()).failure, taught], ['completed', null, 1])
  })

  test('one that failed can be asked for again: the same run, whose facts are told anew', async (t) => {
    const { database, objects, entries, run, row } = await world(t)
    const damaged = imageKey(entries[0]!.image)
    const picture = (await objects.get('sentinel-datasets', damaged))!
    await objects.put('sentinel-datasets', damaged, Buffer.from('other'))
    const [failure] = await run()
    await objects.put('sentinel-datasets', damaged, picture)
    await database.updateTable('training_runs').set({ state: 'requested', attempt: 2 }).execute()
    const events = await run()
    const { id, state, failure: none } = await row()
    assert.deepEqual([state, none], ['completed', null])
    assert.deepEqual([failure!.id, events.at(-1)!.id], [`${id}-failed`, `${id}-2-completed`])
  })

  test('one for elsewhere that nobody takes along is refused with what to do, unless Jobs do it', async (t) => {
    for (const [isTakenAlong, trainFull, state] of [
      [false, 'none', 'failed'],
      [false, 'jobs', 'requested'],
      [true, 'none', 'requested'],
    ] as const) {
      const { database, id, dataset, parent, objects, row } = await world(t)
      const recipe = recipeOf(parent, 3, { method: 'full' })
      await database
        .updateTable('training_runs')
        .set({ recipe: JSON.stringify(recipe), taken_along: isTakenAlong })
        .execute()
      const ports = { database, objects, trainer: new ThreadTrainer(), clock: systemClock }
      const request = { dataset, recipe, reason: 'a test', by: 'ada' }
      const tell = () => given(trainer, { ports, config: { trainFull } }).when(TrainingRequested.of(id, request)).events
      const facts = await tell()
      assert.deepEqual([kinds(facts), (await row()).state], [state === 'failed' ? ['failed'] : [], state])
      const ids = (events: readonly { id: string }[]) => events.map((event) => event.id)
      assert.deepEqual(ids(await tell()), ids(facts), 'the same when it comes again')
      if (state === 'failed')
        assert.match((await row()).failure!, /sentinel -- train full FOLDER\..*SENTINEL_TRAIN_FULL=jobs/)
    }
  })

  test('progress is an event that a schema checks', () => {
    const progress = { stage: 'fit', done: 1, total: 2, loss: 1, valLoss: null }
    assert.ok(TrainingProgressed.schema.safeParse(progress).success)
    assert.ok(!TrainingProgressed.schema.safeParse({ ...progress, stage: 'nap' }).success)
  })
})
