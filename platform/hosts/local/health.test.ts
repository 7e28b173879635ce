import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { addCameras } from '../../../tests/support/api.ts'
import { defer } from '../../../tests/support/defer.ts'
import { eventually, openLog } from '../../../tests/support/log.ts'
import { freshDatabase } from '../../../tests/support/postgres.ts'
import { openDatabase } from '../../adapters/database-postgres.ts'
import { FileObjects } from '../../adapters/objects-files.ts'
import { systemClock } from '../../adapters/system-clock.ts'
import { NodeAvVideo } from '../../adapters/video-nodeav/video.ts'
import { Consumer } from '../consumer.ts'
import { healthOf, missingOf, type Watched } from './health.ts'

const deployment = () => undefined

async function openPorts(t: TestContext) {
  const { url } = await freshDatabase(t)
  const { database, close } = openDatabase(url)
  defer(t, close)
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-health-'))
  defer(t, () => rm(folder, { recursive: true }))
  const video = new NodeAvVideo()
  defer(t, () => video.close())
  return { database, log: await openLog(t), objects: new FileObjects(folder), video }
}

const statesOf = async (watched: Watched) =>
  Object.fromEntries((await healthOf(watched)).map(({ name, state }) => [name, state]))

test('every part is told; what is missing is told once, with what gives it', async (t) => {
  const ports = await openPorts(t)
  const functions = new Map([
    ['detect', undefined],
    ['event-store', undefined],
  ])
  const watched = { ports, model: undefined, deployment, functions }
  assert.deepEqual(await statesOf(watched), {
    database: 'ready',
    log: 'ready',
    objects: 'ready',
    video: 'ready',
    model: 'missing',
    deployment: 'ready',
    cameras: 'missing',
    detect: 'missing',
    'event-store': 'starting',
  })
  const missing = missingOf(await healthOf(watched))
  assert.deepEqual(
    missing.map(({ name }) => name),
    ['model', 'cameras'],
  )
  assert.match(missing[0]!.message, /--model FILE/)
  await addCameras(ports.database, 1)
  assert.equal((await statesOf(watched)).cameras, 'ready')
})

test('a part that fails says why, and the others are told all the same', async (t) => {
  const ports = await openPorts(t)
  assert.equal((await statesOf({ ports, model: undefined, deployment, functions: new Map() })).database, 'ready')
  await ports.log.close()
  await ports.video.close()
  await ports.database.destroy()
  const parts = await healthOf({ ports, model: undefined, deployment, functions: new Map() })
  const failing = parts.filter(({ state }) => state === 'failing')
  assert.deepEqual(
    failing.map(({ name }) => name),
    ['database', 'log', 'video', 'cameras'],
  )
  assert.ok(failing.every(({ message }) => message.length > 5))
  assert.equal(parts.find(({ name }) => name === 'objects')!.state, 'ready')
})

test('a part that never answers is failing, and does not hold up the answer', async (t) => {
  const ports = await openPorts(t)
  const objects = Object.assign(Object.create(ports.objects), { check: () => new Promise<void>(() => {}) })
  const asked = performance.now()
  const parts = await healthOf({ ports: { ...ports, objects }, model: undefined, deployment, functions: new Map() })
  assert.ok(performance.now() - asked < 5000)
  assert.match(parts.find(({ name }) => name === 'objects')!.message, /^The object store does not answer; .* \(3 s\)$/)
})

test('a function that tries again and again is failing with the reason', async (t) => {
  const ports = await openPorts(t)
  const consumer = await Consumer.start({
    log: ports.log,
    clock: systemClock,
    group: 'event-store',
    topics: ['events.cameras'],
    parallel: 1,
    batch: 1,
    chance: () => 0.01,
    work: async () => {
      throw new Error('no room')
    },
  })
  defer(t, () => consumer.stop())
  const watched = { ports, model: undefined, deployment, functions: new Map([['event-store', consumer]]) }
  assert.equal((await statesOf(watched))['event-store'], 'ready')
  await ports.log.produce('events.cameras', [{ key: 'a', value: null, headers: {} }])
  await eventually(() => consumer.trouble !== undefined)
  const { state, message } = (await healthOf(watched)).at(-1)!
  assert.deepEqual([state, message], ['failing', 'event-store tries again and again: no room'])
})
