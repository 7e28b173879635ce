import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { pino } from 'pino'
import { declaration as frameKeeper } from '../../../functions/frame-keeper/function.ts'
import { modelPromoter } from '../../../functions/model-promoter/handler.ts'
import { trainTrigger } from '../../../functions/train-trigger/handler.ts'
import type { ApiPorts, HealthPart } from '../../../graphql/context.ts'
import { EventFeed } from '../../../graphql/live.ts'
import { type RunningServer, startServer } from '../../../graphql/server.ts'
import { systemClock } from '../../adapters/system-clock.ts'
import type { CameraDesk } from '../../cameras/commands.ts'
import { type ImportReport, importCameras } from '../../cameras/import.ts'
import { cameraSources } from '../../cameras/sources.ts'
import { type Environment, readAll, readEnvironment } from '../../env.ts'
import { messageOf, SentinelError } from '../../errors.ts'
import type { Implementation } from '../../function.ts'
import type { ObjectStore } from '../../ports/objects.ts'
import type { Ports } from '../../ports/ports.ts'
import type { Repository } from '../../ports/repository.ts'
import type { WatchRules } from '../../rollout/judge.ts'
import type { RolloutDesk } from '../../rollout/promote.ts'
import type { Consumer } from '../consumer.ts'
import type { Deployer } from '../deployer.ts'
import { functions } from '../functions.ts'
import { hostFunction } from '../host-function.ts'
import { lagOf, Metrics } from '../metrics.ts'
import { Reconciler } from '../reconciler.ts'
import { forgetAddress, tellAddress } from './address.ts'
import { catalogueFor } from './built-in.ts'
import { Closing } from './closing.ts'
import { takeDataDirectory } from './data-directory.ts'
import { Engines, type LocalPorts } from './engines.ts'
import { healthOf, missingOf } from './health.ts'
import { hostedFunctions } from './hosted.ts'
import { type LeadersOptions, lead } from './leaders.ts'
import { openModels } from './models.ts'
import { adminToken, openSealing } from './secrets.ts'
import type { Settings } from './settings.ts'

export interface LocalOptions {
  readonly settings: Settings
  readonly env: Environment
  /** Folder of the built dashboard. */
  readonly dashboard: () => Promise<string>
  readonly onProgress: (text: string) => void
}

export interface LocalSentinel {
  /** With the token. */
  readonly url: string
  /** What is missing for the main job, and how to give it. */
  readonly missing: readonly HealthPart[]
  readonly imported: ImportReport | undefined
  /** Rejects when a part that nothing works without has died. */
  readonly died: Promise<never>
  stop(): Promise<void>
}

/** The whole of Sentinel in one process, with its own database and log in the data directory. */
export async function startLocal(options: LocalOptions): Promise<LocalSentinel> {
  const closing = new Closing()
  const logger = pino({ level: options.settings.logLevel }, pino.destination(2))
  const stop = (): Promise<void> => closing.close((name, err) => logger.error({ err }, `closing ${name} failed`))
  try {
    return await new LocalStart(options, closing, logger, stop).run()
  } catch (error) {
    await stop()
    throw error
  }
}

class LocalStart {
  readonly #options: LocalOptions
  readonly #closing: Closing
  readonly #logger: pino.Logger
  readonly #metrics: Metrics
  readonly #stop: () => Promise<void>
  readonly #hosted: readonly Implementation[]
  readonly #consumers: Map<string, Consumer | undefined>

  constructor(options: LocalOptions, closing: Closing, logger: pino.Logger, stop: () => Promise<void>) {
    this.#options = options
    this.#closing = closing
    this.#logger = logger
    this.#metrics = new Metrics(logger)
    this.#stop = stop
    this.#hosted = hostedFunctions(options.settings)
    this.#consumers = new Map(this.#hosted.map(({ declaration }) => [declaration.name, undefined]))
  }

