import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { messageOf, SentinelError } from '../../errors.ts'
import type { Dataset, LabelledTruth } from './dataset.ts'

const Id = z.union([z.int(), z.string()])

const File = z.object({
  images: z.array(z.object({ id: Id, file_name: z.string().min(1) })),
  categories: z.array(z.object({ id: Id, name: z.string().min(1) })),
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

/** The object detection format of COCO (cocodataset.org, "Data format"), with its crowds and areas. */
export async function readCocoDataset(path: string, images: string | undefined): Promise<Dataset> {
  const file = parse(await readFile(path, 'utf8'), path)
  const folder = images ?? folderOf(path, file)
  const truth = truthByImage(file)
  return {
    format: 'coco',
    classes: file.categories.map(({ name }) => name),
    pictures: file.images.map(({ id, file_name }) => {
      const boxes = truth.get(id) ?? []
      return { file: join(folder, file_name), truth: () => boxes, groups: {} }
    }),
  }
}

function parse(text: string, path: string): File {
  try {
    return File.parse(JSON.parse(text))
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : messageOf(cause)
    const message = `${path} is no COCO data set: ${reason}. Export it as COCO JSON.`
    throw new SentinelError('INPUT_INVALID', message, { cause })
  }
}

/** Beside the labels, or where the common layouts have them. */
function folderOf(path: string, { images }: File): string {
  const home = dirname(path)
  const [first] = images
  if (!first) return home
  const split = basename(path, '.json').replace(/^instances_/, '')
  const beside = [split, 'images', join('images', split)].map((name) => join(home, '..', name))
  const found = [home, join(home, 'images'), ...beside].find((folder) => existsSync(join(folder, first.file_name)))
  if (found !== undefined) return found
  const message = `The pictures of ${path} are not beside it (looked for ${first.file_name}). Give their folder: --images FOLDER`
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
