import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { CameraOnline, CameraWatch } from './events/camera.ts'
import { defineFunction, implement } from './function.ts'
import { clockContract } from './ports/clock.contract.ts'
import { given, TestClock } from './testing.ts'

const declaration = defineFunction({
  name: 'opener',
  on: [CameraWatch],
  emits: [CameraOnline],
  config: z.object({ width: z.number().default(640) }),
  needs: ['clock'],
  host: 'kafka',
  scale: { min: 0, max: 1, lag: 1 },
})
const opener = implement(declaration, (event, { config }) =>
  event.data.fps > 30
    ? []
    : CameraOnline.of(event.subject, { width: config.width, height: 360, fps: event.data.fps, codec: 'h264' }),
)
const lease = (fps: number) => CameraWatch.of('cam-1', { until: 1, fps, revision: 0 })

test('a handler is given events and its facts are compared', async () => {
  const online = CameraOnline.of('cam-1', { width: 320, height: 360, fps: 5, codec: 'h264' })
  const [event] = await given(opener, { config: { width: 320 } })
    .when(lease(5))
    .thenEmits(online)
  assert.equal(event!.source, '/sentinel/functions/opener')
  await given(opener).when(lease(50)).thenEmits()
})

test('the same event gives the same id', async () => {
  const online = CameraOnline.of('cam-1', { width: 640, height: 360, fps: 5, codec: 'h264' })
  const [first] = await given(opener).when(lease(5)).thenEmits(online)
  const [again] = await given(opener).when(lease(5)).thenEmits(online)
  assert.equal(first!.id, again!.id)
})

test('an output that does not fit its schema fails the test', async () => {
  await given(opener, { config: { width: -1 } })
    .when(lease(5))
    .thenFails('EVENT_INVALID')
})

test('sleepers of a test clock wake when their time has come or their signal aborts', async () => {
  const clock = new TestClock(0)
  const abort = new AbortController()
  const woken: string[] = []
  const sleepers = [
    clock.sleep(20).then(() => woken.push('late')),
    clock.sleep(10).then(() => woken.push('early')),
    clock.sleep(1e9, abort.signal).then(() => woken.push('aborted')),
  ]
  clock.advance(25)
  abort.abort()
  await Promise.all(sleepers)
  assert.deepEqual(woken, ['early', 'late', 'aborted'])
  assert.equal(clock.now(), 25)
})

clockContract('of a test', () => {
  const clock = new TestClock()
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { clock, pass }
})
