import { readFile } from 'node:fs/promises'
import { basename, extname, join, resolve } from 'node:path'
import { jpegSize } from '../../adapters/pictures/jpeg-header.ts'
import { cocoOf } from '../../datasets/export-coco.ts'
import { yoloOf } from '../../datasets/export-yolo.ts'
import { type DatasetBox, type Entry, type Manifest, manifestOf } from '../../datasets/manifest.ts'
import { insidePicture } from '../../datasets/shares.ts'
import { SPLIT_RULES, shareOf } from '../../datasets/split.ts'
import { datasetNamed, makeBase, readDataset, readImage, storeDataset, storeImage } from '../../datasets/store.ts'
import { messageOf, SentinelError } from '../../errors.ts'
import { type LabelledPicture, openDataset } from '../../evaluation/labelled/dataset.ts'
import type { ObjectStore } from '../../ports/objects.ts'
import { openObjects, type PlaceFlags, printJson } from '../models/place.ts'
import { refuseFull, write } from './folder.ts'

/** @throws SentinelError `INPUT_INVALID` for a folder that holds something. */
export async function exportDataset(
  text: string,
  to: string,
  flags: PlaceFlags & { readonly format: string },
): Promise<void> {
  const objects = await openObjects(flags.dataDir)
  const digest = await datasetNamed(objects, text)
  const manifest = await readDataset(objects, digest)
  const labels = labelsOf(manifest, flags.format)
  const folder = resolve(to)
  await refuseFull(folder)
  await refuseDamaged(objects, manifest)
  for (const { path, text: content } of labels) await write(join(folder, path), content)
  for (const { image, split } of manifest.entries) {
    await write(join(folder, 'images', split, `${image}.jpg`), await readImage(objects, image))
  }
  if (flags.json) return printJson({ digest, folder, pictures: manifest.entries.length })
  process.stderr.write(`${manifest.entries.length} pictures are in ${folder}.\n`)
}

/** Looked at before anything is written: half an export is none, and its folder would be in the way of the next. */
async function refuseDamaged(objects: ObjectStore, { entries }: Manifest): Promise<void> {
  const problems: string[] = []
  for (const { image } of entries) {
    await readImage(objects, image).catch((error: unknown) => problems.push(messageOf(error)))
  }
  if (problems.length === 0) return
  const rest = problems.length > 1 ? ` ${problems.length} of its pictures are gone or damaged.` : ''
  throw new SentinelError('DATASET_INVALID', `Nothing is exported. ${problems[0]}${rest}`)
}

function labelsOf(manifest: Manifest, format: string) {
  if (format === 'yolo') return yoloOf(manifest)
  if (format !== 'coco')
    throw new SentinelError('INPUT_INVALID', `There is no format ${format}. There are coco and yolo.`)
  return (['train', 'val'] as const).map((side) => ({
    path: `images/${side}/labels.json`,
    text: cocoOf(manifest, side),
  }))
}

/** Stores the pictures and a version of them. Pictures that cannot be read are told and left out. */
export async function importDataset(
  path: string,
  flags: PlaceFlags & { readonly images?: string; readonly base?: boolean },
): Promise<void> {
  const dataset = await openDataset(path, flags.images, 'all')
  const objects = await openObjects(flags.dataDir)
  const entries: Entry[] = []
  const problems: string[] = []
  for (const picture of dataset.pictures) {
    await entryOf(objects, picture, basename(resolve(path))).then(
      (entry) => entries.push(entry),
      (error: unknown) => problems.push(`${picture.file}: ${messageOf(error)}`),
    )
  }
  if (entries.length === 0)
    throw new SentinelError('INPUT_INVALID', `None of the pictures can be read. ${problems[0] ?? ''}`)
  const digest = await storeDataset(objects, manifestOf(dataset.classes, learnable(entries)))
  if (flags.base) await makeBase(objects, digest)
  if (flags.json) return printJson({ digest, pictures: entries.length, problems })
  for (const problem of problems) process.stdout.write(`${problem}\n`)
  process.stderr.write(
    `${entries.length} pictures are dataset ${digest}${flags.base ? ', the base from now on' : ''}.\n`,
  )
}

async function entryOf(objects: ObjectStore, { file, truth, groups }: LabelledPicture, name: string): Promise<Entry> {
  const bytes = await readFile(file)
  const size = jpegSize(bytes)
  const image = await storeImage(objects, bytes)
  const boxes = truth(size).flatMap(({ class: of, box, isCrowd }): DatasetBox[] => {
    const shares = isCrowd ? undefined : insidePicture(box, size)
    return shares ? [{ class: of, box: shares }] : []
  })
  const camera = groups.camera ?? name
  // Pictures whose time nobody knows: those of a camera stay together, or those that are alike by their name.
  const isVal = shareOf(`import\n${groups.camera ?? sourceOf(file)}`) < SPLIT_RULES.valShare
  const unknown = { capturedAt: null, light: null }
  return { image, ...size, camera, ...unknown, split: isVal ? 'val' : 'train', role: 'annotated', boxes }
}

/** Frames of a video that follow one another and go to one side together. */
const BLOCK = 25

/** What pictures that are nearly copies have in common: changed ones of one picture (Roboflow), frames of one video that lie together. */
function sourceOf(file: string): string {
  const name = basename(file, extname(file)).replace(/\.rf\.[0-9a-f]+$/i, '')
  const [, before, number] = /^(.*?)(\d+)(?:_(?:jpe?g|png))?$/i.exec(name) ?? []
  return number === undefined ? name : `${before}${Math.floor(Number(number) / BLOCK)}`
}

/** Few pictures may leave nothing to learn from: then all are for learning. */
function learnable(entries: readonly Entry[]): Entry[] {
  const isLearnt = entries.some(({ split }) => split === 'train')
  return entries.map((entry) => (isLearnt ? entry : { ...entry, split: 'train' }))
}
