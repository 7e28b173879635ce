import { stat } from 'node:fs/promises'
import { messageOf, SentinelError } from '../../errors.ts'
import type { TruthBox } from '../boxes.ts'
import { readCityDataset } from './city.ts'
import { readCocoDataset, readCocoFolder } from './coco.ts'
import { NAME_FILES, readYoloFolder, readYoloYaml } from './yolo.ts'

export interface LabelledPicture {
  /** Path of a JPEG file. */
  readonly file: string
  /** What is in it, in its pixels; some formats need its size. */
  truth(size: { readonly width: number; readonly height: number }): readonly LabelledTruth[]
  /** What kind of picture it is, such as its `mood` and its `camera`. */
  readonly groups: Readonly<Record<string, string>>
}

export interface LabelledTruth extends TruthBox {
  /** Share of the object that can be seen, where the labels tell. */
  readonly visibility?: number
}

export interface Dataset {
  readonly format: 'coco' | 'yolo' | 'city'
  /** Everything that its labels can name. */
  readonly classes: readonly string[]
  readonly pictures: readonly LabelledPicture[]
}

/** Of a data set that is divided: everything, or what is there to judge by. */
export type Part = 'all' | 'judging'

/**
 * Labelled pictures: a COCO JSON file or a folder of them, a YOLO folder or its `data.yaml`, or a folder with `labels.jsonl` as the city
 * writes it.
 *
 * @param images folder of the pictures, where it does not follow from the labels.
 * @throws SentinelError `INPUT_INVALID` that says what was looked for.
 */
export async function openDataset(path: string, images?: string, part: Part = 'judging'): Promise<Dataset> {
  const isFolder = (await kindOf(path)).isDirectory()
  const dataset = isFolder ? await readFolder(path, images, part) : await readFile(path, images, part)
  if (dataset.pictures.length > 0) return dataset
  throw new SentinelError('INPUT_INVALID', `There are no labelled pictures in ${path}.`)
}

async function readFolder(path: string, images: string | undefined, part: Part): Promise<Dataset> {
  const dataset =
    (await readCityDataset(path)) ?? (await readYoloFolder(path, part)) ?? (await readCocoFolder(path, images, part))
  if (dataset) return dataset
  const message = `${path} has no labels.jsonl, no data.yaml, no file of class names (${NAME_FILES.join(', ')}) and no COCO JSON file. Add one.`
  throw new SentinelError('INPUT_INVALID', message)
}

async function readFile(path: string, images: string | undefined, part: Part): Promise<Dataset> {
  if (/\.json$/i.test(path)) return readCocoDataset(path, images)
  if (/\.ya?ml$/i.test(path)) return readYoloYaml(path, part)
  const known = 'a COCO .json file, a YOLO data.yaml, or a folder with labels.jsonl, YOLO labels or COCO files'
  throw new SentinelError('INPUT_INVALID', `${path} is no data set. Give ${known}.`)
}

function kindOf(path: string) {
  return stat(path).catch((cause: unknown) => {
    throw new SentinelError('INPUT_INVALID', `Cannot read the data set: ${messageOf(cause)}. Check the path.`, {
      cause,
    })
  })
}
