import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { openDatabase } from '../platform/adapters/database-postgres.ts'
import { addCameras, addDetections, addItem, openApi } from '../tests/support/api.ts'
import { defer } from '../tests/support/defer.ts'
import { eventually } from '../tests/support/log.ts'
import { freshDatabase } from '../tests/support/postgres.ts'
import { ask } from '../tests/support/sentinel.ts'
import { replicatedPostgres } from '../tests/support/standby.ts'

test('history is read from the standby, which takes no writes; what a person does and sees at once is not', async (t) => {
  const standby = await freshDatabase(t)
  await addCameras(standby.database, 1)
  await addDetections(standby.database, 1, 3)
  const row = { time: new Date(), id: 'e-1', type: 'sentinel.camera.online.v1', camera_id: 'cam-0', subject: 'cam-0' }
  await standby.database
    .insertInto('events')
    .values({ ...row, data: '{}' })
    .execute()
  const readOnly = Object.assign(new URL(standby.url), { search: '?options=-c%20default_transaction_read_only%3Don' })
  const { database: history, close } = openDatabase(readOnly.href)
  defer(t, close)
  const { at, database } = await openApi(t, { history })
  await addCameras(database, 1)
  await addItem(database)
  const { data } = await ask(
    at,
    '{ detections { edges { node { id } } } events { edges { node { id } } } triageQueue { edges { node { id } } } }',
  )
  const counts = ['detections', 'events', 'triageQueue'].map((list) => data[list].edges.length)
  assert.deepEqual(counts, [3, 1, 1])
  const verdict = 'mutation ($i: RecordVerdictInput!) { recordVerdict(input: $i) { errors { message } } }'
  const judged = await ask(at, verdict, { i: { itemId: 'review-1', verdict: 'REJECT' } })
  assert.deepEqual(judged.data.recordVerdict.errors, [])
  assert.deepEqual((await ask(at, '{ triageQueue { edges { node { id } } } }')).data.triageQueue.edges, [])
})

test('a standby that streams from the database answers for it, a moment behind; without it what people do goes on', async (t) => {
  const { primary, standby } = await replicatedPostgres(t)
  const { database: history, close } = openDatabase(standby.url, { connections: 2 })
  defer(t, close)
  const { at, database } = await openApi(t, { history, databaseUrl: primary })
  await addCameras(database, 1)
  const seen = async () => (await ask(at, '{ detections { edges { node { id } } } }')).data?.detections.edges.length
  await addDetections(database, 1, 2)
  await eventually(async () => (await seen()) === 2)

  await sql`SELECT pg_wal_replay_pause()`.execute(history)
  await eventually(async () => {
    const { rows } = await sql<{ state: string }>`SELECT pg_get_wal_replay_pause_state() AS state`.execute(history)
    return rows[0]!.state === 'paused'
  })
  await database.deleteFrom('detections').where('frame_id', '=', 'f-1').execute()
  await addItem(database)
  const queue = async () => (await ask(at, '{ triageQueue { edges { node { id } } } }')).data.triageQueue.edges.length
  assert.deepEqual([await seen(), await queue()], [2, 1], 'only history waits for the standby')
  await sql`SELECT pg_wal_replay_resume()`.execute(history)
  await eventually(async () => (await seen()) === 1)
  await assert.rejects(history.deleteFrom('detections').execute(), {
    code: 'DATABASE_UNAVAILABLE',
    message: /read-only/,
  })

  await standby.stop()
  const { errors = [] } = await ask(at, '{ detections { edges { node { id } } } }')
  assert.equal(errors.length, 1)
  assert.equal(await queue(), 1)
})