  async run(): Promise<LocalSentinel> {
    const { settings, env, onProgress, dashboard } = this.#options
    const configs = readAll(
      this.#hosted.map(({ declaration }) => declaration.config),
      env,
    )
    const directory = await takeDataDirectory(settings.dataDir)
    this.#closing.add('data directory', directory.release)
    await forgetAddress(directory.path)
    onProgress('Building the dashboard…')
    const folder = await dashboard()
    const engines = new Engines(directory.path, { ...this.#options, closing: this.#closing, logger: this.#logger })
    const objects = await engines.objects()
    const repository = await engines.repository()
    const models = await this.#openModels(directory.path, objects, repository)
    const { opened, died } = await engines.database()
    const rollouts = { ...opened, repository, clock: systemClock }
    await models?.tell(rollouts)
    const sealing = await openSealing(directory.path, settings.secretKey)
    const desk: CameraDesk = {
      database: opened.database,
      clock: systemClock,
      sealing,
      rules: { files: false, baseDirectory: directory.path },
    }
    const imported = await this.#importCameras(desk)
    const { database } = opened
    const media = await engines.media()
    const cameras = cameraSources(database, sealing, media)
    const ports = await engines.ports({ database, objects, repository, cameras, model: models?.deployer })
    const history = await engines.history()
    const watching = readEnvironment(modelPromoter.declaration.config, env)
    const reconciler = models && this.#reconciler(rollouts, models.deployer, watching)
    const health = (): Promise<HealthPart[]> =>
      healthOf({
        ...{ ports, media, history, model: models?.deployer, functions: this.#consumers },
        deployment: () => reconciler?.trouble,
      })
    const server = await this.#serve({ ...ports, history, media }, desk, folder, directory.path, health)
    await reconciler?.step()
    await this.#startFunctions(ports, configs, models !== undefined)
    const rules = readEnvironment(trainTrigger.declaration.config, env)
    const { keepMinutes } = readEnvironment(frameKeeper.config, env)
    const streams = media && { media, sealing }
    this.#startLeaders({ opened, log: ports.log, objects, rules, keepMinutes, streams }, reconciler)
    this.#closing.add('address', await tellAddress(directory.path, server.url))
    const missing = missingOf(await health())
    return {
      url: `${server.url}/?token=${await adminToken(directory.path)}`,
      missing,
      imported,
      died,
      stop: this.#stop,
    }
  }

  async #openModels(directory: string, objects: ObjectStore, repository: Repository) {
    const { settings, onProgress } = this.#options
    const onNote = (note: string): void => this.#logger.info(note)
    const models = await openModels({ settings, directory, objects, repository, onProgress, onNote })
    if (models) this.#closing.add('model', () => models.deployer.close())
    return models
  }

  #reconciler(desk: RolloutDesk, deployer: Deployer, rules: WatchRules): Reconciler {
    const onError = (err: Error): void => this.#logger.warn({ err }, 'what is to run does not run yet')
    return new Reconciler({ desk, deployer, rules, onError })
  }

  /** The operator's own file may name files of this machine; what comes in over the API may not. */
  async #importCameras(desk: CameraDesk): Promise<ImportReport | undefined> {
    const catalogue = await catalogueFor(this.#options.settings.cameras, desk.database)
    if (catalogue === undefined) return undefined
    const path = resolve(catalogue)
    this.#options.onProgress(`Importing cameras from ${path}…`)
    const text = await readFile(path, 'utf8').catch((cause: unknown) => {
      throw new SentinelError('CONFIGURATION_INVALID', `Cannot read --cameras ${path}: ${messageOf(cause)}`, { cause })
    })
    return importCameras({ ...desk, rules: { files: true, baseDirectory: dirname(path) } }, text)
  }

  async #serve(
    ports: LocalPorts & Pick<ApiPorts, 'history' | 'media'>,
    desk: CameraDesk,
    dashboard: string,
    directory: string,
    health: () => Promise<HealthPart[]>,
  ): Promise<RunningServer> {
    const { host, port, hostNames, mapStyle } = this.#options.settings
    const feed = await EventFeed.open(ports.log)
    const names = functions.map(({ declaration }) => declaration.name)
    const server = await startServer({
      host,
      port,
      hostNames,
      mapStyle,
      dashboard,
      token: await adminToken(directory),
      metrics: this.#metrics.registry,
      ports: {
        ...ports,
        sources: ports.video,
        desk,
        feed,
        health,
        lag: () => Promise.all(names.map(async (name) => ({ function: name, lag: await lagOf(ports.log, name) }))),
      },
      onError: (err) => this.#logger.error({ err }, 'the API'),
    })
    this.#closing.add('feed', () => feed.close())
    this.#closing.add('server', () => server.close())
    this.#metrics.watchLag(ports.log, names)
    this.#metrics.watchLive(server.live.counts)
    return server
  }

  async #startFunctions(ports: Ports, configs: readonly Record<string, unknown>[], hasModel: boolean): Promise<void> {
    const start = async (fn: Implementation, i: number): Promise<void> => {
      const { name } = fn.declaration
      if (name === 'detect' && !hasModel) return
      this.#consumers.set(name, await hostFunction(fn, ports, configs[i]!, this.#metrics))
    }
    await Promise.all(this.#hosted.map(start))
    // The grabber first: what it has taken is still detected and stored.
    this.#closing.add('functions', async () => {
      for (const consumer of this.#consumers.values()) await consumer?.stop()
    })
  }

  #startLeaders(tasks: Omit<LeadersOptions, 'settings' | 'logger' | 'signal'>, reconciler?: Reconciler): void {
    const stop = new AbortController()
    const { settings } = this.#options
    const leading = lead({ ...tasks, settings, logger: this.#logger, signal: stop.signal })
    const running = [leading, reconciler?.run(stop.signal)]
    this.#closing.add('scheduler and relay', async () => {
      stop.abort()
      await Promise.all(running)
    })
  }
}
