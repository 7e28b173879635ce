import { spawn } from 'node:child_process'
import { classPathOf, whyNoJava } from '../../tests/servers/java.ts'
import { KafkaServer } from '../../tests/servers/kafka.ts'
import { S3Server } from '../../tests/servers/s3.ts'
import { messageOf, SentinelError } from '../errors.ts'
import { root } from '../paths.ts'

const PRODUCTION = ['{platform,functions,graphql,tests}/**/*.production.ts']
const FAULTS = ['tests/faults/*.faults.ts']
/** Half a dozen processes share a test of everything with whatever else the machine does. */
const WITHIN_MS = 900_000

/**
 * Runs the suites that need the servers of production, on real ones of its own.
 *
 * @param whereItCan leaves them out, and says so, where there is no Java or the servers cannot be had.
 */
export async function testProduction(patterns: readonly string[], whereItCan = false): Promise<void> {
  const lacking = whereItCan ? await whyNoServers() : undefined
  if (lacking) {
    const told = `${lacking}\nNOT RUN: the suites on real servers (npm run test:production).`
    return void process.stderr.write(`\n${framed(told)}\n`)
  }
  const limits = [`--test-timeout=${WITHIN_MS}`, '--test-concurrency=2']
  await onServers([...limits, ...(patterns.length > 0 ? patterns : PRODUCTION)])
}

/** What keeps the servers from running here; undefined once all of them are here. */
async function whyNoServers(): Promise<string | undefined> {
  const lacking = await whyNoJava()
  if (lacking) return lacking
  return Promise.all([classPathOf('kafka'), classPathOf('s3')]).then(
    () => undefined,
    (error: unknown) => `Kafka and the S3 server could not be fetched from Maven Central: ${messageOf(error)}`,
  )
}

function framed(text: string): string {
  const line = '!'.repeat(100)
  return [line, text, line].join('\n')
}

/** Runs the suites that attack servers and processes, one at a time: each counts what was sent and what became of it. */
export function testFaults(patterns: readonly string[]): Promise<void> {
  const limits = [`--test-timeout=${WITHIN_MS}`, '--test-concurrency=1']
  return onServers([...limits, ...(patterns.length > 0 ? patterns : FAULTS)])
}

async function onServers(args: readonly string[]): Promise<void> {
  const lacking = await whyNoJava()
  if (lacking) throw new SentinelError('CONFIGURATION_INVALID', lacking)
  const say = (text: string): void => void process.stderr.write(`${text}\n`)
  say('Starting Kafka and S3…')
  const [kafka, s3] = await Promise.all([KafkaServer.start(), S3Server.start()])
  try {
    const servers = { SENTINEL_TEST_KAFKA: kafka.broker, SENTINEL_TEST_S3: s3.url }
    process.exitCode = await runSuites(args, servers)
  } finally {
    say('Stopping…')
    await Promise.all([kafka.remove(), s3.remove()])
  }
}

function runSuites(suites: readonly string[], servers: Record<string, string>): Promise<number> {
  const flags = ['ExperimentalWarning', 'TimeoutNegativeWarning'].map((name) => `--disable-warning=${name}`)
  const args = [...flags, '--test', '--test-force-exit', ...suites]
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...servers } })
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 1))
  })
}
