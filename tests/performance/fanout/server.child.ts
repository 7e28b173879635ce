import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Registry } from 'prom-client'
import { EventFeed } from '../../../graphql/live.ts'
import { startServer } from '../../../graphql/server.ts'
import { openDatabase } from '../../../platform/adapters/database-postgres.ts'
import { EmbeddedLog } from '../../../platform/adapters/log-embedded/embedded-log.ts'
import { FileObjects } from '../../../platform/adapters/objects-files.ts'
import { GitRepository } from '../../../platform/adapters/repository-git/git-repository.ts'
import { systemClock } from '../../../platform/adapters/system-clock.ts'
import { NodeAvVideo } from '../../../platform/adapters/video-nodeav/video.ts'
import { Sealing } from '../../../platform/cameras/sealing.ts'
import { detect } from '../../support/detections.ts'

const TOKEN = 'bench-token'

/** To this process: put so many detections of each camera on the log, this often. */
export interface Emit {
  readonly cameras: readonly string[]
  readonly each: number
  readonly everyMs: number
}

export type FromServer =
  | { readonly kind: 'ready'; readonly url: string }
  /** Since the start: CPU in ms; memory now, bytes. */
  | { readonly kind: 'emitted'; readonly cpuMs: number; readonly rss: number }

const tell = (message: FromServer): void => void process.send!(message)

const folder = await mkdtemp(join(tmpdir(), 'sentinel-bench-fanout-'))
const onError = (error: Error): void => void process.stderr.write(`${error.stack}\n`)
const log = await EmbeddedLog.open({ directory: join(folder, 'log'), clock: systemClock, onError })
const feed = await EventFeed.open(log)
// A subscription to detections asks the database nothing, so none is there.
const { database } = openDatabase('postgres://nobody@127.0.0.1:1/none')
const desk = {
  database,
  clock: systemClock,
  sealing: new Sealing(new Uint8Array(32)),
  rules: { files: false, baseDirectory: '/' },
}
const server = await startServer({
  host: '127.0.0.1',
  port: 0,
  token: TOKEN,
  dashboard: folder,
  metrics: new Registry(),
  onError,
  ports: {
    database,
    log,
    feed,
    desk,
    sources: new NodeAvVideo(),
    repository: await GitRepository.open({ directory: join(folder, 'gitops.git') }),
    clock: systemClock,
    objects: new FileObjects(join(folder, 'objects')),
    health: async () => [],
    lag: async () => [],
  },
})

async function emit({ cameras, each, everyMs }: Emit): Promise<void> {
  for (let n = 0; n < each; n++) {
    await Promise.all([sleep(everyMs), ...cameras.map((camera) => detect(log, camera))])
  }
  const { user, system } = process.cpuUsage()
  tell({ kind: 'emitted', cpuMs: (user + system) / 1000, rss: process.memoryUsage.rss() })
}

process.on('message', (message: Emit) => void emit(message))
process.on('disconnect', async () => {
  await server.close()
  await feed.close()
  await log.close()
  await rm(folder, { recursive: true, force: true })
  process.exit()
})
tell({ kind: 'ready', url: server.url })
