import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { type FileHandle, open, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { codeOf, messageOf, SentinelError } from '../../errors.ts'
import { type Account, serverAccount } from './account.ts'
import { type Binaries, serverBinaries } from './binaries.ts'
import { type Cluster, openCluster, USER } from './cluster.ts'

const run = promisify(execFile)

const READY_WITHIN_MS = 60_000
const STOP_WITHIN_MS = 20_000
const POLL_MS = 20
const START_ATTEMPTS = 4
/** SQLSTATE invalid_password. */
const PASSWORD_REFUSED = '28P01'

/** Sized for a laptop beside a detector. Durability stays as PostgreSQL ships it. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '60',
  shared_buffers: '64MB',
  jit: 'off',
  max_wal_size: '256MB',
  log_min_messages: 'warning',
  timezone: 'UTC',
}

export interface EmbeddedPostgres {
  readonly url: string
  /** Rejects when the server ends without having been asked to; never resolves. */
  readonly died: Promise<never>
  stop(): Promise<void>
}

export interface PostgresOptions {
  /** Sentinel's data directory; the caller holds its lock. */
  readonly directory: string
}

/** Runs a real PostgreSQL server on a free loopback port, after ending one that a killed Sentinel left on these files. */
export async function startPostgres({ directory }: PostgresOptions): Promise<EmbeddedPostgres> {
  const binaries = await serverBinaries()
  const account = serverAccount()
  const cluster = await openCluster(directory, binaries, account)
  await endOrphan(cluster.directory)
  for (let attempt = 1; ; attempt++) {
    try {
      return await startServer(cluster, binaries, account, directory)
    } catch (error) {
      // The backends of a killed server hold its shared memory for a moment after it.
      if (attempt === START_ATTEMPTS || codeOf(error) === 'CONFIGURATION_INVALID') throw error
      await delay(attempt * 500)
    }
  }
}

async function startServer(
  cluster: Cluster,
  binaries: Binaries,
  account: Account,
  directory: string,
): Promise<EmbeddedPostgres> {
  const port = await freePort()
  const log = await open(join(directory, 'postgres.log'), 'w', 0o600)
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawn(binaries.postgres, ['-D', cluster.directory, '-p', String(port), ...settings], {
    ...account,
    cwd: '/',
    // Its own process group: the terminal's Ctrl-C must not end it before its clients.
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    env: { LC_ALL: 'C', TZ: 'UTC' },
  })
  return supervise(child, cluster, port, log, directory)
}

async function supervise(
  child: ChildProcess,
  { password }: Cluster,
  port: number,
  log: FileHandle,
  directory: string,
): Promise<EmbeddedPostgres> {
  let stopping = false
  const exited = new Promise<void>((resolve, reject) => {
    child.once('exit', () => resolve())
    child.once('error', reject)
  }).finally(() => log.close())
  const died = exited.then(async (): Promise<never> => {
    if (stopping) return new Promise<never>(() => {})
    const text = await readFile(join(directory, 'postgres.log'), 'utf8')
    throw new SentinelError('DATABASE_UNAVAILABLE', `PostgreSQL ended by itself: ${text.slice(-2000)}`)
  })
  died.catch(() => {})
  const url = `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`
  const stop = async (): Promise<void> => {
    stopping = true
    await endProcess(child, exited)
  }
  try {
    await Promise.race([untilReady(url), died])
  } catch (error) {
    await stop()
    throw error
  }
  return { url, died, stop }
}

/** Fast shutdown first: clients are cut off, everything committed is on disk. */
async function endProcess(child: ChildProcess, exited: Promise<void>): Promise<void> {
  child.kill('SIGINT')
  const timer = setTimeout(() => child.kill('SIGQUIT'), STOP_WITHIN_MS)
  await exited
  clearTimeout(timer)
}

async function untilReady(url: string): Promise<void> {
  const end = Date.now() + READY_WITHIN_MS
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 })
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      if (codeOf(error) === PASSWORD_REFUSED) throw wrongPassword(error)
      if (Date.now() > end) throw error
      await delay(POLL_MS)
    }
  }
}

function wrongPassword(cause: unknown): SentinelError {
  return new SentinelError(
    'CONFIGURATION_INVALID',
    'The embedded PostgreSQL does not take the password of the file postgres-password in the data directory. Put the file back from a backup, or start with another --data-dir.',
    { cause },
  )
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function endOrphan(directory: string): Promise<void> {
  const pid = await orphan(directory)
  if (pid !== undefined) await endServer(pid, directory)
  // Whoever it names is no server of these files: a process that took its number over, or one that nobody has collected yet.
  await rm(join(directory, 'postmaster.pid'), { force: true })
}

async function endServer(pid: number, directory: string): Promise<void> {
  process.kill(pid, 'SIGINT')
  for (const end = Date.now() + STOP_WITHIN_MS; (await orphan(directory)) === pid; await delay(POLL_MS)) {
    if (Date.now() > end) {
      throw new SentinelError(
        'DATABASE_UNAVAILABLE',
        `An earlier PostgreSQL (process ${pid}) still runs on ${directory} and does not stop. End it, then start again.`,
      )
    }
  }
}

/** The process of `postmaster.pid`, if it is alive and really serves this directory: process ids are used again. */
async function orphan(directory: string): Promise<number | undefined> {
  const text = await readFile(join(directory, 'postmaster.pid'), 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return ''
    throw new SentinelError('DATABASE_UNAVAILABLE', `Cannot look at ${directory}: ${messageOf(error)}`, {
      cause: error,
    })
  })
  const pid = Number(text.split('\n')[0])
  if (!pid || !isAlive(pid)) return undefined
  return (await commandLine(pid)).includes(directory) ? pid : undefined
}

/** Empty for a process that ended meanwhile. Small systems have no `ps`; where there is /proc, none is needed. */
async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') return (await contentOf(`/proc/${pid}/cmdline`)).replaceAll('\0', ' ')
  try {
    return (await run('ps', ['-p', String(pid), '-o', 'args='])).stdout
  } catch (cause) {
    if ((cause as { code?: unknown }).code === 1) return ''
    throw new SentinelError('DATABASE_UNAVAILABLE', `Cannot see whether process ${pid} is an earlier PostgreSQL`, {
      cause,
    })
  }
}

async function contentOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH') return ''
    throw error
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}
