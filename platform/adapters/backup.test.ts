import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import { addCameras, addDetections, addItem } from '../../tests/support/api.ts'
import { runCli } from '../../tests/support/cli.ts'
import { defer } from '../../tests/support/defer.ts'
import { freshDatabase } from '../../tests/support/postgres.ts'
import { backUp, restore } from './backup.ts'
import type { OpenDatabase } from './database-postgres.ts'
import { keepPartitions } from './retention.ts'

const DAY = Date.parse('2026-06-01T00:00:00Z')

async function filled(t: TestContext) {
  const opened = await freshDatabase(t)
  const { database } = opened
  await keepPartitions(database, DAY, { detectionsDays: 7, eventsDays: 7 })
  await addCameras(database, 3)
  await addDetections(database, 3, 700)
  await addItem(database)
  const verdict = { id: 'v-1', item_id: 'review-1', verdict: 'confirm' as const, boxes: '[]', recorded_by: 'ada' }
  await database
    .insertInto('verdicts')
    .values({ ...verdict, note: 'naïve "quotes"\n' })
    .execute()
  await opened.pool.query("INSERT INTO outbox (topic, key, headers, value) VALUES ('frames', 'k', '{}', '\\x00ff0a')")
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-backup-'))
  defer(t, () => rm(folder, { recursive: true, force: true }))
  return { ...opened, folder, file: join(folder, 'sentinel.backup') }
}

/** Every row of the tables that were filled, as text, and where each detection lies. */
async function contents({ pool }: OpenDatabase): Promise<string[]> {
  const all: string[] = []
  for (const table of ['cameras', 'detections', 'triage_items', 'verdicts', 'outbox']) {
    const { rows } = await pool.query(
      `SELECT tableoid::regclass || to_jsonb(t)::text AS row FROM ${table} t ORDER BY 1`,
    )
    all.push(...rows.map(({ row }) => row))
  }
  return all
}

describe('backup and restore', () => {
  test('everything comes back, each row in its partition, and numbers go on', async (t) => {
    const source = await filled(t)
    const rows = await backUp(source.pool, source.file)
    const target = await freshDatabase(t)
    assert.equal(await restore(target.pool, source.file), rows)
    assert.deepEqual(await contents(target), await contents(source))
    const { rows: next } = await target.pool.query(
      "INSERT INTO outbox (topic, key, headers) VALUES ('frames', 'k', '{}') RETURNING sequence",
    )
    assert.equal(next[0].sequence, '2')
  })

  test('a database that has rows is left alone', async (t) => {
    const source = await filled(t)
    await backUp(source.pool, source.file)
    const before = await contents(source)
    await assert.rejects(restore(source.pool, source.file), { code: 'CONFLICT', message: /restore into a fresh one/ })
    assert.deepEqual(await contents(source), before)
  })

  test('a file that is cut off, damaged, of another schema or none at all restores nothing', async (t) => {
    const source = await filled(t)
    await backUp(source.pool, source.file)
    const target = await freshDatabase(t)
    const whole = await readFile(source.file)
    const text = gunzipSync(whole).toString()
    const bad: Record<string, Buffer> = {
      'a missing end': gzipSync(text.slice(0, text.lastIndexOf('#'))),
      'a missing row': gzipSync(text.replace(/\n\{[^\n]*"cam-1"[^\n]*\n/, '\n')),
      'a damaged row': gzipSync(text.replace('"cam-1"', '"cam-1')),
      'another schema': gzipSync(text.replace('0001-cameras', '0001-lorries')),
      'no backup': gzipSync('hello\n'),
      'no gzip': Buffer.from('hello'),
    }
    for (const [what, bytes] of Object.entries(bad)) {
      await writeFile(source.file, bytes)
      await assert.rejects(restore(target.pool, source.file), { code: 'INPUT_INVALID' }, what)
    }
    await writeFile(source.file, whole)
    await truncate(source.file, Math.floor(whole.length / 2))
    await assert.rejects(restore(target.pool, source.file), { code: 'INPUT_INVALID' })
    assert.deepEqual(await contents(target), [])
  })

  test('by command, and a backup that fails leaves no file', async (t) => {
    const source = await filled(t)
    const target = await freshDatabase(t)
    const made = await runCli(['backup', source.file], { DATABASE_URL: source.url })
    assert.deepEqual([made.code, made.stdout], [0, ''], made.stderr)
    const restored = await runCli(['restore', source.file], { DATABASE_URL: target.url })
    assert.equal(restored.code, 0, restored.stderr)
    assert.deepEqual(await contents(target), await contents(source))
    const nowhere = await runCli(['backup', join(source.folder, 'no', 'file')], { DATABASE_URL: source.url })
    assert.equal(nowhere.code, 1)
    assert.deepEqual(await readdir(source.folder), ['sentinel.backup'])
  })
})
