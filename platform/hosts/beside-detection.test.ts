import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { detect } from '../../functions/detect/handler.ts'
import { shadow } from '../../functions/shadow/handler.ts'
import { defer } from '../../tests/support/defer.ts'
import { eventually, openLog, readTopic } from '../../tests/support/log.ts'
import { digestNamed, modelThatSees } from '../../tests/support/models.ts'
import { freshDatabase } from '../../tests/support/postgres.ts'
import { memory } from '../adapters/memory.ts'
import { systemClock } from '../adapters/system-clock.ts'
import { fromRecord, toRecord } from '../events/codec.ts'
import { completeEvent } from '../events/complete.ts'
import { FrameCaptured, type FrameDetection } from '../events/frame.ts'
import { jpegImage } from '../events/image.ts'
import type { Log } from '../ports/log.ts'
import type { Model, RunningModels } from '../ports/model.ts'
import { Deployer } from './deployer.ts'
import { hostFunction } from './host-function.ts'

const [RUNNING, CANDIDATE] = [digestNamed('old'), digestNamed('new')]
const CAMERAS = ['cam-0', 'cam-1', 'cam-2', 'cam-3']
const SILENT = { handled() {}, published() {}, deadLettered() {}, retrying() {} }

/** A model that looks at a picture for as long as the test says. */
function modelThatHangs(digest: string) {
  const released = Promise.withResolvers<void>()
  let looks = 0
  const model: Model = {
    ...modelThatSees([], 1, digest),
    detect: async () => {
      looks++
      await released.promise
      return { boxes: [], timings: { prepareMs: 1, inferMs: 1, decodeMs: 1 } }
    },
  }
  return { model, release: released.resolve, looks: () => looks }
}

let frames = 0

async function show(log: Log, camera: string): Promise<void> {
  const frameId = `f-${frames++}`
  const capturedat = `${Date.now() * 1000 + frames}`
  const attributes = { capturedat, captureclock: 'arrival', frameid: frameId, width: '64', height: '36' }
  const captured = FrameCaptured.of(camera, jpegImage(new Uint8Array(1), 64, 36), { id: frameId, attributes })
  const origin = { source: '/t', id: frameId, time: new Date().toISOString() }
  await log.produce('frames', [toRecord(completeEvent(captured, origin))])
}

async function startDetection(t: TestContext, log: Log, model: RunningModels) {
  // However slow this machine is just now, no frame is too old to be looked at.
  const config = { ...detect.declaration.config.parse({}), maxFrameAge: 600_000, maxOvertakenAge: 600_000 }
  const consumer = await hostFunction(detect, { log, model, memory: memory(), clock: systemClock }, config, SILENT)
  defer(t, () => consumer.stop())
  return async () => {
    const events = (await readTopic(log, 'events.detections')).map((record) => fromRecord(record))
    return events.map(({ subject, data }) => ({ camera: subject, digest: (data as FrameDetection).model.digest }))
  }
}

describe('what is tried beside the running model slows nothing', () => {
  test('a candidate that does not answer holds up no frame', async (t) => {
    const log = await openLog(t)
    const { database } = await freshDatabase(t)
    const at = new Date()
    const begun = { digest: CANDIDATE, running: RUNNING, cause: 'e', state: 'shadowing' as const }
    await database
      .insertInto('model_evaluations')
      .values({ ...begun, started_at: at, shadowing_at: at })
      .execute()
    const running = modelThatSees([], 1, RUNNING)
    const detected = await startDetection(t, log, { ...running, for: () => running })
    const candidate = modelThatHangs(CANDIDATE)
    const models = {
      with: <T>(_: string, work: (model: Model) => Promise<T>) => work(candidate.model),
      close: async () => {},
    }
    const ports = { log, database, models, memory: memory(), clock: systemClock }
    const consumer = await hostFunction(shadow, ports, shadow.declaration.config.parse({}), SILENT)
    defer(t, () => consumer.stop())
    defer(t, candidate.release)
    await show(log, 'cam-0')
    await eventually(() => candidate.looks() === 1)
    for (let n = 0; n < 10; n++) for (const camera of CAMERAS) await show(log, camera)
    await eventually(async () => (await detected()).length === 1 + 10 * CAMERAS.length)
    assert.equal(candidate.looks(), 1)
  })

  test('a canary that does not answer holds up its own share of the cameras and no other', async (t) => {
    const log = await openLog(t)
    const canary = modelThatHangs(CANDIDATE)
    const deployer = new Deployer(modelThatSees([], 1, RUNNING), async () => canary.model)
    const named = { model: { digest: RUNNING, name: 'old' }, canary: { digest: CANDIDATE, name: 'new', share: 0.5 } }
    await deployer.apply(named, CAMERAS)
    const others = CAMERAS.filter((camera) => !deployer.canaryCameras.includes(camera))
    const detected = await startDetection(t, log, deployer)
    defer(t, canary.release)
    for (let n = 0; n < 10; n++) for (const camera of CAMERAS) await show(log, camera)
    await eventually(async () => (await detected()).length === 10 * others.length)
    assert.ok((await detected()).every(({ camera, digest }) => digest === RUNNING && others.includes(camera)))
    assert.deepEqual([others.length, canary.looks()], [2, 2])
    canary.release()
    await eventually(async () => (await detected()).length === 10 * CAMERAS.length)
  })
})
