import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { migrate, migrateDown } from '../platform/adapters/migrations.ts'
import { ZoneChanged } from '../platform/events/camera.ts'
import type { Database } from '../platform/ports/database.ts'
import { addCameras, openApi } from '../tests/support/api.ts'
import { eventually } from '../tests/support/log.ts'
import { ask } from '../tests/support/sentinel.ts'
import { rawClient, tell } from '../tests/support/subscriber.ts'

const triangle = [
  { x: 0.1, y: 0.2 },
  { x: 0.5, y: 0.2 },
  { x: 0.3, y: 0.8 },
]
const area = (name: string, points = triangle) => ({ name, kind: 'AREA', points })
const ADD =
  'mutation ($input: AddZoneInput!) { addZone(input: $input) { zone { id name kind points { x y } } errors { code message } } }'
const UPDATE =
  'mutation ($input: UpdateZoneInput!) { updateZone(input: $input) { zone { name kind points { x y } } errors { code message } } }'
const REMOVE = 'mutation ($input: RemoveZoneInput!) { removeZone(input: $input) { zone { name } errors { code } } }'

/** What waits to be published, oldest first. */
async function sent(database: Database) {
  const rows = await database.selectFrom('outbox').select(['topic', 'key', 'value']).orderBy('sequence').execute()
  return rows.map(({ topic, key, value }) => {
    assert.deepEqual([topic, key], ['events.cameras', 'cam-0'])
    return ZoneChanged.schema.parse(JSON.parse(String(value)))
  })
}

describe('zones', () => {
  test('are drawn, changed and deleted, and go with their camera', async (t) => {
    const { at, database } = await openApi(t)
    await addCameras(database, 2)
    const add = async (cameraId: string, zone: object) =>
      (await ask(at, ADD, { input: { cameraId, zone } })).data.addZone
    const { zone } = await add('cam-0', area('  Crossing '))
    assert.deepEqual({ ...zone, id: '' }, { id: '', ...area('Crossing') })
    await add('cam-0', area('Bus lane'))
    await add('cam-1', area('Crossing'))
    const line = { name: 'Stop line', kind: 'LINE', points: triangle.slice(0, 2) }
    const changed = await ask(at, UPDATE, { input: { id: zone.id, zone: line } })
    assert.deepEqual(changed.data.updateZone, { zone: line, errors: [] })
    const names = async () => {
      const { data } = await ask(at, '{ cameras { edges { node { zones { name } } } } }')
      return data.cameras.edges.map(({ node }: { node: { zones: { name: string }[] } }) =>
        node.zones.map((each) => each.name),
      )
    }
    assert.deepEqual(await names(), [['Bus lane', 'Stop line'], ['Crossing']])
    assert.equal((await ask(at, REMOVE, { input: { id: zone.id } })).data.removeZone.zone.name, 'Stop line')
    assert.equal((await ask(at, REMOVE, { input: { id: zone.id } })).data.removeZone.errors[0].code, 'NOT_FOUND')
    await ask(at, 'mutation { removeCamera(input: { id: "cam-1" }) { errors { code } } }')
    assert.deepEqual(await names(), [['Bus lane']])
    assert.equal((await database.selectFrom('zones').selectAll().execute()).length, 1)
  })

  test('tell of each change, in order and beside the change itself; who follows the cameras is told the zones', async (t) => {
    const { at, origin, database, log } = await openApi(t)
    await addCameras(database, 1)
    const client = await rawClient(t, origin)
    client.subscribe('1', 'subscription { cameraChanged { id zones { name } } }')
    const { addZone } = (await ask(at, ADD, { input: { cameraId: 'cam-0', zone: area('Crossing') } })).data
    await ask(at, UPDATE, { input: { id: addZone.zone.id, zone: area('Bus lane') } })
    const told = await sent(database)
    assert.deepEqual(
      told.map(({ change, zone }) => [change, zone.name, zone.points.length]),
      [
        ['added', 'Crossing', 3],
        ['updated', 'Bus lane', 3],
      ],
    )
    await eventually(async () => {
      await tell(log, 'events.cameras', ZoneChanged.of('cam-0', told[1]!))
      return client.of('1').length > 0
    })
    assert.deepEqual(client.of('1')[0]!.payload.data.cameraChanged, { id: 'cam-0', zones: [{ name: 'Bus lane' }] })
    await ask(at, REMOVE, { input: { id: addZone.zone.id } })
    await ask(at, REMOVE, { input: { id: addZone.zone.id } })
    await ask(at, ADD, { input: { cameraId: 'cam-0', zone: area(' ') } })
    assert.deepEqual(
      (await sent(database)).map(({ change }) => change),
      ['added', 'updated', 'removed'],
    )
  })

  test('that cannot be are refused with what is wrong', async (t) => {
    const { at, database } = await openApi(t)
    await addCameras(database, 1)
    const problem = async (zone: object, cameraId = 'cam-0') => {
      const { addZone } = (await ask(at, ADD, { input: { cameraId, zone } })).data
      assert.equal(addZone.zone, null)
      return `${addZone.errors[0].code}: ${addZone.errors[0].message}`
    }
    assert.match(await problem(area('  ')), /INPUT_INVALID: name: a zone needs a name/)
    assert.match(await problem(area('a\u0007')), /control characters/)
    assert.match(await problem(area('x'.repeat(61))), /at most 60/)
    assert.match(await problem(area('A', triangle.slice(0, 2))), /three points/)
    assert.match(await problem({ name: 'A', kind: 'LINE', points: triangle.slice(0, 1) }), /two points/)
    assert.match(await problem(area('A', [{ x: 1.2, y: 0 }, ...triangle])), /inside the picture/)
    const bow = [triangle[0]!, { x: 0.5, y: 0.8 }, triangle[1]!, { x: 0.1, y: 0.8 }]
    assert.match(await problem(area('A', bow)), /may not cross/)
    assert.match(
      await problem(
        area(
          'A',
          triangle.map(({ x }) => ({ x, y: 0.5 })),
        ),
      ),
      /too small/,
    )
    assert.match(await problem(area('A'), 'cam-9'), /NOT_FOUND: There is no camera cam-9/)
    await ask(at, ADD, { input: { cameraId: 'cam-0', zone: area('A') } })
    assert.match(await problem(area('A')), /CONFLICT: This camera has a zone named A already/)
  })

  test('cost one statement for any number of cameras', async (t) => {
    const { at, database, statements } = await openApi(t)
    await addCameras(database, 30)
    for (let n = 0; n < 30; n += 3) await ask(at, ADD, { input: { cameraId: `cam-${n}`, zone: area('A') } })
    statements.length = 0
    await ask(at, '{ cameras(first: 30) { edges { node { zones { name points { x y } } } } } }')
    assert.equal(statements.filter((statement) => statement.includes('zones')).length, 1)
  })

  test('their table goes away with its migration and comes back', async (t) => {
    const { database } = await openApi(t)
    const taken: string[] = []
    while (!taken.includes('0012-zones')) taken.push(...(await migrateDown(database)))
    await assert.rejects(database.selectFrom('zones').selectAll().execute(), /does not exist/)
    assert.deepEqual(await migrate(database), taken.toReversed())
  })
})
