import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { systemClock } from '../../platform/adapters/system-clock.ts'
import { manifestOf } from '../../platform/datasets/manifest.ts'
import { storeDataset, storeImage } from '../../platform/datasets/store.ts'
import type { Box } from '../../platform/events/frame.ts'
import { type Lineage, type ModelEvaluation, ModelJudged, ModelRegistered } from '../../platform/events/model.ts'
import { storeModel } from '../../platform/models/store.ts'
import type { Models } from '../../platform/ports/models.ts'
import { given } from '../../platform/testing.ts'
import { recipeOf } from '../../platform/training/recipe.ts'
import { greyJpeg, labelled, openStores } from '../../tests/support/annotations.ts'
import { eventually } from '../../tests/support/log.ts'
import { addRollout, modelThatSees } from '../../tests/support/models.ts'
import { evaluate } from './handler.ts'

const PICTURES = 8
const METRICS = { pictures: 1, boxes: 1, rehearsed: 0, lossBefore: 2, lossAfter: 1, valLossBefore: null }
const sees = (...places: number[]): Box[] => places.map((x) => ({ ...labelled(x), score: 0.9 }))

interface Given {
  /** What each of the two sees in every picture. */
  readonly candidate: Box[]
  readonly running: Box[]
  readonly candidateMs?: number
  readonly pictures?: number
  readonly heldOut?: number
  readonly config?: Partial<Parameters<typeof evaluate.declaration.config.parse>[0] & object>
}

/** Two models, a dataset whose pictures for judging hold two cars each, and pictures of before. */
async function world(t: TestContext, options: Given) {
  const stores = await openStores(t)
  const { objects, database, pictures } = stores
  const store = (name: string, bytes: number) =>
    storeModel(objects, Buffer.alloc(bytes, name), {
      ...{ name, family: 'yolox', classes: ['car'], inputWidth: 64, inputHeight: 64, side: {}, bytes },
    })
  const [candidate, running] = [await store('new', 100), await store('old', 100)]
  await addRollout(database, running)
  const entries = []
  for (let n = 0; n < (options.pictures ?? PICTURES); n++) {
    const image = await storeImage(objects, await greyJpeg(pictures, 90, 20 + n * 20))
    const isNew = n < (options.heldOut ?? PICTURES)
    const known = { width: 64, height: 36, camera: 'cam-1', capturedAt: null, light: isNew ? ('night' as const) : null }
    const role = isNew ? ('annotated' as const) : ('base' as const)
    entries.push({ ...known, image, split: 'val' as const, role, boxes: [labelled(0.1), labelled(0.6)] })
  }
  const dataset = await storeDataset(objects, manifestOf(['car'], entries))
  const lineage: Lineage = {
    ...{ run: 'run-1', dataset, recipe: recipeOf(running, 3), seconds: 1, machine: 'm' },
    metrics: { ...METRICS, valLossAfter: null, steps: 9 },
  }
  const models: Models = {
    with: (digest, work) =>
      work(
        digest === candidate ? modelThatSees(options.candidate, options.candidateMs) : modelThatSees(options.running),
      ),
    close: async () => {},
  }
  const facts = { name: 'new', family: 'yolox', classes: ['car'], inputWidth: 64, inputHeight: 64, lineage }
  const config = { shadowSeconds: 0, gateBoxes: 4, evaluateShare: 1, ...options.config }
  const run = () =>
    given(evaluate, { ports: { database, objects, models, clock: systemClock }, config }).when(
      ModelRegistered.of(candidate, facts),
    ).events
  const judged = (frameId: string, better: 'candidate' | 'running' | 'neither' | null) =>
    given(evaluate, { ports: { database, objects, models, clock: systemClock }, config }).when(
      ModelJudged.of(candidate, { frameId, running, better, by: 'ada' }),
    ).events
  const row = () => database.selectFrom('model_evaluations').selectAll().executeTakeFirstOrThrow()
  return { ...stores, candidate, running, run, judged, row }
}

