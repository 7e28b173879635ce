import { join } from 'node:path'
import { systemClock } from '../../../platform/adapters/system-clock.ts'
import { importCameras } from '../../../platform/cameras/import.ts'
import { Sealing } from '../../../platform/cameras/sealing.ts'
import { AnnotationRemoved } from '../../../platform/events/annotation.ts'
import { CameraOnline, CameraWatch } from '../../../platform/events/camera.ts'
import { toRecord, type WireRecord } from '../../../platform/events/codec.ts'
import { completeEvent } from '../../../platform/events/complete.ts'
import type { Draft } from '../../../platform/events/event.ts'
import { FrameDetected } from '../../../platform/events/frame.ts'
import { ModelEvaluated, ModelJudged } from '../../../platform/events/model.ts'
import type { TopicName } from '../../../platform/events/topics.ts'
import { TrainingRequested } from '../../../platform/events/training.ts'
import { VerdictWithdrawn } from '../../../platform/events/triage.ts'
import { root } from '../../../platform/paths.ts'
import { capture, model, timings } from '../../support/detections.ts'
import { streets } from '../../support/street.ts'
import type { Servers } from './servers.ts'

export interface FirstEvent {
  readonly topic: TopicName
  readonly record: WireRecord
}

type Make = (servers: Servers, camera: string) => Promise<Draft> | Draft

const other = 'b'.repeat(64)

/** One event for each function, which it handles to the end: with the picture, the rows and the answer that it is about. */
const MAKERS: Readonly<Record<string, Make>> = {
  'frame-grabber': (_, camera) => CameraWatch.of(camera, { until: Date.now() + 3_600_000, fps: 5, revision: 1 }),
  'event-store': (_, camera) => CameraOnline.of(camera, { width: 640, height: 360, fps: 25, codec: 'h264' }),
  'frame-keeper': detected(0.9),
  // Doubtful: it asks for a review.
  'triage-router': detected(0.4),
  shadow: detected(0.9),
  'annotation-store': () => VerdictWithdrawn.of('item-1', { verdictId: 'verdict-1', by: 'ada' }),
  'train-trigger': () => AnnotationRemoved.of('item-1', { verdictId: 'verdict-1', reason: 'withdrawn', by: 'ada' }),
  trainer: cancelledTraining,
  evaluate: () => ModelJudged.of(model.digest, { frameId: 'f-1', running: other, better: 'neither', by: 'ada' }),
  'model-promoter': () =>
    ModelEvaluated.of(model.digest, {
      ...{ name: 'm', running: other, verdict: 'failed', reason: 'It is worse.', gates: [], comparisons: [] },
      ...{ heldOut: 0, reference: 0, live: 0, isTrained: true },
    }),
}

/** @returns what to put on the log for each function by its name; detect's is a picture. */
export async function firstEvents(servers: Servers): Promise<Readonly<Record<string, FirstEvent>>> {
  const camera = await filmedCamera(servers)
  const [jpeg] = await streets([200])
  const frame = await frameOf(servers, camera, jpeg!)
  const events: Record<string, FirstEvent> = { detect: frame }
  for (const [name, make] of Object.entries(MAKERS)) {
    const draft = await make(servers, camera)
    const time = new Date().toISOString()
    const record = toRecord(completeEvent(draft, { source: '/coldstart', id: `first-${name}`, time }))
    events[name] = { topic: draft.definition.topic, record }
  }
  return events
}

/** A camera of the city, whose clip lies in this repository. */
async function filmedCamera({ database, secretKey }: Servers): Promise<string> {
  const rules = { files: true, baseDirectory: join(root, 'city') }
  const desk = { database, clock: systemClock, sealing: new Sealing(secretKey), rules }
  const catalogue = [{ name: 'Cold start', source: 'clips/east-crossing.mp4#loop' }]
  await importCameras(desk, JSON.stringify(catalogue), { enabled: true })
  return (await database.selectFrom('cameras').select('id').executeTakeFirstOrThrow()).id
}

async function frameOf({ log }: Servers, camera: string, jpeg: Uint8Array): Promise<FirstEvent> {
  const { frame } = await capture(log, camera, Date.now() * 1000, jpeg)
  const [record] = await log.read('frames', frame.partition, frame.offset, 1)
  if (!record) throw new Error('The log has not kept the picture')
  return { topic: 'frames', record }
}

function detected(score: number): Make {
  return async ({ log }, camera) => {
    const [jpeg] = await streets([300])
    const frame = await capture(log, camera, Date.now() * 1000, jpeg)
    const boxes = [
      { class: 'car', score, trackId: `t-${score}`, box: [0.1, 0.2, 0.3, 0.4] as [number, number, number, number] },
    ]
    return FrameDetected.of(camera, { ...frame, model, boxes, timings })
  }
}

/** Its answer is one fact: that it was cancelled. A whole training is no cold start. */
async function cancelledTraining({ database }: Servers): Promise<Draft> {
  const recipe = {
    method: 'last' as const,
    parent: other,
    seed: 1,
    steps: 1,
    learningRate: 1e-3,
    pull: 0,
    rehearsal: 0,
  }
  const [id, dataset] = ['run-1', 'c'.repeat(64)]
  await database
    .insertInto('training_runs')
    .values({
      ...{ id, dataset, parent: other, recipe: JSON.stringify(recipe), verdicts: [], reason: 'a cold start' },
      ...{ requested_by: 'ada', requested_at: new Date(), state: 'cancelled' as const },
    })
    .execute()
  return TrainingRequested.of(id, { dataset, recipe, reason: 'a cold start', by: 'ada' })
}
