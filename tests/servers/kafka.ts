import type { ChildProcess } from 'node:child_process'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Kafka, logLevel } from 'kafkajs'
import { classPathOf, endProcess, freePort, startJava, untilReady } from './java.ts'

const CLUSTER_ID = 'c2VudGluZWwtdGVzdHMtMQ'

export interface Security {
  /** Of SASL/SCRAM-SHA-512. */
  readonly user: string
  readonly password: string
  /** PEM files: the broker's key with its certificate, and the authority whose clients it takes. */
  readonly keystore: string
  readonly authority: string
}

/** One real broker, alone and on its own folder; it can be ended and started again on what it holds. */
export class KafkaServer {
  readonly broker: string
  readonly #directory: string
  readonly #classPath: string
  readonly #isSecure: boolean
  #process: ChildProcess | undefined

  private constructor(broker: string, directory: string, classPath: string, isSecure: boolean) {
    this.broker = broker
    this.#isSecure = isSecure
    this.#directory = directory
    this.#classPath = classPath
  }

  /** @param security asked of clients: TLS, a certificate of their own, user and password; nothing without it. */
  static async start(security?: Security): Promise<KafkaServer> {
    const directory = await mkdtemp(join(tmpdir(), 'sentinel-kafka-'))
    const [port, controller] = [await freePort(), await freePort()]
    const classPath = await classPathOf('kafka')
    const config = join(directory, 'server.properties')
    await writeFile(config, propertiesOf(directory, port, controller) + (security ? securityOf(security) : ''))
    const format = ['-Xmx128m', '-cp', classPath, 'kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', config]
    const scram = security && `SCRAM-SHA-512=[name=${security.user},password=${security.password}]`
    await promisify(execFile)('java', [...format, ...(scram ? ['--add-scram', scram] : [])])
    const server = new KafkaServer(`127.0.0.1:${port}`, directory, classPath, security !== undefined)
    await server.start().catch(async (error) => {
      await server.remove()
      throw error
    })
    return server
  }

  /** Resolves once it answers requests. */
  async start(): Promise<void> {
    const args = ['-Xmx512m', '-XX:+UseSerialGC', '-cp', this.#classPath, 'kafka.Kafka']
    this.#process = startJava([...args, join(this.#directory, 'server.properties')], join(this.#directory, 'output'))
    await untilReady(this.#process, () => (this.#isSecure ? this.#listens() : this.#answers()))
  }

  /** As a machine that loses power does, with SIGKILL; in order without. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.#process) await endProcess(this.#process, signal)
  }

  /** It answers nothing for a while, as one whose disk stands still. */
  async stall(ms: number): Promise<void> {
    this.#process?.kill('SIGSTOP')
    await new Promise((resolve) => setTimeout(resolve, ms))
    this.#process?.kill('SIGCONT')
  }

  async remove(): Promise<void> {
    await this.end('SIGKILL')
    await rm(this.#directory, { recursive: true, force: true })
  }

  /** Whether it takes a user's word is what the tests of it find out. */
  async #listens(): Promise<void> {
    const [host, port] = this.broker.split(':')
    const socket = connect(Number(port), host)
    await once(socket, 'connect').finally(() => socket.destroy())
  }

  async #answers(): Promise<void> {
    const admin = new Kafka({ brokers: [this.broker], logLevel: logLevel.NOTHING, retry: { retries: 0 } }).admin()
    try {
      await admin.connect()
      await admin.describeCluster()
    } finally {
      await admin.disconnect()
    }
  }
}

/** The listener for clients asks for everything at once. */
function securityOf({ keystore, authority }: Security): string {
  return `listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:SASL_SSL
sasl.enabled.mechanisms=SCRAM-SHA-512
sasl.mechanism.inter.broker.protocol=SCRAM-SHA-512
ssl.keystore.type=PEM
ssl.keystore.location=${keystore}
ssl.truststore.type=PEM
ssl.truststore.location=${authority}
listener.name.plaintext.ssl.client.auth=required
ssl.endpoint.identification.algorithm=
listener.name.plaintext.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
`
}

function propertiesOf(directory: string, port: number, controller: number): string {
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controller}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
log.dirs=${join(directory, 'log')}
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
`
}
