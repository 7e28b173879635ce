import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { access, mkdir, rename, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../../platform/paths.ts'

const execute = promisify(execFile)
const RESOLVE_WITHIN_MS = 600_000
const STOP_WITHIN_MS = 20_000
/** A broker is ready after 5 s of processor time: on a busy machine that is long. */
const READY_WITHIN_MS = 180_000

const SERVERS = ['kafka', 's3'] as const
type ServerName = (typeof SERVERS)[number]

/** Why the servers cannot run here; undefined when they can. Maven is needed only until they are here. */
export async function whyNoJava(): Promise<string | undefined> {
  const areHere = (await Promise.all(SERVERS.map((server) => isThere(jarsOf(server))))).every(Boolean)
  for (const tool of areHere ? ['java'] : ['java', 'mvn']) {
    const found = await execute(tool, ['-version']).then(
      () => true,
      () => false,
    )
    if (!found)
      return `There is no ${tool} on the PATH. Install Java 17 and Maven: Kafka and the S3 server of the tests run on them.`
  }
  return undefined
}

/** The class path of a server by its folder here, from Maven Central once and from the cache of this checkout then. */
export async function classPathOf(server: ServerName): Promise<string> {
  const jars = jarsOf(server)
  if (!(await isThere(jars))) {
    const part = `${jars}.${process.pid}.part`
    await mkdir(dirname(jars), { recursive: true })
    const pom = join(root, 'tests', 'servers', server, 'pom.xml')
    const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${part}`]
    await execute('mvn', ['-B', '-ntp', '-q', '-f', pom, ...goal], { timeout: RESOLVE_WITHIN_MS })
    await rename(part, jars).catch(() => rm(part, { recursive: true }))
  }
  return join(jars, '*')
}

function jarsOf(server: ServerName): string {
  return join(process.env.SENTINEL_TEST_JARS || join(root, 'node_modules', '.cache', 'sentinel-servers'), server)
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** A Java process whose output goes to a file. */
export function startJava(args: readonly string[], output: string): ChildProcess {
  const child = spawn('java', args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const file = createWriteStream(output, { flags: 'a' })
  child.stdout.pipe(file, { end: false })
  child.stderr.pipe(file, { end: false })
  child.once('exit', () => file.end())
  return child
}

/** Ends it in order, and by force when that takes too long. */
export async function endProcess(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill(signal)
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS)
  await exited
  clearTimeout(timer)
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Resolves once `ready` does not reject. @throws its last error when the process ends or the time is over. */
export async function untilReady(
  child: ChildProcess,
  ready: () => Promise<unknown>,
  ms = READY_WITHIN_MS,
): Promise<void> {
  for (const end = Date.now() + ms; ; ) {
    try {
      await ready()
      return
    } catch (error) {
      if (child.exitCode !== null || Date.now() > end) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}
