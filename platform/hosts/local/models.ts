import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../../errors.ts'
import { registerModel } from '../../models/register.ts'
import { digestOf, isDigest, wholeDigest } from '../../models/store.ts'
import type { Model } from '../../ports/model.ts'
import type { ObjectStore } from '../../ports/objects.ts'
import type { Repository } from '../../ports/repository.ts'
import { deploymentIn } from '../../rollout/deployment.ts'
import { storyIn } from '../../rollout/message.ts'
import { type RolloutDesk, startWith } from '../../rollout/promote.ts'
import { Deployer } from '../deployer.ts'
import { keepModel, openDetector } from '../detector.ts'
import { openVerified } from '../model-shelf.ts'
import { modelFor } from './built-in.ts'
import type { Settings } from './settings.ts'

export interface OpenModelsOptions {
  readonly settings: Settings
  /** Of the data. */
  readonly directory: string
  readonly objects: ObjectStore
  readonly repository: Repository
  readonly onProgress: (text: string) => void
  readonly onNote: (note: string) => void
}

export interface OpenedModels {
  readonly deployer: Deployer
  /** Makes known in the database what was opened, and commits it where it is not what the repository says. */
  tell(desk: RolloutDesk): Promise<void>
}

/** Commits that are looked through for the model that Sentinel was started with last. */
const MOST = 200

/**
 * Opens what the deployment's repository says is to run; a model that the operator has not started with before goes before that.
 * Undefined where none is wanted.
 */
export async function openModels(options: OpenModelsOptions): Promise<OpenedModels | undefined> {
  const { settings, repository, objects, onNote } = options
  const asked = modelFor(settings.model)
  if (asked === undefined) return undefined
  if ((await repository.head()) === undefined) await adopt(options)
  const deployed = await deployedDigest(options, asked)
  const model = deployed && (await openDeployed(options, deployed).catch((error: unknown) => onNote(absent(error))))
  const first = model || (await openAsked(options, asked))
  const open = (digest: string, workers: number | undefined): Promise<Model> =>
    openVerified({ ...placesOf(options), model: digest, detectWorkers: workers ?? settings.detectWorkers })
  if (!model) await keepModel(objects, asked, first.info)
  return {
    deployer: new Deployer(first, open),
    tell: async (desk) => {
      await registerModel(desk, first.info)
      if (deployed === undefined)
        await startWith(desk, { digest: first.info.digest, name: first.info.name }, 'operator')
    },
  }
}

/** A new data directory takes over what a remote repository says already, instead of a beginning of its own beside it. */
async function adopt({ repository, onProgress, onNote }: OpenModelsOptions): Promise<void> {
  onProgress('Asking the deployment’s repository which model runs…')
  const { state, message } = await repository.synchronise()
  if (state === 'waiting') onNote(message)
}

function absent(error: unknown): string {
  return `The model that the deployment’s repository names cannot run here: ${messageOf(error)} Bring it with sentinel model add FILE; until then the one that Sentinel was started with runs.`
}

/** Undefined where the operator's word goes before the repository's, and where that has none. */
async function deployedDigest(
  { repository, objects, settings }: OpenModelsOptions,
  asked: string,
): Promise<string | undefined> {
  const history = await repository.history(MOST)
  const [head] = history
  if (head?.text === undefined) return undefined
  if (settings.model !== undefined) {
    const last = history.map(storyIn).find(({ kind }) => kind === 'start')
    if (last?.subject !== (await digestAsked(objects, asked))) return undefined
  }
  return deploymentIn(head.text).model.digest
}

async function digestAsked(objects: ObjectStore, asked: string): Promise<string | undefined> {
  if (existsSync(asked)) return digestOf(await readFile(asked))
  return isDigest(asked) ? wholeDigest(objects, asked) : undefined
}

function openDeployed(options: OpenModelsOptions, digest: string): Promise<Model> {
  options.onProgress(`Loading the detector ${digest.slice(0, 12)}…`)
  return openVerified({ ...placesOf(options), model: digest, detectWorkers: options.settings.detectWorkers })
}

function openAsked(options: OpenModelsOptions, model: string): Promise<Model> {
  const { names, detectWorkers } = options.settings
  options.onProgress(`Loading the detector ${model}…`)
  return openDetector({ ...placesOf(options), model, names, detectWorkers })
}

function placesOf({ objects, directory, onNote }: OpenModelsOptions) {
  return { objects: () => objects, folder: join(directory, 'models'), onNote }
}
