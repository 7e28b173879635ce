import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, type TestContext, test } from 'node:test'
import { freshDatabase } from '../../tests/support/postgres.ts'
import { sharedFile } from '../../tests/support/shared.ts'
import { systemClock } from '../adapters/system-clock.ts'
import { addCamera, type CameraDesk, type CameraRow, removeCamera, updateCamera } from './commands.ts'
import { importCameras } from './import.ts'
import { Sealing } from './sealing.ts'
import { cameraSources } from './sources.ts'

async function openDesk(t: TestContext): Promise<CameraDesk> {
  const { database } = await freshDatabase(t)
  const sealing = new Sealing(new Uint8Array(32).fill(7))
  return { database, sealing, clock: systemClock, rules: { files: true, baseDirectory: '/srv' } }
}

const allCameras = ({ database }: CameraDesk) => database.selectFrom('cameras').selectAll().orderBy('name').execute()
const outbox = ({ database }: CameraDesk) => database.selectFrom('outbox').selectAll().orderBy('sequence').execute()

describe('the camera desk', () => {
  test('stores credentials sealed, and nowhere readable', async (t) => {
    const desk = await openDesk(t)
    const row = await addCamera(desk, { name: 'Main St / 3rd', source: 'rtsp://admin:hunter2@10.0.0.9/ch1' })
    assert.equal(row.id, 'main-st-3rd')
    assert.equal(row.source, 'rtsp://10.0.0.9/ch1')
    const { url } = (await cameraSources(desk.database, desk.sealing).sourceOf(row.id))!
    assert.equal(url, 'rtsp://admin:hunter2@10.0.0.9/ch1')
    const everything =
      JSON.stringify([await allCameras(desk), await outbox(desk)]) + row.sealed_source!.toString('latin1')
    assert.ok(!everything.includes('hunter2'))
  })

  test('writes each change with its event, in order, and ids are never taken twice', async (t) => {
    const desk = await openDesk(t)
    const first = await addCamera(desk, { name: 'A', source: 'rtsp://h/1' })
    const second = await addCamera(desk, { name: 'A', source: 'rtsp://h/2' })
    await updateCamera(desk, first.id, { enabled: false })
    await removeCamera(desk, first.id)
    assert.notEqual(first.id, second.id)
    const events = (await outbox(desk)).map(({ key, value }) => [key, JSON.parse(value!.toString())])
    assert.deepEqual(
      events.map(([key, { change, enabled, revision }]) => [key, change, enabled, revision]),
      [
        [first.id, 'added', true, 0],
        [second.id, 'added', true, 0],
        [first.id, 'updated', false, 1],
        [first.id, 'removed', false, 2],
      ],
    )
  })

  test('gives cameras of one name ids of their own, also when they come at once', async (t) => {
    const desk = await openDesk(t)
    const sources = Array.from({ length: 8 }, (_, i) => `rtsp://h/${i}`)
    const rows = await Promise.all(sources.map((source) => addCamera(desk, { name: 'Bridge', source })))
    assert.equal(new Set(rows.map(({ id }) => id)).size, 8)
    assert.ok(rows.some(({ id }) => id === 'bridge'))
  })

  test('never gives a new camera the past of one that was removed', async (t) => {
    const desk = await openDesk(t)
    const { id } = await addCamera(desk, { name: 'Bridge', source: 'rtsp://h/1' })
    await removeCamera(desk, id)
    const next = await addCamera(desk, { name: 'Bridge', source: 'rtsp://h/2' })
    assert.match(next.id, /^bridge-[0-9a-f]{12}$/)
    await desk.database.deleteFrom('outbox').execute()
    const removed = {
      time: new Date(),
      id: 'e',
      type: 'sentinel.camera.changed.v1',
      subject: id,
      camera_id: id,
      data: '{}',
    }
    await desk.database.insertInto('events').values(removed).execute()
    assert.notEqual((await addCamera(desk, { name: 'Bridge', source: 'rtsp://h/3' })).id, id)
  })

  test('refuses a name that the database cannot hold', async (t) => {
    const desk = await openDesk(t)
    for (const name of ['A\0B', 'half a \ud83d pair', 'bell\u0007']) {
      await assert.rejects(addCamera(desk, { name, source: 'rtsp://h/1' }), { code: 'INPUT_INVALID' })
    }
  })

  test('says what is wrong with a camera, and what is not there', async (t) => {
    const desk = await openDesk(t)
    await assert.rejects(addCamera(desk, { name: ' ', source: 'rtsp://h/1', latitude: 91 }), {
      code: 'INPUT_INVALID',
      message: /a camera needs a name.*latitude lies between/,
    })
    await assert.rejects(addCamera(desk, { name: 'A', source: 'ftp://h' }), { code: 'SOURCE_REFUSED' })
    await assert.rejects(updateCamera(desk, 'nobody', { name: 'B' }), { code: 'NOT_FOUND' })
    await assert.rejects(removeCamera(desk, 'nobody'), { code: 'NOT_FOUND' })
    assert.deepEqual(await outbox(desk), [])
  })

  test('a source sealed with another key says which setting to correct', async (t) => {
    const desk = await openDesk(t)
    const { id } = await addCamera(desk, { name: 'A', source: 'rtsp://u:p@h/1' })
    const sources = cameraSources(desk.database, new Sealing(new Uint8Array(32)))
    await assert.rejects(sources.sourceOf(id), /SENTINEL_SECRET_KEY/)
  })
})

