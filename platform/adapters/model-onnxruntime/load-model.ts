import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { messageOf, SentinelError } from '../../errors.ts'
import { describeModel, type ModelDescription } from '../../models/describe.ts'
import { parseNames } from '../../models/names.ts'
import { readOnnx } from '../../models/onnx.ts'
import { parseSideFile, type SideFile } from '../../models/side-file.ts'
import type { Model, ModelInfo } from '../../ports/model.ts'
import type { WorkerSetup } from './messages.ts'
import { probeModel } from './probe-model.ts'
import { WorkerPool } from './worker-pool.ts'

export interface LoadOptions {
  /** Path of the ONNX file. */
  readonly file: string
  /** Path of a file with one class name a line, where the model does not say itself. */
  readonly names?: string | undefined
  /** What a side file says, or the path of one; without it `<model>.json` where there is one. */
  readonly side?: SideFile | string | undefined
  /** Threads that infer; one a core without it. */
  readonly workers?: number | undefined
  readonly scoreThreshold?: number
  readonly overlapThreshold?: number
  /** false: a model that declares one size runs at no other, whatever its side file says. */
  readonly rectangular?: boolean
  /** Hears what was tried and why it was not taken. */
  readonly onNote?: (note: string) => void
}

/** Best first. */
const PROVIDERS = ['cuda', 'cpu']

/** A model file and everything that was found out about it. */
export interface ReadModel {
  readonly bytes: Uint8Array
  readonly description: ModelDescription
  readonly setup: Pick<WorkerSetup, 'file' | 'onnx' | 'told' | 'probe'>
}

/**
 * Reads and describes a model file; runs it once where its file leaves something open.
 *
 * @throws SentinelError `MODEL_INVALID`
 */
export async function readModel(options: LoadOptions): Promise<ReadModel> {
  const { file } = options
  const bytes = await read(file, 'the model')
  const side = await sideOf(options)
  const told = {
    names: await namesOf(options),
    side: options.rectangular === false ? { ...side, rectangular: false } : side,
  }
  const onnx = readOnnx(bytes)
  const probe = await probeModel(file, onnx)
  return { bytes, description: describeModel(file, onnx, told, probe), setup: { file, onnx, told, probe } }
}

/**
 * Loads a detector and runs it once, so that whatever is wrong with it shows before the first frame.
 *
 * @throws SentinelError `MODEL_INVALID`
 */
export async function loadModel(options: LoadOptions): Promise<Model> {
  const { file, workers = availableParallelism(), scoreThreshold = 0.1, overlapThreshold = 0.45 } = options
  const { bytes, description, setup } = await readModel(options)
  const thresholds = { score: scoreThreshold, overlap: overlapThreshold }
  const note = options.onNote ?? (() => {})
  const pool = await WorkerPool.start({ ...setup, thresholds, providers: PROVIDERS }, workers)
  const { provider, whyNotBetter, whyOnlyDeclared } = pool.ready!
  if (whyNotBetter) note(`Detecting on the CPU: ${whyNotBetter.split('\n')[0]}`)
  if (whyOnlyDeclared) note(`${file} runs only at the size that it declares: ${whyOnlyDeclared}`)
  const name = setup.told.side?.name ?? basename(file).replace(/\.onnx$/i, '')
  const info = { ...infoOf(bytes, description), name, provider }
  return {
    info,
    parallel: workers,
    detect: (image) => pool.detect(image),
    check: async () => pool.check(),
    close: () => pool.close(),
  }
}

async function namesOf({ names }: LoadOptions): Promise<string[] | undefined> {
  return names === undefined ? undefined : parseNames((await read(names, 'the class names')).toString())
}

/** What is said of a model beside its file. @throws SentinelError `MODEL_INVALID` */
export async function sideOf({ file, side }: Pick<LoadOptions, 'file' | 'side'>): Promise<SideFile | undefined> {
  if (typeof side === 'object') return side
  const beside = file.replace(/\.onnx$/i, '.json')
  const path = side ?? (beside !== file && existsSync(beside) ? beside : undefined)
  return path === undefined ? undefined : parseSideFile((await read(path, 'the side file')).toString(), path)
}

/** What its makers tell of a model in a file beside it. @throws SentinelError `MODEL_INVALID` where that is missing. */
export async function aboutOf(file: string, side: SideFile | undefined): Promise<string | undefined> {
  return side?.card && (await read(join(dirname(file), side.card), 'the card of the model')).toString()
}

function infoOf(bytes: Uint8Array, description: ModelDescription): Omit<ModelInfo, 'name' | 'provider'> {
  const { decoder, classes, fixedInput, longSide } = description
  return {
    digest: createHash('sha256').update(bytes).digest('hex'),
    family: decoder.family,
    classes,
    inputWidth: fixedInput?.width ?? longSide,
    inputHeight: fixedInput?.height ?? longSide,
  }
}

async function read(file: string, what: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (cause) {
    throw new SentinelError('MODEL_INVALID', `Cannot read ${what}: ${messageOf(cause)}. Check the path.`, { cause })
  }
}
