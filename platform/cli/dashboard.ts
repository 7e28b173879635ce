import { createHash } from 'node:crypto'
import { glob, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../paths.ts'

const OUTPUT = join(root, 'dist', 'web')
const STAMP = join(OUTPUT, '.built-from')

/** Builds the dashboard when what it is made of has changed. @returns the folder to serve. */
export async function buildDashboard(onProgress: (text: string) => void): Promise<string> {
  const digest = await digestOfSources()
  if ((await readFile(STAMP, 'utf8').catch(() => '')) === digest) return OUTPUT
  onProgress('The dashboard has changed: building it with Vite…')
  const { build } = await import('vite')
  await build({ configFile: join(root, 'web', 'vite.config.ts'), root: join(root, 'web'), logLevel: 'warn' })
  await writeFile(STAMP, digest)
  return OUTPUT
}

async function digestOfSources(): Promise<string> {
  const files = await Array.fromAsync(glob('web/**/*.{ts,tsx,css,html,json,svg}', { cwd: root }))
  const hash = createHash('sha256')
  for (const file of [...files, 'package-lock.json'].sort()) hash.update(file).update(await readFile(join(root, file)))
  return hash.digest('hex')
}
