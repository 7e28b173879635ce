import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { startPostgres } from '../../platform/adapters/database-embedded/server.ts'
import { openDatabase } from '../../platform/adapters/database-postgres.ts'
import { FileObjects } from '../../platform/adapters/objects-files.ts'
import type { Database } from '../../platform/ports/database.ts'
import { launchBrowser } from '../support/browser.ts'
import { addReviewItems } from '../support/review.ts'
import { startSentinel } from '../support/sentinel.ts'
import { type Benchmark, type Figures, quantile } from './figures.ts'

const ITEMS = 200
const UNDOS = 50
/** What is done with ten items, over and over: most are right, some need a class, a missed box, or are of no use. */
const HABITS = [['f'], ['f'], ['2', 'f'], ['f'], ['r'], ['f'], ['s'], ['f'], ['a', '3', 'f'], ['f']] as const
const VERDICTS: Readonly<Record<string, string>> = { f: 'confirm', r: 'reject', s: 'skip' }

/** A scripted operator works through the real queue in a real browser, as fast as the interface lets it. */
export const triage: Benchmark = {
  about: `${ITEMS} items judged by key in Chromium, ${UNDOS} of them undone and judged again`,
  async run(say) {
    const folder = await mkdtemp(join(tmpdir(), 'sentinel-bench-triage-'))
    await chmod(folder, 0o755)
    const postgres = await startPostgres({ directory: folder })
    const { database, close } = openDatabase(postgres.url)
    const dataDir = join(folder, 'data')
    const args = ['--data-dir', dataDir, '--cameras', 'none', '--model', 'none', '--port', '0']
    const sentinel = await startSentinel(args, { DATABASE_URL: postgres.url })
    const browser = await launchBrowser()
    try {
      await addCamera(database)
      await addReviewItems({ database, objects: new FileObjects(join(dataDir, 'objects')) }, ITEMS)
      return await operate(await openDesk(browser, sentinel), database, say)
    } finally {
      await browser.close()
      await sentinel.stop()
      await close()
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
    }
  },
}

async function addCamera(database: Database): Promise<void> {
  const camera = { id: 'cam-0', name: 'Main Street', source: 'rtsp://h/1', enabled: false }
  await database.insertInto('cameras').values(camera).execute()
}

async function openDesk(browser: Browser, { origin, token }: { origin: string; token: string }): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en', bypassCSP: true })
  await page.goto(`${origin}/triage?token=${token}`)
  await page.locator('[data-item]').waitFor()
  return page
}

async function operate(page: Page, database: Database, say: (text: string) => void): Promise<Figures> {
  const said = new Map<string, string>()
  const startedAt = performance.now()
  await judge(page, said, ITEMS - UNDOS)
  const minutes = (performance.now() - startedAt) / 60_000
  await isSaved(page)
  const before = await standing(database)
  say(`${ITEMS - UNDOS} judged; now ${UNDOS} more, undone and judged again`)
  const later = new Map<string, string>()
  await judge(page, later, UNDOS - 1)
  const forward = await paintTimes(page)
  for (let n = 0; n < UNDOS - 1; n++) await press(page, 'z')
  await isSaved(page)
  const back = (await paintTimes(page)).slice(forward.length)
  const changedByUndos = differences(before, await standing(database))
  await judge(page, said, UNDOS - 1)
  await lastItem(page, said)
  await isSaved(page)
  return {
    itemsPerMinute: (ITEMS - UNDOS) / minutes,
    p50NextItemMs: quantile(forward, 0.5),
    p95NextItemMs: quantile(forward, 0.95),
    p95UndoMs: quantile(back, 0.95),
    lostVerdicts: differences(said, await standing(database)),
    doubledVerdicts: await doubled(database),
    changedByUndos,
  }
}

/** Each next item must be painted before it is judged. */
async function judge(page: Page, said: Map<string, string>, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const keys = HABITS[n % HABITS.length]!
    for (const key of keys.slice(0, -1)) await page.keyboard.press(key)
    said.set(await shown(page), verdictOf(keys))
    await press(page, keys.at(-1)!)
  }
}

/** After the last one there is none to wait for. */
async function lastItem(page: Page, said: Map<string, string>): Promise<void> {
  said.set(await shown(page), 'confirm')
  await page.keyboard.press('f')
  await page.getByText('Nothing to review').waitFor()
}

function verdictOf(keys: readonly string[]): string {
  return keys.length > 1 ? 'correct' : VERDICTS[keys[0]!]!
}

async function shown(page: Page): Promise<string> {
  return (await page.locator('[data-item]').getAttribute('data-item'))!
}

async function press(page: Page, key: string): Promise<void> {
  const painted = await page.evaluate<number>('window.__sentinelTriage?.length ?? 0')
  await page.keyboard.press(key)
  await page.waitForFunction(`(window.__sentinelTriage?.length ?? 0) > ${painted}`)
}

async function isSaved(page: Page): Promise<void> {
  await page.locator('[data-saving="saved"]').waitFor()
}

async function paintTimes(page: Page): Promise<number[]> {
  return page.evaluate<number[]>('window.__sentinelTriage.map(({ ms }) => ms)')
}

async function standing(database: Database): Promise<Map<string, string>> {
  const rows = await database
    .selectFrom('verdicts')
    .select(['item_id', 'verdict'])
    .where('withdrawn_at', 'is', null)
    .execute()
  return new Map(rows.map(({ item_id, verdict }) => [item_id, verdict]))
}

function differences(wanted: ReadonlyMap<string, string>, found: ReadonlyMap<string, string>): number {
  return [...new Set([...wanted.keys(), ...found.keys()])].filter((id) => wanted.get(id) !== found.get(id)).length
}

/** Every verdict was given once, and those that were undone once more. */
async function doubled(database: Database): Promise<number> {
  const { count } = await database
    .selectFrom('verdicts')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow()
  return Math.max(0, Number(count) - ITEMS - (UNDOS - 1))
}
