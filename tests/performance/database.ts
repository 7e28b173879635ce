import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { startPostgres } from '../../platform/adapters/database-embedded/server.ts'
import { type OpenDatabase, openDatabase } from '../../platform/adapters/database-postgres.ts'
import { migrate } from '../../platform/adapters/migrations.ts'
import { ask, type Started, startSentinel } from '../support/sentinel.ts'
import { type Benchmark, type Figures, quantile } from './figures.ts'

const DETECTIONS = 1_000_000
const EVENTS_SHARE = 0.1
const CAMERAS = 100
const DAYS = 7
const AT_ONCE = 20_000
const ROUNDS = 20
/** PostgreSQL's processes tell what they have read within a second. */
const TOLD_AFTER_MS = 1500

const BOX = '{ class score x y width height }'
const FRAME = `{ edges { node { id capturedAt camera { name } boxes ${BOX} } } pageInfo { endCursor } }`

/** What the dashboard's pages ask of what grows. */
const QUERIES: Readonly<Record<string, string>> = {
  wall: '{ cameras(first: 100) { edges { node { id name state lastDetection { capturedAt boxes { class } } } } } }',
  newestDetections: `{ detections(first: 50) ${FRAME} }`,
  detectionsOfCamera: `{ detections(cameraId: "cam-7", first: 50) ${FRAME} }`,
  detectionsOfAnHour: `{ detections(cameraId: "cam-7", from: "FROM", to: "TO", first: 200) ${FRAME} }`,
  timeline: '{ timeline(cameraId: "cam-7", minutes: 60) { minutes { at frames classes { class } } marks { type } } }',
  newestEvents: '{ events(first: 50) { edges { node { id type time camera { name } } } } }',
  eventsOfCamera: '{ events(first: 50, filter: { cameraIds: ["cam-7"] }) { edges { node { id type time } } } }',
  eventsOfType: '{ events(first: 50, filter: { types: ["sentinel.camera.offline.v1"] }) { edges { node { id } } } }',
  eventsOfRareClass: '{ events(first: 50, filter: { classes: ["bus"], minScore: 0.5 }) { edges { node { id } } } }',
}

/** The queries of the dashboard over the API, on a database with many detections of a week. */
export const database: Benchmark = {
  about: `queries of the dashboard on ${DETECTIONS.toLocaleString('en')} detections (--count) of ${CAMERAS} cameras in ${DAYS} days`,
  async run(say, { count = DETECTIONS }) {
    const folder = await mkdtemp(join(tmpdir(), 'sentinel-bench-database-'))
    await chmod(folder, 0o755)
    const postgres = await startPostgres({ directory: folder })
    const opened = openDatabase(postgres.url, { connections: 2 })
    try {
      await migrate(opened.database)
      await fill(opened, count, say)
      const args = ['--data-dir', join(folder, 'data'), '--cameras', 'none', '--model', 'none', '--port', '0']
      const sentinel = await startSentinel(args, { DATABASE_URL: postgres.url })
      try {
        return await measure(sentinel, opened, say)
      } finally {
        await sentinel.stop()
      }
    } finally {
      await opened.close()
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
    }
  },
}

