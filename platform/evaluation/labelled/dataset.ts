import { stat } from 'node:fs/promises'
import { messageOf, SentinelError } from '../../errors.ts'
import type { TruthBox } from '../boxes.ts'
import { readCityDataset } from './city.ts'
import { readCocoDataset } from './coco.ts'
import { readYoloDataset } from './yolo.ts'

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

/**
 * Labelled pictures: a COCO JSON file, a YOLO folder or its `data.yaml`, or a folder with `labels.jsonl` as the city writes it.
 *
 * @param images folder of the pictures, where it does not follow from the labels.
 * @throws SentinelError `INPUT_INVALID` that says what was looked for.
 */
export async function openDataset(path: string, images?: string): Promise<Dataset> {
  const isFolder = (await kindOf(path)).isDirectory()
  const dataset = await read(path, isFolder, images)
  if (dataset.pictures.length > 0) return dataset
  throw new SentinelError('INPUT_INVALID', `There are no labelled pictures in ${path}.`)
}

async function read(path: string, isFolder: boolean, images: string | undefined): Promise<Dataset> {
  if (!isFolder && /\.json$/i.test(path)) return readCocoDataset(path, images)
  if (!isFolder && !/\.ya?ml$/i.test(path)) {
    const known = 'a COCO .json file, a YOLO data.yaml, or a folder with labels.jsonl or YOLO labels'
    throw new SentinelError('INPUT_INVALID', `${path} is no data set. Give ${known}.`)
  }
  return (isFolder && (await readCityDataset(path))) || readYoloDataset(path, isFolder)
}

function kindOf(path: string) {
  return stat(path).catch((cause: unknown) => {
    throw new SentinelError('INPUT_INVALID', `Cannot read the data set: ${messageOf(cause)}. Check the path.`, {
      cause,
    })
  })
}
