import type { ChildProcess } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { classPathOf, endProcess, freePort, startJava, untilReady } from './java.ts'

const IDENTITY = 'sentinel'
const CREDENTIAL = 'sentinel-secret'

/** One real S3 server on a folder of its own; it can be ended and started again on what it holds. */
export class S3Server {
  /** With its key and secret, for SENTINEL_OBJECTS. */
  readonly url: string
  readonly #endpoint: string
  readonly #directory: string
  readonly #classPath: string
  #process: ChildProcess | undefined

  private constructor(endpoint: string, credential: string, directory: string, classPath: string) {
    this.#endpoint = endpoint
    this.url = `s3://${IDENTITY}:${credential}@${endpoint}/?ssl=false`
    this.#directory = directory
    this.#classPath = classPath
  }

  /** @param credential the secret of its one key, `sentinel` */
  static async start(credential = CREDENTIAL): Promise<S3Server> {
    const directory = await mkdtemp(join(tmpdir(), 'sentinel-s3-'))
    const endpoint = `127.0.0.1:${await freePort()}`
    const objects = join(directory, 'objects')
    await mkdir(objects)
    const properties = [
      `s3proxy.endpoint=http://${endpoint}`,
      's3proxy.authorization=aws-v2-or-v4',
      `s3proxy.identity=${IDENTITY}`,
      `s3proxy.credential=${credential}`,
      'jclouds.provider=filesystem-nio2',
      `jclouds.filesystem.basedir=${objects}`,
    ]
    await writeFile(join(directory, 's3.properties'), properties.join('\n'))
    const server = new S3Server(endpoint, credential, directory, await classPathOf('s3'))
    await server.start().catch(async (error) => {
      await server.remove()
      throw error
    })
    return server
  }

  /** Resolves once it answers requests. */
  async start(): Promise<void> {
    const args = ['-Xmx256m', '-DLOG_LEVEL=error', '-cp', this.#classPath, 'org.gaul.s3proxy.Main']
    const config = join(this.#directory, 's3.properties')
    this.#process = startJava([...args, '--properties', config], join(this.#directory, 'output'))
    await untilReady(this.#process, () => fetch(`http://${this.#endpoint}/`))
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.#process) await endProcess(this.#process, signal)
  }

  async remove(): Promise<void> {
    await this.end('SIGKILL')
    await rm(this.#directory, { recursive: true, force: true })
  }
}