describe('an import', () => {
  const plain = JSON.stringify([
    { name: 'Bridge', source: 'clips/a.mp4#loop', latitude: 52.5, longitude: 13.4, heading: 'NE' },
    { name: 'No source' },
    { name: 'Bad place', url: 'rtsp://h/2', latitude: 'north' },
    { name: 'Bad scheme', url: 'gopher://h/2' },
    { name: 'Bridge', source: 'rtsp://h/9' },
    'nonsense',
    { name: 'Tunnel', url: 'clips/b.mp4', loop: true, enabled: false },
  ])

  test('keeps good rows and tells each bad one with its number and reason', async (t) => {
    const desk = await openDesk(t)
    const { added, rejected } = await importCameras(desk, plain)
    assert.equal(added, 2)
    assert.deepEqual(
      rejected.map(({ row }) => row),
      [2, 3, 4, 5, 6],
    )
    assert.match(rejected[1]!.reason, /latitude/)
    assert.match(rejected[3]!.reason, /same camera as row 1/)
    const [bridge, tunnel] = await allCameras(desk)
    assert.deepEqual([bridge!.heading, bridge!.loop, bridge!.enabled], [45, true, true])
    assert.deepEqual([tunnel!.source, tunnel!.enabled], ['file:///srv/clips/b.mp4#loop', false])
  })

  test('done again changes nothing, and leaves alone what a person switched off', async (t) => {
    const desk = await openDesk(t)
    await importCameras(desk, plain)
    const [bridge] = await allCameras(desk)
    await updateCamera(desk, bridge!.id, { enabled: false })
    const again = await importCameras(desk, plain.replace('52.5', '52.6'))
    assert.deepEqual([again.added, again.updated, again.unchanged], [0, 1, 1])
    const [after] = await allCameras(desk)
    assert.deepEqual([after!.id, after!.latitude, after!.enabled], [bridge!.id, 52.6, false])
  })

  test('done again leaves credentials alone that stayed the same, and takes those that did not', async (t) => {
    const desk = await openDesk(t)
    const catalogue = (password: string) => `name,url\nA,rtsp://u:${password}@h/1\nB,rtsp://h/2\n`
    await importCameras(desk, catalogue('one'))
    const before = await allCameras(desk)
    assert.equal((await importCameras(desk, catalogue('one'))).unchanged, 2)
    assert.deepEqual(await allCameras(desk), before)
    const { updated, unchanged } = await importCameras(desk, catalogue('two'))
    assert.deepEqual([updated, unchanged], [1, 1])
    const { url } = (await cameraSources(desk.database, desk.sealing).sourceOf(before[0]!.id))!
    assert.equal(url, 'rtsp://u:two@h/1')
  })

  test('done again under another key seals anew', async (t) => {
    const desk = await openDesk(t)
    const csv = 'name,url\nA,rtsp://u:p@h/1\n'
    await importCameras(desk, csv)
    const sealing = new Sealing(new Uint8Array(32))
    assert.equal((await importCameras({ ...desk, sealing }, csv)).updated, 1)
    const [{ id }] = (await allCameras(desk)) as [CameraRow]
    assert.equal((await cameraSources(desk.database, sealing).sourceOf(id))!.url, 'rtsp://u:p@h/1')
  })

  test('tells the rows that the database cannot hold, and keeps the others', async (t) => {
    const desk = await openDesk(t)
    const rows = [
      { name: 'A\0', url: 'rtsp://h/1' },
      { name: 'half \ud83d', url: 'rtsp://h/2' },
      { id: '\0', name: 'C', url: 'rtsp://h/3' },
      { name: 'D', url: 'rtsp://h/\0\ud83d' },
      { name: 'E', url: 'rtsp://h/5', latitude: '1e999' },
      { name: 'F', url: 'rtsp://h/6', fps: 'fast' },
      { name: 'G', url: 'rtsp://h/7' },
    ]
    const { added, rejected } = await importCameras(desk, JSON.stringify(rows))
    assert.equal(added, 7 - rejected.length)
    assert.deepEqual(
      rejected.map(({ row }) => row),
      [1, 2, 3, 5, 6],
    )
  })

  test('reads a comma inside a cell of another CSV as what it is', async (t) => {
    const desk = await openDesk(t)
    await importCameras(desk, 'name,url,heading\nOak St; north,http://h/a;v=1.jpg,N\n')
    await importCameras(desk, 'name\turl\nElm, 2nd; x\thttp://h/b,c.jpg\n')
    const cameras = await allCameras(desk)
    assert.deepEqual(
      cameras.map(({ name, source, heading }) => [name, source, heading]),
      [
        ['Elm, 2nd; x', 'http://h/b,c.jpg', null],
        ['Oak St; north', 'http://h/a;v=1.jpg', 0],
      ],
    )
  })

  test('reads CSV with any order of columns', async (t) => {
    const desk = await openDesk(t)
    const csv = 'Longitude;Name;Latitude;URL\n13.4;"Alex; Nord";52.5;http://h/a.jpg\n13.5;;52.5;http://h/b.jpg\n'
    const { added, rejected } = await importCameras(desk, csv)
    assert.deepEqual([added, rejected.map(({ row }) => row)], [1, [2]])
    assert.equal((await allCameras(desk))[0]!.name, 'Alex; Nord')
  })

  for (const [name, text] of [
    ['an empty file', ' '],
    ['half a JSON file', '[{"name": "a"'],
    ['JSON of something else', '{"a": 1}'],
    ['CSV without a source column', 'name,place\na,b'],
    ['a picture', '\u0089PNG\r\n\u001a\n\0\0\0\rIHDR'],
  ] as const) {
    test(`${name} is refused as a whole`, async (t) => {
      await assert.rejects(importCameras(await openDesk(t), text), { code: 'CATALOGUE_INVALID' })
    })
  }

  test('of 30,000 cameras is a matter of seconds', async (t) => {
    const desk = await openDesk(t)
    const rows = Array.from({ length: 30_000 }, (_, i) => ({
      name: `Camera ${i}`,
      source: `rtsp://u:p@10.0.${i >> 8}.${i & 255}/1`,
    }))
    const started = performance.now()
    const { added } = await importCameras(desk, JSON.stringify(rows), { enabled: false })
    t.diagnostic(`${Math.round(performance.now() - started)} ms`)
    assert.equal(added, 30_000)
  })

  const openMap = sharedFile('cameras/OpenTrafficCamMap_USA_2024-10-05.json')
  test('takes the real OpenTrafficCamMap of the USA, switched off', { skip: openMap.skip }, async (t) => {
    const desk = await openDesk(t)
    const { added, rejected } = await importCameras(desk, readFileSync(openMap.path, 'utf8'))
    assert.deepEqual([added, rejected.length], [7022, 7])
    assert.ok(rejected.every(({ reason }) => reason.startsWith('the same camera as row')))
    assert.equal(
      (await allCameras(desk)).some(({ enabled }) => enabled),
      false,
    )
  })

  const caltrans = sharedFile('cameras/caltrans_cctvStatusD01.sample.json')
  test('takes a real Caltrans record', { skip: caltrans.skip }, async (t) => {
    const desk = await openDesk(t)
    const { added, rejected } = await importCameras(desk, readFileSync(caltrans.path, 'utf8'))
    assert.deepEqual([added, rejected], [1, []])
    const [camera] = await allCameras(desk)
    assert.equal(camera!.origin, 'caltrans')
    assert.ok(camera!.latitude! > 39 && camera!.latitude! < 42)
  })
})
