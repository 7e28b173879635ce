import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { aboutOf, loadModel, sideOf } from '../adapters/model-onnxruntime/load-model.ts'
import type { SideFile } from '../models/side-file.ts'
import { isDigest, storedBytes, storedCard, storeModel, wholeDigest } from '../models/store.ts'
import type { Model, ModelInfo } from '../ports/model.ts'
import type { ObjectStore } from '../ports/objects.ts'

export interface DetectorOptions {
  /** Path of an ONNX file, or the digest of one that was added. */
  readonly model: string
  readonly names?: string | undefined
  readonly detectWorkers?: number | undefined
  readonly objects: () => ObjectStore | Promise<ObjectStore>
  /** Folder in which stored models are kept as files. */
  readonly folder: string
  readonly onNote?: (note: string) => void
  /** Boxes below are not told; that of detect without it. */
  readonly scoreThreshold?: number
}

/** @throws SentinelError `MODEL_INVALID`, `NOT_FOUND`, `INPUT_INVALID` */
export async function openDetector(options: DetectorOptions): Promise<Model> {
  const { detectWorkers: workers, names, onNote, scoreThreshold } = options
  const { file, side } = await locateModel(options)
  const wishes = { ...(onNote && { onNote }), ...(scoreThreshold !== undefined && { scoreThreshold }) }
  return loadModel({ file, side, names, workers, ...wishes })
}

/** Keeps a model that was given as a file by its digest, so that it can be taught and gone back to. */
export async function keepModel(objects: ObjectStore, model: string, { digest, ...info }: ModelInfo): Promise<void> {
  if (!existsSync(model) || (await objects.head('sentinel-models', `${digest}.json`))) return
  const bytes = await readFile(model)
  const { name, family, inputWidth, inputHeight } = info
  const classes = [...info.classes]
  const side = { ...(await sideOf({ file: model })), names: classes }
  const card = { name, family, classes, inputWidth, inputHeight, bytes: bytes.length, side }
  await storeModel(objects, bytes, card, await aboutOf(model, side))
}

/** The file of a model, and what was said of it when it was added. */
export async function locateModel({
  model,
  objects,
  folder,
}: Pick<DetectorOptions, 'model' | 'objects' | 'folder'>): Promise<{ file: string; side: SideFile | undefined }> {
  if (existsSync(model) || !isDigest(model)) return { file: model, side: undefined }
  const store = await objects()
  const digest = await wholeDigest(store, model)
  const { side, name } = await storedCard(store, digest)
  const file = join(folder, `${digest}.onnx`)
  await mkdir(folder, { recursive: true })
  // Under another name first, so that a process beside this one never reads half of it.
  const part = `${file}.${process.pid}.part`
  await writeFile(part, await storedBytes(store, digest))
  await rename(part, file)
  return { file, side: { name, ...side } }
}
