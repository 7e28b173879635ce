import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { defer } from '../../tests/support/defer.ts'
import { eventually, openLog, readTopic } from '../../tests/support/log.ts'
import { freshDatabase } from '../../tests/support/postgres.ts'
import { systemClock } from '../adapters/system-clock.ts'
import { addCamera, type CameraDesk, removeCamera, updateCamera } from '../cameras/commands.ts'
import { Sealing } from '../cameras/sealing.ts'
import type { CameraLease } from '../events/camera.ts'
import { fromRecord } from '../events/codec.ts'
import type { Log } from '../ports/log.ts'
import { TestClock } from '../testing.ts'
import { relayOutbox } from './outbox-relay.ts'
import { Leases, scheduleCameras } from './scheduler.ts'

async function leasesIn(log: Log): Promise<(CameraLease & { id: string })[]> {
  const events = (await readTopic(log, 'cameras.watch')).map(fromRecord)
  return events.map(({ subject, data }) => ({ id: subject, ...(data as CameraLease) }))
}

async function openLeases(t: TestContext) {
  const log = await openLog(t)
  const clock = new TestClock()
  return { log, clock, leases: new Leases({ log, clock, fps: 5 }) }
}

const camera = (id: string, revision = 0, fps: number | null = null) => ({ id, revision, fps })

test('each camera has a lease at every moment, and one renewal at a time', async (t) => {
  const { log, clock, leases } = await openLeases(t)
  await leases.watch([camera('a'), camera('b', 0, 2)])
  for (let second = 0; second < 300; second++) {
    clock.advance(1000)
    await leases.renew()
    const issued = await leasesIn(log)
    for (const id of ['a', 'b']) assert.ok(issued.some((lease) => lease.id === id && lease.until > clock.now()))
  }
  const issued = await leasesIn(log)
  assert.deepEqual(
    issued
      .filter(({ id }) => id === 'a')
      .map(({ fps }) => fps)
      .filter((fps) => fps !== 5),
    [],
  )
  assert.ok(issued.filter(({ id, fps }) => id === 'b' && fps === 2).length <= 16)
})

test('a thousand cameras do not renew in the same second', async (t) => {
  const { log, clock, leases } = await openLeases(t)
  await leases.watch(Array.from({ length: 1000 }, (_, i) => camera(`camera-${i}`)))
  let most = 0
  for (let second = 0, before = 1000; second < 60; second++) {
    clock.advance(1000)
    await leases.renew()
    const now = (await leasesIn(log)).length
    most = Math.max(most, now - before)
    before = now
  }
  assert.ok(most < 200, `${most} renewals in one second`)
})

test('a changed camera gets a new lease at once, one that is gone is released at once', async (t) => {
  const { log, clock, leases } = await openLeases(t)
  await leases.watch([camera('a'), camera('b')])
  clock.advance(100)
  await leases.watch([camera('a', 1)])
  const issued = (await leasesIn(log)).filter(({ revision, until }) => revision === 1 || until <= clock.now())
  assert.deepEqual(issued.map(({ id, revision }) => [id, revision]).sort(), [
    ['a', 1],
    ['b', 0],
  ])
  await leases.watch([camera('a', 1)])
  assert.equal((await leasesIn(log)).length, 4)
})

test('what a person does to cameras shows in the leases', async (t) => {
  const { database, pool } = await freshDatabase(t)
  const log = await openLog(t)
  const stop = new AbortController()
  const shared = { pool, log, clock: systemClock, signal: stop.signal, onError: () => {} }
  const running = [scheduleCameras({ ...shared, fps: 5 }), relayOutbox(shared)]
  defer(t, async () => {
    stop.abort()
    await Promise.all(running)
  })
  const desk: CameraDesk = {
    database,
    clock: systemClock,
    sealing: new Sealing(new Uint8Array(32)),
    rules: { files: false, baseDirectory: '/' },
  }
  const { id } = await addCamera(desk, { name: 'A', source: 'rtsp://h/1', fps: 3 })
  await eventually(async () => (await leasesIn(log)).some(({ fps, until }) => fps === 3 && until > Date.now()))
  await updateCamera(desk, id, { fps: 4 })
  await eventually(async () => (await leasesIn(log)).some(({ fps, revision }) => fps === 4 && revision === 1))
  await removeCamera(desk, id)
  await eventually(async () => (await leasesIn(log)).some(({ until }) => until <= Date.now()))
})

test('outside its hours a camera has no lease, and within seconds of their beginning it has one', async (t) => {
  const { database, pool } = await freshDatabase(t)
  const log = await openLog(t)
  const clock = new TestClock('2026-06-01T06:59:00Z')
  const windows = [{ days: ['mon' as const], from: '07:00', to: '08:00' }]
  await database
    .insertInto('cameras')
    .values([
      { id: 'always', name: 'A', source: 's' },
      { id: 'by-hours', name: 'B', source: 's', schedule: { timeZone: 'UTC', windows } },
    ])
    .execute()
  const stop = new AbortController()
  const running = scheduleCameras({ pool, log, clock, signal: stop.signal, fps: 5, onError: () => {} })
  defer(t, async () => {
    stop.abort()
    await running
  })
  const until = async (id: string): Promise<number> =>
    Math.max(0, ...(await leasesIn(log)).filter((lease) => lease.id === id).map((lease) => lease.until))
  const passes = (seconds: number, isSo: () => Promise<boolean>) =>
    eventually(async () => {
      clock.advance(1000)
      return (await isSo()) || --seconds < 0
    })
  await eventually(async () => (await until('always')) > clock.now())
  assert.equal(await until('by-hours'), 0)
  await passes(90, async () => (await until('by-hours')) > clock.now())
  assert.ok(clock.now() >= Date.parse('2026-06-01T07:00:00Z') && (await until('by-hours')) > clock.now())
  clock.advance(3_600_000)
  const isReleased = async () => (await leasesIn(log)).findLast(({ id }) => id === 'by-hours')!.until <= clock.now()
  await passes(90, isReleased)
  assert.ok(await isReleased())
})
