import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { addItem } from '../../tests/support/api.ts'
import { defer } from '../../tests/support/defer.ts'
import { freshDatabase } from '../../tests/support/postgres.ts'
import { FileObjects } from '../adapters/objects-files.ts'
import { systemClock } from '../adapters/system-clock.ts'
import type { Database } from '../ports/database.ts'
import { dropOldItems } from './retention.ts'
import { recordVerdict } from './verdicts.ts'

const DAY_MS = 86_400_000
const NOW = Date.now()

async function open(t: TestContext) {
  const { database } = await freshDatabase(t)
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-triage-'))
  defer(t, () => rm(folder, { recursive: true }))
  const objects = new FileObjects(join(folder, 'objects'))
  return { database, objects, folder }
}

async function addOldItem(database: Database, id: string, days: number, image = `triage/cam-0/${id}.jpg`) {
  await addItem(database, id)
  const requested_at = new Date(NOW - days * DAY_MS)
  await database.updateTable('triage_items').set({ requested_at, image }).where('id', '=', id).execute()
}

const idsOf = async (database: Database): Promise<string[]> =>
  (await database.selectFrom('triage_items').select('id').orderBy('id').execute()).map(({ id }) => id)

test('an item goes with its picture when nothing has happened to it for long, and nothing else goes', async (t) => {
  const { database, objects } = await open(t)
  for (const [id, days] of [
    ['old', 31],
    ['old-judged-lately', 31],
    ['young', 29],
  ] as const)
    await addOldItem(database, id, days)
  const keys = ['old', 'old-judged-lately', 'young', 'of-no-item'].map((id) => `triage/cam-0/${id}.jpg`)
  for (const key of [...keys, 'clips/old.jpg']) await objects.put('sentinel-clips', key, Buffer.from(key))
  await objects.put('sentinel-datasets', keys[0]!, Buffer.from('of a person'))
  await recordVerdict(
    { database, clock: systemClock },
    { itemId: 'old-judged-lately', verdict: 'confirm', boxes: undefined, note: undefined, by: 'me' },
  )

  assert.equal(await dropOldItems({ database, objects }, NOW - 30 * DAY_MS), 1)
  assert.deepEqual(await idsOf(database), ['old-judged-lately', 'young'])
  const left = await Array.fromAsync(objects.list('sentinel-clips', ''), ({ key }) => key)
  assert.deepEqual(left, ['clips/old.jpg', ...keys.slice(1)].sort())
  assert.ok(await objects.get('sentinel-datasets', keys[0]!))

  assert.equal(await dropOldItems({ database, objects }, NOW + DAY_MS), 2)
  assert.deepEqual(await idsOf(database), [])
})

test('an item whose picture is gone, or was never the router’s, goes all the same', async (t) => {
  const { database, objects } = await open(t)
  await objects.put('sentinel-clips', 'elsewhere.jpg', Buffer.from('x'))
  await addOldItem(database, 'gone', 40)
  await addOldItem(database, 'elsewhere', 40, 'elsewhere.jpg')
  await addOldItem(database, 'no-key', 40, 'triage/../../etc/passwd')
  assert.equal(await dropOldItems({ database, objects }, NOW), 3)
  assert.ok(await objects.get('sentinel-clips', 'elsewhere.jpg'))
})

test('a gold item stays, whose boxes people are measured by', async (t) => {
  const { database, objects } = await open(t)
  await addOldItem(database, 'gold', 400)
  await objects.put('sentinel-clips', 'triage/cam-0/gold.jpg', Buffer.from('x'))
  const gold = { item_id: 'gold', boxes: '[]', added_by: 'me', added_at: new Date() }
  await database.insertInto('gold_items').values(gold).execute()
  assert.equal(await dropOldItems({ database, objects }, NOW), 0)
  assert.ok(await objects.get('sentinel-clips', 'triage/cam-0/gold.jpg'))
})

test('while the object store is out nothing is dropped', async (t) => {
  const { database, folder } = await open(t)
  await addOldItem(database, 'old', 40)
  const broken = join(folder, 'a-file')
  const objects = new FileObjects(join(broken, 'nul\0'))
  await writeFile(broken, '')
  await assert.rejects(dropOldItems({ database, objects }, NOW), { code: 'OBJECTS_UNAVAILABLE' })
  assert.deepEqual(await idsOf(database), ['old'])
})

test('more than are looked at together go in turns', async (t) => {
  const { database, objects } = await open(t)
  await addItem(database, 'seed')
  const seed = await database.selectFrom('triage_items').selectAll().executeTakeFirstOrThrow()
  const rows = Array.from({ length: 1100 }, (_, n) => ({
    ...seed,
    id: `i-${n}`,
    boxes: '[]',
    detail_told: null,
    image: `triage/${n}.jpg`,
  }))
  await database.insertInto('triage_items').values(rows).execute()
  assert.equal(await dropOldItems({ database, objects }, Date.now() + DAY_MS), 1101)
})
