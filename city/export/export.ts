import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, parse } from 'node:path'
import { parseArgs } from 'node:util'
import { runProgram } from '../program.ts'
import type { TruePicture } from '../truth.ts'
import { toCoco } from './coco.ts'
import { toYolo, yoloDescription } from './yolo.ts'

const USAGE = 'npm run city:export -- FOLDER [--to coco|yolo]   (FOLDER holds labels.jsonl, as city:dataset writes it)'

/** Writes the labels of a data set in another format, beside them. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { to: { type: 'string', default: 'coco' } },
  })
  const [folder] = positionals
  if (!folder) throw new Error(`Which data set? ${USAGE}`)
  const pictures = await readPictures(join(folder, 'labels.jsonl'))
  if (values.to === 'coco') await writeFile(join(folder, 'coco.json'), JSON.stringify(toCoco(pictures)))
  else if (values.to === 'yolo') await writeYolo(folder, pictures)
  else throw new Error(`--to ${values.to} is unknown; there are coco and yolo. ${USAGE}`)
  process.stderr.write(`${pictures.length} pictures are labelled for ${values.to} in ${folder}.\n`)
}

async function readPictures(path: string): Promise<TruePicture[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Error(`${path} cannot be read: make the data set first, with npm run city:dataset.`, { cause })
  })
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  return whole
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as TruePicture)
}

async function writeYolo(folder: string, pictures: readonly TruePicture[]): Promise<void> {
  await mkdir(join(folder, 'labels'), { recursive: true })
  await writeFile(join(folder, 'data.yaml'), yoloDescription())
  for (const picture of pictures) {
    await writeFile(join(folder, 'labels', `${parse(picture.image).name}.txt`), toYolo(picture))
  }
}

runProgram(main)
