import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { messageOf, SentinelError } from '../../errors.ts'
import { parseNames } from '../../models/names.ts'
import type { PixelBox } from '../boxes.ts'
import { type DataYaml, parseDataYaml } from './data-yaml.ts'
import type { Dataset, LabelledPicture, Part } from './dataset.ts'

/** Others than JPEG are no pictures of cameras; they are listed, so that they are refused by name and not left out. */
const PICTURE = /\.(jpe?g|png|webp|bmp)$/i
export const NAME_FILES = ['classes.txt', 'names.txt', 'obj.names', 'data.names']

/** With a `data.yaml` or a file of class names; undefined where it has neither. */
export async function readYoloFolder(folder: string, part: Part): Promise<Dataset | undefined> {
  const yaml = ['data.yaml', 'data.yml'].map((name) => join(folder, name)).find(existsSync)
  if (yaml) return readYoloYaml(yaml, part)
  const names = NAME_FILES.map((name) => join(folder, name)).find(existsSync)
  if (!names) return undefined
  const images = existing([join(folder, 'images'), folder])
  return datasetOf(parseNames(await readFile(names, 'utf8')), await filesIn(images))
}

export async function readYoloYaml(yaml: string, part: Part): Promise<Dataset> {
  const said = parseDataYaml(await readFile(yaml, 'utf8'), yaml)
  const home = dirname(yaml)
  const named = placesOf(said, part)
  // Exporters name sides that they leave empty.
  const filled = named.filter((place) => waysTo(place, said, home).some((path) => existsSync(path)))
  const files: string[] = []
  for (const place of filled.length > 0 ? filled : named) files.push(...(await filesAt(place, said, home)))
  return datasetOf(said.names, [...new Set(files)])
}

/** A text file a picture with `class x y width height` a line: the centre and size in shares of the picture. */
async function datasetOf(names: readonly string[], files: readonly string[]): Promise<Dataset> {
  const pictures: LabelledPicture[] = []
  for (const file of files) pictures.push(await labelled(file, labelsOf(file), names))
  return { format: 'yolo', classes: names, pictures }
}

function placesOf({ val, test, train }: DataYaml, part: Part): string[] {
  const all = [train, val, test].filter((place) => place !== undefined)
  if (all.length === 0) return ['images']
  return part === 'all' ? all : [(val ?? test ?? train)!]
}

/** A folder, or a file that lists pictures. */
async function filesAt(place: string, said: DataYaml, home: string): Promise<string[]> {
  const found = existing(waysTo(place, said, home))
  if (!found.endsWith('.txt')) return filesIn(found)
  const lines = (await readFile(found, 'utf8')).split('\n').map((line) => line.trim())
  return lines.filter((line) => line !== '').map((line) => existing(waysTo(line, said, home)))
}

/** Exporters write paths from wherever they ran. */
function waysTo(name: string, { path = '.' }: DataYaml, home: string): string[] {
  const below = name.replace(/^(\.\.?\/)+/, '').replace(/^data\//, '')
  return [resolve(home, path, name), resolve(home, name), resolve(home, below)]
}

function existing(paths: readonly string[]): string {
  const found = paths.find((path) => existsSync(path))
  if (found !== undefined) return found
  throw new SentinelError('INPUT_INVALID', `The pictures are not in ${paths.join(' nor in ')}. Correct the path.`)
}

async function filesIn(images: string): Promise<string[]> {
  const entries = await readdir(images, { recursive: true }).catch((cause: unknown) => {
    throw new SentinelError('INPUT_INVALID', `Cannot read the pictures: ${messageOf(cause)}`, { cause })
  })
  return entries
    .filter((name) => PICTURE.test(name))
    .sort()
    .map((name) => join(images, name))
}

/** Under `labels` in place of the last `images`, or beside the picture. */
function labelsOf(file: string): string {
  const beside = file.replace(PICTURE, '.txt')
  const parts = beside.split(sep)
  const at = parts.lastIndexOf('images')
  const apart = at < 0 ? beside : parts.with(at, 'labels').join(sep)
  return existsSync(apart) ? apart : beside
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

/** Class, centre and size; a score behind them is left out. */
const [BOX, WITH_SCORE] = [5, 6]

function rowOf(line: string, names: readonly string[], place: string) {
  if (line.trim() === '') return []
  const [index, ...numbers] = line.trim().split(/\s+/).map(Number)
  const name = names[index ?? -1]
  const isRight = numbers.every((value) => Math.abs(value) <= 2)
  if (name !== undefined && isRight) {
    const count = numbers.length + 1
    if (count === BOX || count === WITH_SCORE) return [{ name, ...boxOf(numbers) }]
    if (count > WITH_SCORE && count % 2 === 1) return [{ name, ...around(numbers) }]
  }
  const rule =
    'a line is a class number and the centre and size of a box, or the corners of an outline, in shares of the picture'
  throw new SentinelError('INPUT_INVALID', `${place} cannot be read (${line.trim()}): ${rule}.`)
}

function boxOf([x, y, w, h]: readonly number[]) {
  return { x: x!, y: y!, w: w!, h: h! }
}

/** The box around an outline of x, y, x, y and so on. */
function around(numbers: readonly number[]) {
  const of = (axis: number) => numbers.filter((_, at) => at % 2 === axis)
  const [left, right] = [Math.min(...of(0)), Math.max(...of(0))]
  const [top, bottom] = [Math.min(...of(1)), Math.max(...of(1))]
  return { x: (left + right) / 2, y: (top + bottom) / 2, w: right - left, h: bottom - top }
}
