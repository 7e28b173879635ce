import type { ChildProcess } from 'node:child_process'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Kafka, logLevel } from 'kafkajs'
import { classPathOf, endProcess, freePort, startJava, untilReady } from './java.ts'

const CLUSTER_ID = 'c2VudGluZWwtdGVzdHMtMQ'

/** One real broker, alone and on its own folder; it can be ended and started again on what it holds. */
export class KafkaServer {
  readonly broker: string
  readonly #directory: string
  readonly #classPath: string
  #process: ChildProcess | undefined

  private constructor(broker: string, directory: string, classPath: string) {
    this.broker = broker
    this.#directory = directory
    this.#classPath = classPath
  }

  static async start(): Promise<KafkaServer> {
    const directory = await mkdtemp(join(tmpdir(), 'sentinel-kafka-'))
    const [port, controller] = [await freePort(), await freePort()]
    const classPath = await classPathOf('kafka')
    const config = join(directory, 'server.properties')
    await writeFile(config, propertiesOf(directory, port, controller))
    const format = ['-Xmx128m', '-cp', classPath, 'kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', config]
    await promisify(execFile)('java', format)
    const server = new KafkaServer(`127.0.0.1:${port}`, directory, classPath)
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
    await untilReady(this.#process, () => this.#answers())
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
