import { join } from 'node:path'
import type { pino } from 'pino'
import { startPostgres } from '../../adapters/database-embedded/server.ts'
import type { OpenDatabase } from '../../adapters/database-postgres.ts'
import { EmbeddedLog } from '../../adapters/log-embedded/embedded-log.ts'
import { memory } from '../../adapters/memory.ts'
import { migrate } from '../../adapters/migrations.ts'
import { FileObjects } from '../../adapters/objects-files.ts'
import { Pictures } from '../../adapters/pictures/pictures.ts'
import { systemClock } from '../../adapters/system-clock.ts'
import { ThreadTrainer } from '../../adapters/trainer-thread/trainer.ts'
import { NodeAvVideo } from '../../adapters/video-nodeav/video.ts'
import type { CameraSources } from '../../ports/cameras.ts'
import type { Log } from '../../ports/log.ts'
import type { MediaServer } from '../../ports/media.ts'
import type { RunningModels } from '../../ports/model.ts'
import type { ObjectStore } from '../../ports/objects.ts'
import type { Ports } from '../../ports/ports.ts'
import type { Repository } from '../../ports/repository.ts'
import type { VideoPackets } from '../../ports/video.ts'
import { adapters, openPlace } from '../adapters.ts'
import { ModelShelf } from '../model-shelf.ts'
import { openRepository } from '../repository.ts'
import type { Closing } from './closing.ts'
import { keepRetention } from './leaders.ts'
import type { Settings } from './settings.ts'

export type LocalPorts = Ports & { readonly video: VideoPackets }

/** What is opened before there are ports of it. */
export interface Opened {
  readonly database: OpenDatabase['database']
  readonly objects: ObjectStore
  readonly repository: Repository
  readonly cameras: CameraSources
  /** Undefined where nothing detects. */
  readonly model: RunningModels | undefined
}

export interface EnginesOptions {
  readonly settings: Settings
  readonly closing: Closing
  readonly logger: pino.Logger
  readonly onProgress: (text: string) => void
}

/** Opens what the functions run on: in the data directory, or elsewhere where a setting names a server. */
export class Engines {
  readonly #options: EnginesOptions
  readonly #directory: string

  constructor(directory: string, options: EnginesOptions) {
    this.#directory = directory
    this.#options = options
  }

  async objects(): Promise<ObjectStore> {
    const { objects } = this.#options.settings
    return objects ? openPlace('objects', adapters, objects) : await FileObjects.open(join(this.#directory, 'objects'))
  }

  async media(): Promise<MediaServer | undefined> {
    const { media } = this.#options.settings
    return media ? openPlace('media', adapters, media) : undefined
  }

  /** What others wrote there counts from the first moment, if it can be had now. */
  async repository(): Promise<Repository> {
    const { settings, logger } = this.#options
    const repository = await openRepository(join(this.#directory, 'gitops.git'), settings)
    const { message } = await repository.synchronise()
    if (message) logger.warn(message)
    return repository
  }

  async database(): Promise<{ opened: OpenDatabase; died: Promise<never> }> {
    const { settings, closing, onProgress } = this.#options
    onProgress('Starting PostgreSQL…')
    const { databaseUrl } = settings
    const postgres = databaseUrl ? undefined : await startPostgres({ directory: this.#directory })
    if (postgres) closing.add('PostgreSQL', postgres.stop)
    const opened = await openPlace('databaseUrl', adapters, databaseUrl ?? postgres!.url)
    closing.add('database', opened.close)
    await migrate(opened.database)
    await keepRetention(opened, settings)
    return { opened, died: postgres?.died ?? new Promise<never>(() => {}) }
  }

  /** A standby of the database; undefined where the API reads everything from the database itself. */
  async history(): Promise<OpenDatabase['database'] | undefined> {
    const { settings, closing } = this.#options
    if (!settings.databaseReplica) return undefined
    const { database, close } = await openPlace('databaseUrl', adapters, settings.databaseReplica)
    closing.add('database replica', close)
    return database
  }

  async ports({ model, ...opened }: Opened): Promise<LocalPorts> {
    const { settings, closing } = this.#options
    const log = await this.#log()
    closing.add('log', () => log.close())
    const video = new NodeAvVideo({ networks: settings.sourceNetworks })
    closing.add('video', () => video.close())
    const pictures = new Pictures()
    closing.add('pictures', () => pictures.close())
    const models = new ModelShelf({ objects: opened.objects, folder: join(this.#directory, 'models') })
    closing.add('models', () => models.close())
    return {
      ...opened,
      log,
      video,
      pictures,
      models,
      trainer: new ThreadTrainer(),
      memory: memory(100_000),
      clock: systemClock,
      model: model as RunningModels,
    }
  }

  async #log(): Promise<Log> {
    const { settings, logger } = this.#options
    if (settings.log) return openPlace('log', adapters, settings.log)
    const onError = (err: Error): void => logger.error({ err }, 'the log')
    return EmbeddedLog.open({ directory: join(this.#directory, 'log'), clock: systemClock, onError })
  }
}