const gatesOf = ({ gates }: ModelEvaluation) => Object.fromEntries(gates.map(({ name, state }) => [name, state]))

async function verdictOf(events: Promise<readonly { data: unknown }[]>): Promise<ModelEvaluation> {
  const all = await events
  assert.equal(all.length, 1)
  return all[0]!.data as ModelEvaluation
}

describe('evaluate', () => {
  test('a candidate that finds more passes, with the figures of both by class and by light', async (t) => {
    const { running, run, row } = await world(t, { candidate: sees(0.1, 0.6), running: sees(0.1) })
    const facts = await verdictOf(run())
    assert.deepEqual(
      [facts.verdict, facts.running, facts.heldOut, facts.isTrained],
      ['passed', running, PICTURES, true],
    )
    const figures = facts.comparisons.map(({ kind, name, boxes, candidate }) => [kind, name, boxes, candidate])
    assert.deepEqual(figures, [
      ['all', 'all', 16, 1],
      ['class', 'car', 16, 1],
      ['light', 'night', 16, 1],
    ])
    assert.ok(facts.comparisons[0]!.running! > 0.4 && facts.comparisons[0]!.running! < 0.6)
    assert.match(facts.reason, /AP50 on 8 held-out pictures: 5\d\.\d % → 100\.0 %/)
    const { state, reason_told: told } = await row()
    assert.deepEqual([state, told![0]!.reason, told], ['passed', 'gate.precision', facts.told])
  })

  test('one that lost cars fails, and says by how much; nobody waits for live frames any more', async (t) => {
    const config = { shadowSeconds: 600 }
    const { run, row } = await world(t, { candidate: sees(0.1), running: sees(0.1, 0.6), config })
    const facts = await verdictOf(run())
    assert.equal(facts.verdict, 'failed')
    assert.deepEqual([gatesOf(facts).accuracy, gatesOf(facts)['class car']], ['failed', 'failed'])
    assert.match(facts.reason, /100\.0 % → 5\d\.\d %, a fall of more than 1\.0 %/)
    assert.equal((await row()).state, 'failed')
  })

  test('one that is right on the new pictures and collapsed on earlier ones fails by its agreement', async (t) => {
    const { run } = await world(t, { candidate: sees(0.4), running: sees(0.1, 0.6), heldOut: 0 })
    const facts = await verdictOf(run())
    assert.deepEqual(
      [gatesOf(facts).accuracy, gatesOf(facts).agreement, facts.verdict],
      ['unknown', 'failed', 'failed'],
    )
    assert.match(facts.reason, /agrees with the running model on 0\.0 % of the boxes in 8 earlier pictures/)
  })

  test('one that is too slow fails however good it is', async (t) => {
    const facts = await verdictOf(
      (await world(t, { candidate: sees(0.1, 0.6), running: sees(0.1, 0.6), candidateMs: 90 })).run(),
    )
    assert.deepEqual([gatesOf(facts).accuracy, gatesOf(facts).latency, facts.verdict], ['passed', 'failed', 'failed'])
  })

  test('live frames decide too: it waits for them, and those that it disagrees on speak against it', async (t) => {
    const both = sees(0.1, 0.6)
    const config = { shadowSeconds: 60, shadowFrames: 6 }
    const { database, candidate, running, run, row } = await world(t, { candidate: both, running: both, config })
    const facts = verdictOf(run())
    await eventually(async () => (await row().catch(() => undefined))?.state === 'shadowing')
    for (let n = 0; n < 6; n++)
      await database
        .insertInto('shadow_frames')
        .values({
          ...{ digest: candidate, frame_id: `f-${n}`, running, camera_id: 'cam-1', captured_at: new Date() },
          ...{ width: 64, height: 36, agreement: 0.1, infer_ms: 5, image: null },
          ...{ candidate_boxes: JSON.stringify(both), running_boxes: '[]' },
        })
        .execute()
    const { verdict, live, reason } = await facts
    assert.deepEqual([verdict, live], ['failed', 6])
    assert.match(reason, /10\.0 % of the boxes in 6 live frames/)
  })

  test('what people say of disagreements decides too, also after the end, and is told when the verdict changes', async (t) => {
    const both = sees(0.1, 0.6)
    const config = { gateJudged: 3, gatePreferred: 0.6 }
    const { database, candidate, running, run, judged, row } = await world(t, {
      ...{ candidate: both, running: both, config },
    })
    const known = { digest: candidate, name: 'new', family: 'yolox', classes: ['car'] }
    await database
      .insertInto('models')
      .values({ ...known, input_width: 64, input_height: 64 })
      .execute()
    const say = async (n: number, better: 'candidate' | 'running' | 'neither') => {
      const size = { width: 64, height: 36, infer_ms: 5, image: null }
      const boxes = { candidate_boxes: JSON.stringify(both), running_boxes: '[]', agreement: 0.1 }
      const frame = { digest: candidate, frame_id: `f-${n}`, running, camera_id: 'cam-1', captured_at: new Date() }
      await database
        .insertInto('shadow_frames')
        .values({ ...frame, ...size, ...boxes, better })
        .execute()
      assert.deepEqual(await judged(`f-${n}`, better), [])
    }
    const people = async () => (await row()).gates.find(({ name }) => name === 'people')
    const told = async () => {
      const rows = await database.selectFrom('outbox').selectAll().orderBy('sequence').execute()
      return rows.map(({ value }) => JSON.parse(String(value)).verdict)
    }
    assert.equal(gatesOf(await verdictOf(run())).people, 'unknown')
    for (const n of [0, 1]) await say(n, 'running')
    await say(2, 'neither')
    assert.deepEqual([(await people())!.state, (await row()).state, await told()], ['unknown', 'passed', []])
    await say(3, 'candidate')
    assert.deepEqual([(await row()).state, await told()], ['failed', ['failed']])
    assert.match((await row()).reason!, /^People found it right in 1 of 3 frames .*, less than 60\.0 %\.$/)
    for (const n of [4, 5]) await say(n, 'candidate')
    assert.deepEqual([(await row()).state, (await people())!.value], ['passed', 0.6])
    assert.deepEqual(await told(), ['failed', 'passed'])
    assert.deepEqual(gatesOf(await verdictOf(run())).people, 'passed')
  })

  test('without any picture nothing passes, and the reason says what to do', async (t) => {
    const { run } = await world(t, { candidate: sees(0.1), running: sees(0.1), pictures: 0 })
    const { verdict, gates, reason } = await verdictOf(run())
    assert.equal(verdict, 'failed')
    assert.ok(gates.every(({ name, state }) => state === (name === 'size' ? 'passed' : 'unknown')))
    assert.match(reason, /Judge more frames or switch a camera on/)
  })

  test('an event that comes again is answered alike, and the model that runs is no candidate', async (t) => {
    const { database, candidate, run, row } = await world(t, { candidate: sees(0.1, 0.6), running: sees(0.1) })
    const [first] = await run()
    await database.updateTable('model_evaluations').set({ done: -1 }).execute()
    const [again] = await run()
    assert.deepEqual([again!.id, again!.data], [first!.id, first!.data])
    assert.equal((await row()).done, -1)
    await database.deleteFrom('model_evaluations').execute()
    await addRollout(database, candidate)
    assert.deepEqual(await run(), [])
  })

  test('whoever cancels it ends it', async (t) => {
    const both = sees(0.1, 0.6)
    const { database, run, row } = await world(t, { candidate: both, running: both, config: { shadowSeconds: 60 } })
    const running = run()
    await eventually(async () => (await row().catch(() => undefined))?.state === 'shadowing')
    await database.updateTable('model_evaluations').set({ cancel_by: 'bob' }).execute()
    assert.deepEqual(await running, [])
    const { state, reason } = await row()
    assert.deepEqual([state, reason], ['cancelled', 'bob cancelled it'])
  })
})
