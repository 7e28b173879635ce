import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { z } from 'zod'
import { messageOf, SentinelError } from '../../errors.ts'
import type { Dataset, LabelledTruth, Part } from './dataset.ts'

const Id = z.union([z.int(), z.string()])

const File = z.object({
  images: z.array(z.object({ id: Id, file_name: z.string().min(1) })),
  categories: z.array(z.object({ id: Id, name: z.string().min(1), supercategory: z.string().nullish() })),
  annotations: z.array(
    z.object({
      image_id: Id,
      category_id: Id,
      bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]),
      area: z.number().optional(),
      iscrowd: z.union([z.literal(0), z.literal(1), z.boolean()]).optional(),
    }),
  ),
})
type File = z.infer<typeof File>

/** What exporters call them, and how many folders deep they put them at most. */
const [NAMES, DEEPEST] = [/^(instances_.+|_annotations\.coco|result|labels)\.json$/i, 3]

/** All files of a folder, as exporters divide it; undefined where there is none. */
export async function readCocoFolder(
  folder: string,
  images: string | undefined,
  part: Part,
): Promise<Dataset | undefined> {
  const all = (await readdir(folder, { recursive: true }))
    .filter((name) => NAMES.test(basename(name)) && name.split(sep).length <= DEEPEST)
    .sort()
  const judging = part === 'judging' ? all.filter((name) => /val|test/i.test(name)) : []
  const files = judging.length > 0 ? judging : all
  if (files.length === 0) return undefined
  const parts = await Promise.all(files.map((name) => readCocoDataset(join(folder, name), images)))
  const classes = [...new Set(parts.flatMap((each) => each.classes))]
  return { format: 'coco', classes, pictures: parts.flatMap(({ pictures }) => pictures) }
}

/** The object detection format of COCO (cocodataset.org, "Data format"), with its crowds and areas. */
export async function readCocoDataset(path: string, images: string | undefined): Promise<Dataset> {
  const file = parse(await readFile(path, 'utf8'), path)
  const place = images === undefined ? placeOf(path, file) : (name: string) => join(images, name)
  const truth = truthByImage(file)
  return {
    format: 'coco',
    classes: classesOf(file),
    pictures: file.images.map(({ id, file_name }) => {
      const boxes = truth.get(id) ?? []
      return { file: place(slashed(file_name)), truth: () => boxes, groups: {} }
    }),
  }
}

/** Exporters list the name of a whole set as a category above the others; nothing is one. */
function classesOf({ categories, annotations }: File): string[] {
  const used = new Set(annotations.map(({ category_id }) => category_id))
  const above = new Set(categories.map(({ supercategory }) => supercategory))
  return categories.filter(({ id, name }) => used.has(id) || !above.has(name)).map(({ name }) => name)
}

/** Exports of Windows name files its way. */
const slashed = (name: string): string => name.replaceAll('\\', '/')

function parse(text: string, path: string): File {
  try {
    return File.parse(JSON.parse(text))
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : messageOf(cause)
    const message = `${path} is no COCO data set: ${reason}. Export it as COCO JSON.`
    throw new SentinelError('INPUT_INVALID', message, { cause })
  }
}

/** Beside the labels, or where the common layouts have them; of a path on the exporter's own machine only its last name counts. */
function placeOf(path: string, { images: [first] }: File): (name: string) => string {
  const home = dirname(path)
  const split = basename(path, '.json').replace(/^instances_/, '')
  const beside = [split, 'images', join('images', split)].map((name) => join(home, '..', name))
  const places = [home, join(home, 'images'), ...beside].flatMap((folder) => [
    (name: string) => join(folder, name),
    (name: string) => join(folder, basename(name)),
  ])
  const found = places.find((place) => first === undefined || existsSync(place(slashed(first.file_name))))
  if (found) return found
  const message = `The pictures of ${path} are not beside it (looked for ${first?.file_name}). Give their folder: --images FOLDER`
  throw new SentinelError('INPUT_INVALID', message)
}

function truthByImage({ categories, annotations }: File): Map<number | string, LabelledTruth[]> {
  const names = new Map(categories.map(({ id, name }) => [id, name]))
  const truth = new Map<number | string, LabelledTruth[]>()
  for (const { image_id, category_id, bbox, area, iscrowd } of annotations) {
    const name = names.get(category_id)
    if (name === undefined) {
      const message = `An annotation is of category ${category_id}, which is not listed. Export the data set again.`
      throw new SentinelError('INPUT_INVALID', message)
    }
    const box = { class: name, box: bbox, ...(area !== undefined && { area }), ...(iscrowd && { isCrowd: true }) }
    const boxes = truth.get(image_id)
    if (boxes) boxes.push(box)
    else truth.set(image_id, [box])
  }
  return truth
}
