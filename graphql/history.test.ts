import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDatabase } from '../platform/adapters/database-postgres.ts'
import { addCameras, addDetections, addItem, openApi } from '../tests/support/api.ts'
import { defer } from '../tests/support/defer.ts'
import { freshDatabase } from '../tests/support/postgres.ts'
import { ask } from '../tests/support/sentinel.ts'

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
