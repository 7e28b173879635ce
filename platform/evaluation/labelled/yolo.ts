import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { messageOf, SentinelError } from '../../errors.ts'
import { parseNames } from '../../models/names.ts'
import type { PixelBox } from '../boxes.ts'
import { type DataYaml, parseDataYaml } from './data-yaml.ts'
import type { Dataset, LabelledPicture } from './dataset.ts'

/** Others than JPEG are no pictures of cameras; they are listed, so that they are refused by name and not left out. */
const PICTURE = /\.(jpe?g|png|webp|bmp)$/i
const NAME_FILES = ['classes.txt', 'names.txt', 'obj.names', 'data.names']

/** A text file a picture with `class x y width height` a line: the centre and size in shares of the picture. */
export async function readYoloDataset(path: string, isFolder: boolean): Promise<Dataset> {
  const { names, images } = await layoutOf(path, isFolder)
  const labels = labelFolderOf(images)
  const pictures: LabelledPicture[] = []
  for (const file of await filesIn(images)) {
    pictures.push(await labelled(join(images, file), join(labels, file.replace(PICTURE, '.txt')), names))
  }
  return { format: 'yolo', classes: names, pictures }
}

/** Its class names, and the folder of its pictures. */
async function layoutOf(path: string, isFolder: boolean): Promise<{ names: readonly string[]; images: string }> {
  const yaml = isFolder ? ['data.yaml', 'data.yml'].map((name) => join(path, name)).find(existsSync) : path
  if (yaml) {
    const said = parseDataYaml(await readFile(yaml, 'utf8'), yaml)
    return { names: said.names, images: imagesOf(said, dirname(yaml)) }
  }
  const names = NAME_FILES.map((name) => join(path, name)).find(existsSync)
  if (names) return { names: parseNames(await readFile(names, 'utf8')), images: existing([join(path, 'images'), path]) }
  const message = `${path} has no labels.jsonl, no data.yaml and no file of class names (${NAME_FILES.join(', ')}). Add one.`
  throw new SentinelError('INPUT_INVALID', message)
}

/** Exporters write paths from wherever they ran. */
function imagesOf({ path = '.', val, test, train }: DataYaml, home: string): string {
  const said = val ?? test ?? train ?? 'images'
  return existing([resolve(home, path, said), resolve(home, said), resolve(home, said.replace(/^(\.\.\/)+/, ''))])
}

function existing(folders: readonly string[]): string {
  const found = folders.find((folder) => existsSync(folder))
  if (found !== undefined) return found
  throw new SentinelError('INPUT_INVALID', `The pictures are not in ${folders.join(' nor in ')}. Correct the path.`)
}

async function filesIn(images: string): Promise<string[]> {
  const entries = await readdir(images, { recursive: true }).catch((cause: unknown) => {
    throw new SentinelError('INPUT_INVALID', `Cannot read the pictures: ${messageOf(cause)}`, { cause })
  })
  return entries.filter((name) => PICTURE.test(name)).sort()
}

/** `labels` in place of the last `images`; the same folder where there is none. */
function labelFolderOf(images: string): string {
  const parts = images.split(sep)
  const at = parts.lastIndexOf('images')
  return at < 0 ? images : parts.with(at, 'labels').join(sep)
}

/** A picture without a text file has nothing in it. */
async function labelled(file: string, labels: string, names: readonly string[]): Promise<LabelledPicture> {
  const text = existsSync(labels) ? await readFile(labels, 'utf8') : ''
  const rows = text.split('\n').flatMap((line, at) => rowOf(line, names, `${labels}:${at + 1}`))
  const truth: LabelledPicture['truth'] = ({ width, height }) =>
    rows.map(({ name, x, y, w, h }) => {
      const box: PixelBox = [(x - w / 2) * width, (y - h / 2) * height, w * width, h * height]
      return { class: name, box }
    })
  return { file, truth, groups: {} }
}

function rowOf(line: string, names: readonly string[], place: string) {
  if (line.trim() === '') return []
  const [index, x, y, w, h] = line.trim().split(/\s+/).map(Number)
  const name = names[index ?? -1]
  if (name !== undefined && [x, y, w, h].every((value) => Math.abs(value ?? Number.NaN) <= 2)) {
    return [{ name, x: x!, y: y!, w: w!, h: h! }]
  }
  const rule = 'a line is a class number and the centre and size of a box in shares of the picture'
  throw new SentinelError('INPUT_INVALID', `${place} cannot be read (${line.trim()}): ${rule}.`)
}
