import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { parse } from 'csv-parse/sync'
import { sql } from 'kysely'
import { addCameras, addDetections, addItem, openApi, TOKEN } from '../tests/support/api.ts'
import { freshDatabase } from '../tests/support/postgres.ts'
import { ask } from '../tests/support/sentinel.ts'
import { EventExports } from './exports.ts'

const headers = { authorization: `Bearer ${TOKEN}` }

async function world(t: TestContext, events: number) {
  const api = await openApi(t)
  await addCameras(api.database, 2)
  await sql`
    INSERT INTO events (time, id, type, camera_id, subject, class, score, data)
    SELECT '2026-06-01T08:00:00Z'::timestamptz + n * interval '1 s', 'e-' || n, 'sentinel.track.appeared.v1', 'cam-' || n % 2,
      'cam-' || n % 2, CASE WHEN n % 3 = 0 THEN 'bus' ELSE 'car' END, n % 10 / 10.0, jsonb_build_object('frameId', 'f-' || n)
    FROM generate_series(0, ${events - 1}::int) AS n`.execute(api.database)
  const get = (path: string) => fetch(`${api.origin}${path}`, { headers })
  return { ...api, get }
}

type Row = Record<string, string>
const rowsOf = async (answer: Response): Promise<Row[]> => parse(await answer.text(), { columns: true })

describe('the event log as a file', () => {
  test('holds every event that matches once, the newest first, over many pages', async (t) => {
    const { get } = await world(t, 4500)
    const answer = await get('/export/events.csv')
    assert.equal(answer.headers.get('content-disposition'), 'attachment; filename="events.csv"')
    const rows = await rowsOf(answer)
    assert.deepEqual(
      rows.map(({ id }) => id),
      Array.from({ length: 4500 }, (_, n) => `e-${4499 - n}`),
    )
    const filter = 'camera=cam-0&class=bus&score=0.5&from=2026-06-01T08:00:00Z&to=2026-06-01T08:01:00Z'
    const some = await (await get(`/export/events.json?${filter}`)).json()
    assert.deepEqual(
      some.map(({ id, cameraId, class: name }: Row) => [id, cameraId, name]),
      ['e-48', 'e-36', 'e-18', 'e-6'].map((id) => [id, 'cam-0', 'bus']),
    )
  })

  test('needs the token, and says what is wrong with what was asked', async (t) => {
    const { get, origin } = await world(t, 1)
    assert.equal((await fetch(`${origin}/export/events.csv`)).status, 401)
    for (const [path, status, words] of [
      ['events.xml', 404, /events\.csv/],
      ['events.csv?from=yesterday', 400, /RFC 3339/],
      ['events.csv?score=many', 400, /between 0 and 1/],
    ] as const) {
      const answer = await get(`/export/${path}`)
      assert.equal(answer.status, status, path)
      assert.match(await answer.text(), words)
    }
  })

  test('text that a table program would run as a formula stays text', async (t) => {
    const { get, database } = await world(t, 1)
    await database.updateTable('events').set({ class: '=1+1', subject: 'a "quoted", one' }).execute()
    const [row] = await rowsOf(await get('/export/events.csv'))
    assert.deepEqual([row!.class, row!.subject], ["'=1+1", 'a "quoted", one'])
  })

  test('what is too long is refused before its first byte, and a third at once waits', async (t) => {
    const { database } = await freshDatabase(t)
    await sql`INSERT INTO events (time, id, type, subject, data) SELECT now(), 'e-' || n, 'x', 's', '{}' FROM generate_series(1, 4) n`.execute(
      database,
    )
    const exports = new EventExports(database, 3)
    const send = () => exports.send('/export/events.json', new URLSearchParams(), undefined as never)
    const refusals = await Promise.all([send(), send(), send()])
    assert.deepEqual(
      refusals.map((refusal) => refusal?.[0]),
      [413, 413, 429],
    )
    assert.match((await send())![1], /More than 3 events match/)
  })
})

test('an event leads to its frame, with everything that was in it, and to its picture where one was kept', async (t) => {
  const { at, database, objects } = await world(t, 1)
  await addDetections(database, 1, 1)
  await addItem(database, 'review-f-0')
  await database
    .updateTable('triage_items')
    .set({ captured_at: new Date('2026-06-01T08:00:00Z') })
    .execute()
  const ask1 = async (id: string) => {
    const query = `{ event(id: "${id}", time: "2026-06-01T08:00:00.5Z") { frame { id imageUrl model { digest } boxes { class } timings { inferMs } } } }`
    return (await ask(at, query)).data.event
  }
  assert.equal((await ask1('e-0')).frame.imageUrl, null)
  await objects.put('sentinel-clips', 'triage/cam-0/f-0.jpg', Buffer.from('jpeg'))
  const { frame } = await ask1('e-0')
  assert.deepEqual([frame.id, frame.imageUrl, frame.boxes], ['f-0', '/media/triage/cam-0/f-0.jpg', [{ class: 'car' }]])
  await database
    .updateTable('events')
    .set({ type: 'sentinel.review.resolved.v1', subject: 'review-f-0', data: '{"verdict":"confirm"}' })
    .execute()
  assert.equal((await ask1('e-0')).frame.id, 'f-0')
  await database.updateTable('events').set({ subject: 'cam-0', data: '{}' }).execute()
  assert.deepEqual(await ask1('e-0'), { frame: null })
  assert.equal(await ask1('none'), null)
})
