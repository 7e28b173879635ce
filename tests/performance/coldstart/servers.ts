import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type OpenDatabase, openDatabase } from '../../../platform/adapters/database-postgres.ts'
import { KafkaLog } from '../../../platform/adapters/log-kafka/kafka-log.ts'
import { KEY_BYTES } from '../../../platform/cameras/sealing.ts'
import { topics } from '../../../platform/events/topics.ts'
import { root } from '../../../platform/paths.ts'
import { KafkaServer } from '../../servers/kafka.ts'
import { defer, type Scope } from '../../support/defer.ts'
import { startGitServer } from '../../support/git-server.ts'
import { kafkaSpace } from '../../support/kafka.ts'
import { startServer, withDatabase } from '../../support/postgres-server.ts'

/** What every function stands on, real and on this machine. */
export interface Servers {
  readonly broker: string
  /** Of topics and groups. */
  readonly prefix: string
  readonly log: KafkaLog
  readonly database: OpenDatabase['database']
  readonly secretKey: Buffer
  /** For the functions. */
  readonly env: Readonly<Record<string, string>>
}

/** @param log `kafka://host:port` of a broker that runs already; one is started without it. */
export async function startServers(t: Scope, log: string | undefined): Promise<Servers> {
  const broker = log ? new URL(log).host : await ownBroker(t)
  const space = await kafkaSpace(Object.keys(topics), 1, broker)
  defer(t, space.remove)
  const postgres = await startServer()
  defer(t, postgres.stop)
  const url = withDatabase(postgres.url, 'migrated')
  const { database, close } = openDatabase(url)
  defer(t, close)
  const objects = await mkdtemp(join(tmpdir(), 'sentinel-coldstart-'))
  defer(t, () => rm(objects, { recursive: true, force: true }))
  const git = await startGitServer(t)
  const ours = new KafkaLog(space.url)
  defer(t, () => ours.close())
  const secretKey = Buffer.alloc(KEY_BYTES, 7)
  const env = {
    SENTINEL_LOG: space.url,
    DATABASE_URL: url,
    SENTINEL_OBJECTS: pathToFileURL(objects).href,
    SENTINEL_SECRET_KEY: secretKey.toString('base64'),
    SENTINEL_MODEL: join(root, 'detector', 'model.onnx'),
    SENTINEL_GIT_REMOTE: git.url,
    // The same event is shown to one process after another: it is old by then, and nobody else's.
    SENTINEL_MAX_FRAME_AGE: '86400000',
    SENTINEL_TRAIN_QUIET: '0',
  }
  return { broker, prefix: space.prefix, log: ours, database, secretKey, env }
}

async function ownBroker(t: Scope): Promise<string> {
  const kafka = await KafkaServer.start()
  defer(t, () => kafka.remove())
  return kafka.broker
}