/** Frames of all cameras in turn, evenly over the last days; one in ten shows a new track, one in a thousand events is a bus. */
async function fill({ database: db, pool }: OpenDatabase, count: number, say: (text: string) => void): Promise<void> {
  await sql`INSERT INTO cameras (id, name, source, enabled)
    SELECT 'cam-' || n, 'Camera ' || n, 'rtsp://h/' || n, false FROM generate_series(0, ${CAMERAS - 1}) AS n`.execute(
    db,
  )
  for (const [table, column] of [
    ['detections', 'captured_at'],
    ['events', 'time'],
  ]) {
    await sql`SELECT make_partition(${table}, ${column}, day::date)
      FROM generate_series(now() - ${`${DAYS} days`}::interval, now() + interval '1 day', interval '1 day') AS day`.execute(
      db,
    )
  }
  const step = `${(DAYS * 86_400) / count} seconds`
  for (let from = 0; from < count; from += AT_ONCE) {
    // One to five cars.
    await sql`
      WITH seen AS (
        SELECT count, (SELECT jsonb_agg(jsonb_build_object('class', 'car', 'score', 0.9, 'trackId', 't-' || i, 'box', '[0.1, 0.2, 0.3, 0.4]'::jsonb))
          FROM generate_series(0, count) AS i) AS boxes FROM generate_series(0, 4) AS count
      )
      INSERT INTO detections
      SELECT now() - n * ${step}::interval, 'f-' || n, 'e-' || n, 'cam-' || n % ${CAMERAS}, now() - n * ${step}::interval,
        'arrival', 1280, 720, repeat('a', 64), 'm', boxes,
        '{"queueMs": 1, "prepareMs": 1, "inferMs": 1, "decodeMs": 1}'
      FROM generate_series(${from}::int, ${Math.min(from + AT_ONCE, count) - 1}::int) AS n JOIN seen ON count = n % 5`.execute(
      db,
    )
    await sql`
      INSERT INTO events (time, id, type, camera_id, subject, class, score, data)
      SELECT now() - n * ${step}::interval, 'v-' || n,
        CASE n % 500 WHEN 0 THEN 'sentinel.camera.offline.v1' ELSE 'sentinel.track.appeared.v1' END, 'cam-' || n / 10 % ${CAMERAS},
        'cam-' || n / 10 % ${CAMERAS}, CASE n % 10000 WHEN 10 THEN 'bus' ELSE 'car' END, 0.9, '{}'
      FROM generate_series(${from}::int, ${Math.min(from + AT_ONCE, count) - 1}::int, ${1 / EVENTS_SHARE}::int) AS n`.execute(
      db,
    )
    say(`${Math.min(from + AT_ONCE, count)} of ${count} detections`)
  }
  const client = await pool.connect()
  await client.query('SET statement_timeout = 0')
  await client.query('VACUUM (ANALYZE)')
  client.release(true)
}

async function measure(
  sentinel: Started,
  { database: db }: OpenDatabase,
  say: (text: string) => void,
): Promise<Figures> {
  const figures: Record<string, number> = {}
  const [to, from] = [Date.now() - 86_400_000, Date.now() - 90_000_000].map((ms) => new Date(ms).toISOString())
  for (const [name, text] of Object.entries(QUERIES)) {
    const query = text.replace('FROM', from!).replace('TO', to!)
    const before = await told(db)
    const times: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const started = performance.now()
      const { errors } = await ask(sentinel, query)
      if (errors) throw new Error(`${name}: ${errors[0]!.message}`)
      times.push(performance.now() - started)
    }
    figures[`${name}.p50Ms`] = quantile(times, 0.5)
    figures[`${name}.p95Ms`] = quantile(times, 0.95)
    const after = await told(db)
    figures[`${name}.databaseMs`] = (after.activeMs - before.activeMs) / ROUNDS
    figures[`${name}.scannedRows`] = (after.scanned - before.scanned) / ROUNDS
    say(`${name} done`)
  }
  figures.slowestP95Ms = Math.max(...Object.keys(QUERIES).map((name) => figures[`${name}.p95Ms`]!))
  return figures
}

/** What PostgreSQL has told of itself so far: the rows of what grows that were read without an index, and the time that statements took, ms. */
async function told(db: OpenDatabase['database']): Promise<{ readonly scanned: number; readonly activeMs: number }> {
  await new Promise((resolve) => setTimeout(resolve, TOLD_AFTER_MS))
  const { rows } = await sql<{ scanned: string; active: number }>`
    SELECT active_time AS active, (
      SELECT coalesce(sum(seq_tup_read), 0)::text FROM pg_stat_user_tables WHERE relname ~ '^(detections|events)_'
    ) AS scanned FROM pg_stat_database WHERE datname = current_database()`.execute(db)
  return { scanned: Number(rows[0]!.scanned), activeMs: rows[0]!.active }
}
