import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { build } from 'vite'
import { scriptBudget } from './script-budget.ts'

/** Text that gzip cannot make smaller than its number of bytes. */
const noise = (bytes: number): string => randomBytes(bytes).toString('base64')

async function buildPage(t: { after(work: () => Promise<void>): void }, limit: number): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'sentinel-budget-'))
  t.after(() => rm(root, { recursive: true }))
  await mkdir(join(root, 'src'))
  await writeFile(join(root, 'index.html'), '<script type="module" src="/src/main.js"></script>')
  await writeFile(
    join(root, 'src', 'main.js'),
    `import './shared.js'
     console.log(${JSON.stringify(noise(2000))}, new Worker(new URL('./worker.js', import.meta.url), { type: 'module' }))
     addEventListener('click', () => import('./later.js'))`,
  )
  await writeFile(join(root, 'src', 'shared.js'), `console.log(${JSON.stringify(noise(2000))})`)
  await writeFile(join(root, 'src', 'worker.js'), `console.log(${JSON.stringify(noise(2000))})`)
  await writeFile(join(root, 'src', 'heavy.js'), `console.log(${JSON.stringify(noise(50_000))})`)
  await writeFile(
    join(root, 'src', 'later.js'),
    `console.log(${JSON.stringify(noise(50_000))}, new Worker(new URL('./heavy.js', import.meta.url), { type: 'module' }))`,
  )
  const output = { outDir: join(root, 'dist'), modulePreload: false as const }
  await build({ configFile: false, root, logLevel: 'silent', plugins: [scriptBudget(limit)], build: output })
}

test('a page whose entry, imports and worker fit is built, however heavy what it loads later, workers too', (t) =>
  buildPage(t, 9000))

test('a page whose worker no longer fits is refused with its size', async (t) => {
  await assert.rejects(buildPage(t, 5000), /The first load is [\d.]+ KiB of script \(gzip\), 4\.9 KiB at most/)
})
