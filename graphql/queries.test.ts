import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sql } from 'kysely'
import { Counter } from 'prom-client'
import type { Database } from '../platform/ports/database.ts'
import { addCameras, addDetections, addItem, openApi } from '../tests/support/api.ts'
import { dead } from '../tests/support/dead-letters.ts'
import { eventually } from '../tests/support/log.ts'
import { type Answer, ask } from '../tests/support/sentinel.ts'

interface CameraPage {
  readonly cameras: {
    readonly edges: readonly { readonly node: { readonly name: string } }[]
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  }
}

interface DetectionPage {
  readonly detections: {
    readonly edges: readonly { readonly node: { readonly capturedAt: string } }[]
    readonly pageInfo: CameraPage['cameras']['pageInfo']
  }
}

describe('queries', () => {
  test('nested lists cost a fixed number of statements', async (t) => {
    const { at, database, statements } = await openApi(t)
    const count = async (first: number): Promise<number> => {
      statements.length = 0
      const query = `{ cameras(first: ${first}) { edges { node { name lastDetection { camera { name } model { name } boxes { class } } } } }
        detections(first: ${first}) { edges { node { camera { name } model { name } } } }
        triageQueue(first: ${first}) { edges { node { camera { name } model { name } } } } }`
      const { data, errors } = await ask(at, query)
      assert.equal(errors, undefined)
      for (const list of ['cameras', 'detections', 'triageQueue']) assert.equal(data[list].edges.length, first)
      return statements.length
    }
    await addCameras(database, 40)
    await addDetections(database, 40, 2)
    for (let n = 0; n < 40; n++) await addItem(database, `review-${n}`)
    const few = await count(3)
    assert.ok((await count(40)) <= few)
    assert.ok(few <= 8, `${few} statements`)
  })

  test('the last detection of a camera is found, of a moment ago and of months ago', async (t) => {
    const { at, database } = await openApi(t)
    await addCameras(database, 3)
    await addDetections(database, 2, 2)
    await sql`UPDATE detections SET captured_at = now() WHERE frame_id = 'f-2'`.execute(database)
    const { data } = await ask(at, '{ cameras { edges { node { id lastDetection { capturedAt } } } } }')
    const newest = await sql<{ id: string; at: Date | null }>`
      SELECT c.id, max(d.captured_at) AS at FROM cameras c LEFT JOIN detections d ON d.camera_id = c.id GROUP BY c.id ORDER BY c.id`.execute(
      database,
    )
    type Edge = {
      readonly node: { readonly id: string; readonly lastDetection: { readonly capturedAt: string } | null }
    }
    const told = (data.cameras.edges as Edge[]).map(({ node }) => [
      node.id,
      node.lastDetection && Date.parse(node.lastDetection.capturedAt),
    ])
    assert.deepEqual(
      told.sort(),
      newest.rows.map(({ id, at }) => [id, at?.getTime() ?? null]),
    )
    assert.ok(newest.rows.some(({ at }) => at === null))
  })

  test('pages follow one another without gap or repetition, and foolish ones are refused', async (t) => {
    const { at, database } = await openApi(t)
    await addCameras(database, 25)
    const names: string[] = []
    for (let after: string | null = null; ; ) {
      const query =
        'query ($after: String) { cameras(first: 10, after: $after) { edges { node { name } } pageInfo { hasNextPage endCursor } } }'
      const answer: Answer<CameraPage> = await ask(at, query, { after })
      const { edges, pageInfo } = answer.data!.cameras
      names.push(...edges.map(({ node }) => node.name))
      if (!pageInfo.hasNextPage) break
      after = pageInfo.endCursor
    }
    assert.deepEqual(
      names,
      Array.from({ length: 25 }, (_, n) => `Camera ${String(n).padStart(3, '0')}`),
    )
    for (const args of ['first: 0', 'first: 501', 'after: "nonsense"']) {
      const { errors } = await ask(at, `{ cameras(${args}) { edges { cursor } } }`)
      assert.match(errors![0]!.message, /first lies between|no cursor/)
    }
  })

  test('too large, too deep and too wide queries are refused with the reason', async (t) => {
    const { at } = await openApi(t)
    const large = await ask(at, `{ viewer { id } ${'#'.repeat(100_001)}\n }`)
    assert.match(large.errors![0]!.message, /at most 100000 characters/)
    const deep = await ask(
      at,
      `{ cameras { edges { node ${'{ lastDetection { camera '.repeat(6)} { id } ${'} }'.repeat(6)} } } }`,
    )
    assert.match(deep.errors![0]!.message, /depth|cost/i)
    const wide = await ask(at, `{ ${Array.from({ length: 50 }, (_, n) => `a${n}: viewer { id }`).join(' ')} }`)
    assert.match(wide.errors![0]!.message, /alias/i)
  })

  test('every long list is read along an index, from the first page to the last', async (t) => {
    const { at, database, statements } = await openApi(t)
    await addCameras(database, 3)
    await addDetections(database, 3, 2)
    for (const list of ['cameras', 'detections']) {
      const page = (after: string) => `{ ${list}(first: 1${after}) { pageInfo { endCursor } } }`
      const { data } = await ask(at, page(''))
      await ask(at, page(`, after: "${data[list].pageInfo.endCursor}"`))
    }
    const key = Buffer.from(JSON.stringify(['2026-06-01T08:00:00.000001Z', 'x'])).toString('base64url')
    await ask(at, `{ events(first: 1, after: "${key}") { edges { cursor } } }`)
    await addItem(database)
    for (const filter of ['{}', '{ status: SKIPPED }'])
      await ask(at, `{ triageQueue(first: 1, filter: ${filter}) { edges { cursor } } }`)
    const items = await ask(at, '{ triageQueue(first: 1) { pageInfo { endCursor } } }')
    await ask(at, `{ triageQueue(after: "${items.data.triageQueue.pageInfo.endCursor}") { edges { cursor } } }`)
    const pages = statements.filter((statement) => / limit /.test(statement))
    assert.equal(pages.length, 9)
    for (const statement of pages) assert.doesNotMatch(await planOf(database, statement), /Sort/, statement)
  })

  test('times keep their microseconds, also from page to page', async (t) => {
    const { at, database } = await openApi(t)
    await addDetections(database, 1, 3)
    await sql`UPDATE detections SET captured_at = '2026-06-01T08:00:00Z'::timestamptz + (right(frame_id, 1) || ' us')::interval`.execute(
      database,
    )
    const times: string[] = []
    for (let after: string | null = null, more = true; more; ) {
      const query =
        'query ($after: String) { detections(first: 1, after: $after) { edges { node { capturedAt } } pageInfo { hasNextPage endCursor } } }'
      const answer: Answer<DetectionPage> = await ask(at, query, { after })
      const { edges, pageInfo } = answer.data!.detections
      times.push(edges[0]!.node.capturedAt)
      after = pageInfo.endCursor
      more = pageInfo.hasNextPage
    }
    assert.deepEqual(
      times,
      [2, 1, 0].map((us) => `2026-06-01T08:00:00.00000${us}Z`),
    )
  })

  test('a filter with an empty list finds nothing', async (t) => {
    const { at } = await openApi(t)
    const { data } = await ask(at, '{ events(filter: { cameraIds: [], types: [], classes: [] }) { edges { cursor } } }')
    assert.deepEqual(data.events.edges, [])
  })

  test('values that no database can hold are the asker’s mistake, told and not logged as ours', async (t) => {
    const { at, errors } = await openApi(t)
    const cursor = (key: unknown) => Buffer.from(JSON.stringify(key)).toString('base64url')
    for (const query of [
      '{ detections(from: "2026-02-30T00:00:00Z") { edges { cursor } } }',
      '{ detections(from: "0000-01-01T00:00:00Z") { edges { cursor } } }',
      `{ detections(after: "${cursor(['x', 'y'])}") { edges { cursor } } }`,
      `{ detections(after: "${cursor(['2026-01-01T00:00:00Z', 7])}") { edges { cursor } } }`,
      '{ camera(id: "\\u0000") { id } }',
    ]) {
      const answer = await ask(at, query)
      assert.doesNotMatch(answer.errors![0]!.message, /Unexpected/, query)
      assert.ok(['BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED'].includes(answer.errors![0]!.extensions!.code!), query)
    }
    assert.deepEqual(errors, [])
  })

  test('what nobody expected is logged, and told without its inside', async (t) => {
    const { at, database, errors } = await openApi(t)
    await sql`ALTER TABLE models RENAME TO gone`.execute(database)
    const answer = await ask(at, '{ models { edges { cursor } } }')
    assert.match(answer.errors![0]!.message, /Unexpected error/)
    assert.doesNotMatch(JSON.stringify(answer), /relation|does not exist/)
    assert.match(errors[0]!.message, /relation "models" does not exist/)
  })

  test('health tells what could not be handled of late, the newest first and in words for every language', async (t) => {
    const { at, log } = await openApi(t)
    const told = [{ reason: 'plain', blanks: [{ name: 'text', value: 'no room' }] }]
    const full = { ...dead.headers, dlq_reason: 'no room', dlq_told: JSON.stringify(told), dlq_function: 'detect' }
    await log.produce('dlq-events', [dead, { ...dead, headers: { ...full } }])
    const query =
      '{ health { recentErrors { at function topic reason said { reason blanks { name value } } attempts } } }'
    const errors = async () => (await ask(at, query)).data.health.recentErrors
    await eventually(async () => (await errors()).length === 2)
    const common = { at: '2026-06-01T08:00:01Z', topic: 'events.cameras', attempts: 1 }
    assert.deepEqual(await errors(), [
      { ...common, function: 'detect', reason: 'no room', said: told },
      { ...common, function: 'event-store', reason: 'it was too early', said: [] },
    ])
  })

  test('health tells each part, the lag of each function and what was counted', async (t) => {
    const { at, metrics } = await openApi(t)
    const counter = new Counter({ name: 'sentinel_x_total', help: 'x', labelNames: ['function'], registers: [metrics] })
    counter.inc({ function: 'detect' }, 2)
    const query =
      '{ health { ready parts { name state message } lag { function lag } figures { name value labels { name value } } } trainingRuns { edges { cursor } } }'
    const { data } = await ask(at, query)
    assert.deepEqual(data.health, {
      ready: true,
      parts: [{ name: 'model', state: 'MISSING', message: 'give one' }],
      lag: [{ function: 'detect', lag: 3 }],
      figures: [{ name: 'sentinel_x_total', value: 2, labels: [{ name: 'function', value: 'detect' }] }],
    })
  })
})

/** Where the order of an index serves, no sort is needed even when the planner would like one for a small table. */
function planOf(database: Database, statement: string): Promise<string> {
  return database.transaction().execute(async (tx) => {
    await sql`SET LOCAL enable_seqscan = off`.execute(tx)
    await sql`SET LOCAL enable_bitmapscan = off`.execute(tx)
    const { rows } = await sql<Record<string, string>>`EXPLAIN (GENERIC_PLAN) ${sql.raw(statement)}`.execute(tx)
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  })
}
