import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { Kafka, logLevel } from 'kafkajs'
import { sql } from 'kysely'
import { startPostgres } from '../../platform/adapters/database-embedded/server.ts'
import { type OpenDatabase, openDatabase } from '../../platform/adapters/database-postgres.ts'
import { topicNames } from '../../platform/events/topics.ts'
import { functions } from '../../platform/hosts/functions.ts'
import { S3Server } from '../servers/s3.ts'
import { defer } from '../support/defer.ts'
import { withDatabase } from '../support/postgres-server.ts'
import type { Secrets } from './secrets.ts'

/** This machine as Pods see it. */
const MACHINE = '10.244.0.1'
export const BROKER = `${MACHINE}:9092`

/** PostgreSQL and an S3 server where `overlays/engines` says, with the passwords of the secrets; Kafka is the cluster's. */
export async function startEngines(t: TestContext, secrets: Secrets): Promise<OpenDatabase> {
  await emptyKafka()
  defer(t, emptyKafka)
  const s3 = await S3Server.start(secrets.objectsSecret)
  defer(t, () => s3.remove())
  await forward(t, 8333, new URL(s3.url).host)
  return startDatabase(t, secrets.databasePassword)
}

async function startDatabase(t: TestContext, password: string): Promise<OpenDatabase> {
  const directory = await mkdtemp(join(tmpdir(), 'sentinel-postgres-'))
  defer(t, () => rm(directory, { recursive: true, force: true }))
  await chmod(directory, 0o755)
  const { url, stop } = await startPostgres({ directory })
  defer(t, stop)
  const admin = openDatabase(url, { connections: 1 })
  await sql.raw('CREATE DATABASE sentinel').execute(admin.database)
  // Its owner has this name here, as in deploy/infrastructure.
  await sql.raw(`ALTER ROLE sentinel PASSWORD '${password}'`).execute(admin.database)
  await admin.close()
  await forward(t, 5432, new URL(url).host)
  const own = Object.assign(new URL(withDatabase(url, 'sentinel')), { password })
  const opened = openDatabase(own.href, { connections: 4 })
  defer(t, opened.close)
  return opened
}

/** Whoever connects to a port of the machine talks to a server of the loopback. @returns where Pods find it */
export async function forward(t: TestContext, port: number, target: string): Promise<string> {
  const [host, targetPort] = target.split(':')
  const server = createServer((socket) => {
    const upstream = connect(Number(targetPort), host)
    for (const each of [socket, upstream]) each.on('error', () => [socket, upstream].map((end) => end.destroy()))
    socket.pipe(upstream).pipe(socket)
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, MACHINE, resolve))
  defer(t, () => server.close())
  return `${MACHINE}:${port}`
}

/** No topic and no group of Sentinel's: another run may have been cut off. */
async function emptyKafka(): Promise<void> {
  const admin = new Kafka({ brokers: [BROKER], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  const groups = new Set(functions.map(({ declaration }) => declaration.name))
  const present = (await admin.listGroups()).groups.map(({ groupId }) => groupId).filter((id) => groups.has(id))
  if (present.length > 0) await admin.deleteGroups(present)
  const topics = (await admin.listTopics()).filter((name) => topicNames.some((known) => known === name))
  if (topics.length > 0) await admin.deleteTopics({ topics })
  await admin.disconnect()
}
