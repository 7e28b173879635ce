import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OpenDatabase } from '../../adapters/database-postgres.ts'
import { memory } from '../../adapters/memory.ts'
import { systemClock } from '../../adapters/system-clock.ts'
import { Sealing } from '../../cameras/sealing.ts'
import { cameraSources } from '../../cameras/sources.ts'
import { SentinelError } from '../../errors.ts'
import type { Log } from '../../ports/log.ts'
import type { PortName, Ports } from '../../ports/ports.ts'
import { type Adapters, openPlace } from '../adapters.ts'
import type { HostPorts } from '../host-function.ts'
import type { Closing } from '../local/closing.ts'
import type { AloneSettings } from './settings.ts'

/** Stored models as files, for every process of this machine. */
const MODELS = join(tmpdir(), 'sentinel-models')

type Openers = { readonly [Name in PortName]: () => Ports[Name] | Promise<Ports[Name]> }

/** Opens the log and the ports that are needed, and nothing else; engines of heavy ports are loaded only then. */
export async function openPorts(
  needs: readonly PortName[],
  settings: AloneSettings,
  adapters: Adapters,
  closing: Closing,
): Promise<HostPorts> {
  const openers = openersOf(settings, adapters, closing)
  const log: Log = await openers.log()
  const rest = needs.filter((need) => need !== 'log')
  const opened: [PortName, unknown][] = []
  for (const need of rest) opened.push([need, await openers[need]()])
  return { log, ...Object.fromEntries(opened) }
}

function openersOf(settings: AloneSettings, adapters: Adapters, closing: Closing): Openers {
  let opening: Promise<OpenDatabase> | undefined
  const database = async (): Promise<Ports['database']> => {
    opening ??= openPlace('databaseUrl', adapters, settings.databaseUrl).then((opened) => {
      closing.add('database', opened.close)
      return opened
    })
    return (await opening).database
  }
  return {
    log: async () => {
      const log = await openPlace('log', adapters, settings.log)
      closing.add('log', () => log.close())
      return log
    },
    database,
    objects: () => openPlace('objects', adapters, settings.objects),
    cameras: async () => {
      const sealing = new Sealing(Buffer.from(settings.secretKey, 'base64'))
      const media = settings.media ? await openPlace('media', adapters, settings.media) : undefined
      return cameraSources(await database(), sealing, media)
    },
    video: () => openVideo(settings, closing),
    model: () => openModel(settings, adapters, closing),
    models: () => openShelf(settings, adapters, closing),
    pictures: () => openPictures(closing),
    trainer: openTrainer,
    repository: () => openGit(settings),
    memory: () => memory(100_000),
    clock: () => systemClock,
  }
}

async function openVideo({ sourceNetworks }: AloneSettings, closing: Closing): Promise<Ports['video']> {
  const { NodeAvVideo } = await import('../../adapters/video-nodeav/video.ts')
  const video = new NodeAvVideo({ networks: sourceNetworks })
  closing.add('video', () => video.close())
  return video
}

async function openPictures(closing: Closing): Promise<Ports['pictures']> {
  const { Pictures } = await import('../../adapters/pictures/pictures.ts')
  const pictures = new Pictures()
  closing.add('pictures', () => pictures.close())
  return pictures
}

/** Fetched when an event first asks for it: most are about a model that is not promoted, and should not wait for Git. */
function openGit(settings: AloneSettings): Ports['repository'] {
  let fetching: Promise<Ports['repository']> | undefined
  const fetched = (): Promise<Ports['repository']> => {
    fetching ??= fetchGit(settings).catch((error: unknown) => {
      fetching = undefined
      throw error
    })
    return fetching
  }
  return {
    head: async () => (await fetched()).head(),
    history: async (max) => (await fetched()).history(max),
    commit: async (change) => (await fetched()).commit(change),
    synchronise: async () => (await fetched()).synchronise(),
  }
}

/** @throws SentinelError `SERVER_UNAVAILABLE` when the remote repository does not answer. */
async function fetchGit(settings: AloneSettings): Promise<Ports['repository']> {
  const { openRepository } = await import('../repository.ts')
  const repository = await openRepository(await mkdtemp(join(tmpdir(), 'sentinel-gitops-')), settings)
  const { state, message } = await repository.synchronise()
  if (state === 'waiting') throw new SentinelError('SERVER_UNAVAILABLE', message)
  return repository
}

async function openTrainer(): Promise<Ports['trainer']> {
  const { ThreadTrainer } = await import('../../adapters/trainer-thread/trainer.ts')
  return new ThreadTrainer()
}

async function openModel(settings: AloneSettings, adapters: Adapters, closing: Closing): Promise<Ports['model']> {
  const { openDetector } = await import('../detector.ts')
  const { model: wanted, names, detectWorkers } = settings
  const objects = async (): Promise<Ports['objects']> => {
    if (settings.objects) return openPlace('objects', adapters, settings.objects)
    const message = 'SENTINEL_MODEL is a digest: set SENTINEL_OBJECTS to the object store that has the model.'
    throw new SentinelError('CONFIGURATION_INVALID', message)
  }
  const model = await openDetector({ model: wanted, names, detectWorkers, objects, folder: MODELS })
  closing.add('model', () => model.close())
  return { for: () => model, check: () => model.check(), close: () => model.close() }
}

async function openShelf(settings: AloneSettings, adapters: Adapters, closing: Closing): Promise<Ports['models']> {
  const { ModelShelf } = await import('../model-shelf.ts')
  const shelf = new ModelShelf({ objects: await openPlace('objects', adapters, settings.objects), folder: MODELS })
  closing.add('models', () => shelf.close())
  return shelf
}
