import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defer } from '../../tests/support/defer.ts'
import { eventually } from '../../tests/support/log.ts'
import { MediaMtxStand } from '../../tests/support/mediamtx.ts'
import { freshDatabase } from '../../tests/support/postgres.ts'
import { MediaMtx } from '../adapters/media-mediamtx.ts'
import { systemClock } from '../adapters/system-clock.ts'
import { addCamera, type CameraDesk, removeCamera, updateCamera } from '../cameras/commands.ts'
import { Sealing } from '../cameras/sealing.ts'
import { cameraSources } from '../cameras/sources.ts'
import { keepMediaPaths } from './media-paths.ts'

/** Hurries through the pauses between two looks. */
const hurried = { ...systemClock, sleep: (_: number, signal?: AbortSignal) => systemClock.sleep(20, signal) }

test('the media server has the cameras that are enabled, again after it was started anew; the grabber reads from it', async (t) => {
  const { database, pool } = await freshDatabase(t)
  const stand = await MediaMtxStand.start(t)
  const media = new MediaMtx(`mediamtx://127.0.0.1:${stand.port}/?ssl=false`)
  const sealing = new Sealing(new Uint8Array(32))
  const desk: CameraDesk = { database, clock: systemClock, sealing, rules: { files: false, baseDirectory: '/' } }
  const north = await addCamera(desk, { name: 'North', source: 'rtsp://admin:secret@10.0.0.7/1' })
  const still = await addCamera(desk, { name: 'Still', source: 'https://city.example/still.jpg' })
  stand.paths.set('camera-gone', { source: 'rtsp://10.0.0.9/1' })

  const end = new AbortController()
  const errors: Error[] = []
  const onError = (error: Error): number => errors.push(error)
  const keeping = keepMediaPaths({ pool, clock: hurried, sealing, media, signal: end.signal, onError })
  defer(t, async () => {
    end.abort()
    await keeping
  })
  const sources = (): unknown[] => [...stand.paths].map(([name, { source }]) => [name, source])
  const wanted = [[`camera-${north.id}`, 'rtsp://admin:secret@10.0.0.7/1']]
  await eventually(() => JSON.stringify(sources()) === JSON.stringify(wanted))

  stand.broken = 503
  await eventually(() => errors.some(({ message }) => message.includes('MediaMTX answers 503')))
  stand.paths.clear()
  stand.broken = undefined
  await eventually(() => JSON.stringify(sources()) === JSON.stringify(wanted))

  const read = cameraSources(database, sealing, media)
  assert.deepEqual(await read.sourceOf(north.id), { url: `rtsp://127.0.0.1:8554/camera-${north.id}`, loop: false })
  assert.deepEqual(await read.sourceOf(still.id), { url: 'https://city.example/still.jpg', loop: false })

  await updateCamera(desk, north.id, { enabled: false })
  await eventually(() => stand.paths.size === 0)
  await updateCamera(desk, north.id, { enabled: true, source: 'rtsp://10.0.0.7/2' })
  await eventually(() => sources().join().includes('rtsp://10.0.0.7/2'))
  await removeCamera(desk, north.id)
  await eventually(() => stand.paths.size === 0)
})
