import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { codeOf, SentinelError } from '../../errors.ts'
import { type Account, giveTo, isReachable } from './account.ts'
import type { Binaries } from './binaries.ts'

const run = promisify(execFile)

export const USER = 'sentinel'

export interface Cluster {
  /** PostgreSQL's own data directory. */
  readonly directory: string
  readonly password: string
}

/** Opens the cluster of a data directory, and makes it on the first start. */
export async function openCluster(dataDirectory: string, binaries: Binaries, account: Account): Promise<Cluster> {
  await mkdir(dataDirectory, { recursive: true })
  const password = await keepPassword(join(dataDirectory, 'postgres-password'))
  const home = await clusterHome(dataDirectory, account)
  const directory = join(home, 'postgres')
  if (!(await isThere(join(directory, 'PG_VERSION')))) await initialise(home, directory, password, binaries, account)
  return { directory, password }
}

/** Beside the other data where the server's account can get there; under a closed home, in the system's state folder. */
async function clusterHome(dataDirectory: string, account: Account): Promise<string> {
  if (await isReachable(dataDirectory, account)) return dataDirectory
  const name = createHash('sha256').update(dataDirectory).digest('hex').slice(0, 16)
  const home = join('/var/lib/sentinel', name)
  await mkdir(home, { recursive: true, mode: 0o755 })
  await writeFile(join(dataDirectory, 'postgres-location'), `${join(home, 'postgres')}\n`)
  return home
}

/** Into a folder of another name first, so that a half-made cluster is never mistaken for a whole one. */
async function initialise(
  home: string,
  directory: string,
  password: string,
  { initdb }: Binaries,
  account: Account,
): Promise<void> {
  const fresh = join(home, `postgres.${process.pid}`)
  const passwordFile = join(home, `postgres.${process.pid}.password`)
  await mkdir(fresh, { recursive: true, mode: 0o700 })
  try {
    await giveTo(fresh, account)
    await writeFile(passwordFile, password, { mode: 0o600 })
    await giveTo(passwordFile, account)
    const options = ['--username', USER, '--pwfile', passwordFile, '--auth', 'scram-sha-256', '--encoding', 'UTF8']
    await run(initdb, ['-D', fresh, ...options, '--locale', 'C'], { ...account, cwd: '/', env: { LC_ALL: 'C' } })
    await rename(fresh, directory)
  } catch (cause) {
    const { stderr = '' } = cause as { stderr?: string }
    throw new SentinelError('DATABASE_UNAVAILABLE', `PostgreSQL could not make its files in ${directory}: ${stderr}`, {
      cause,
    })
  } finally {
    await rm(passwordFile, { force: true })
    await rm(fresh, { recursive: true, force: true })
  }
}

/** Written whole under another name first: a crash leaves no empty password behind. The caller holds the directory's lock. */
async function keepPassword(path: string): Promise<string> {
  const kept = await passwordIn(path)
  if (kept) return kept
  const password = randomBytes(24).toString('base64url')
  const fresh = `${path}.new`
  await rm(fresh, { force: true })
  const file = await open(fresh, 'wx', 0o600)
  await file.writeFile(password)
  await file.sync()
  await file.close()
  await rename(fresh, path)
  return password
}

async function passwordIn(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
