import { createHash } from 'node:crypto'
import { glob, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../paths.ts'

const PARENT = join(root, 'dist')
const OUTPUT = join(PARENT, 'web')
const STAMP = '.built-from'

/** Builds the dashboard when what it is made of has changed. @returns the folder to serve. */
export async function buildDashboard(onProgress: (text: string) => void): Promise<string> {
  const digest = await digestOfSources()
  if (await isBuiltFrom(digest)) return OUTPUT
  onProgress('The dashboard has changed: building it with Vite…')
  await mkdir(PARENT, { recursive: true })
  const fresh = await mkdtemp(join(PARENT, 'web-'))
  try {
    const { build } = await import('vite')
    await build({
      configFile: join(root, 'web', 'vite.config.ts'),
      root: join(root, 'web'),
      logLevel: 'warn',
      build: { outDir: fresh },
    })
    await writeFile(join(fresh, STAMP), digest)
    await takePlace(fresh, digest)
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
  return OUTPUT
}

/** A whole build takes the place of the old one, so that nobody is served half of it, and two builders do not mix. */
async function takePlace(fresh: string, digest: string): Promise<void> {
  await rm(OUTPUT, { recursive: true, force: true })
  try {
    await rename(fresh, OUTPUT)
  } catch (error) {
    if (!(await isBuiltFrom(digest))) throw error
  }
}

async function isBuiltFrom(digest: string): Promise<boolean> {
  return (await readFile(join(OUTPUT, STAMP), 'utf8').catch(() => '')) === digest
}

async function digestOfSources(): Promise<string> {
  const files = await Array.fromAsync(glob('web/**/*.{ts,tsx,css,html,json,svg}', { cwd: root }))
  const sources = files.filter((file) => !file.endsWith('.test.ts'))
  const hash = createHash('sha256')
  for (const file of [...sources, 'package-lock.json'].sort())
    hash.update(file).update(await readFile(join(root, file)))
  return hash.digest('hex')
}
