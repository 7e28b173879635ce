import { createHash } from 'node:crypto'
import { glob, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../paths.ts'
import { isMadeFrom, takePlace } from './made-folder.ts'

const PARENT = join(root, 'dist')
const OUTPUT = join(PARENT, 'web')

/** Builds the dashboard when what it is made of has changed. @returns the folder to serve. */
export async function buildDashboard(onProgress: (text: string) => void): Promise<string> {
  const digest = await digestOfSources()
  if (await isMadeFrom(OUTPUT, digest)) return OUTPUT
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
    await takePlace(fresh, OUTPUT, digest)
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
  return OUTPUT
}

async function digestOfSources(): Promise<string> {
  const files = await Array.fromAsync(glob('web/**/*.{ts,tsx,css,html,json,geojson,svg}', { cwd: root }))
  const sources = files.filter((file) => !file.endsWith('.test.ts'))
  const hash = createHash('sha256')
  for (const file of [...sources, 'package-lock.json'].sort())
    hash.update(file).update(await readFile(join(root, file)))
  return hash.digest('hex')
}
