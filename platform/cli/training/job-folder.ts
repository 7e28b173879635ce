import { chmod, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Entry } from '../../datasets/manifest.ts'
import { readDataset, readImage } from '../../datasets/store.ts'
import { messageOf, SentinelError } from '../../errors.ts'
import { type ModelCard, storedBytes, storedCard } from '../../models/store.ts'
import type { ObjectStore } from '../../ports/objects.ts'
import { write } from '../datasets/folder.ts'

const Job = z.object({ run: z.string().min(1), dataset: z.string(), parent: z.string(), name: z.string().min(1) })
export type Job = z.infer<typeof Job>

/** A training by the base detector's own recipe. */
export interface AskedTraining {
  /** Of the run. */
  readonly id: string
  readonly dataset: string
  /** Digest of the model that learns. */
  readonly parent: string
  /** To see, each as often as it is seen. */
  readonly images: number
}

/** Writes the pictures, the weights and the commands that a training needs. A folder that holds them already is written anew. */
export async function writeJob(
  objects: ObjectStore,
  folder: string,
  { id, dataset, parent, images }: AskedTraining,
): Promise<Job> {
  const card = await storedCard(objects, parent)
  for (const side of ['train', 'val'] as const) await writeSide(objects, dataset, side, card, join(folder, side))
  await write(join(folder, 'start.onnx'), await storedBytes(objects, parent))
  await write(join(folder, 'train.sh'), scriptFor(images, card))
  await chmod(join(folder, 'train.sh'), 0o755)
  // Last: a folder without it is no whole job.
  const job: Job = { run: id, dataset, parent, name: `${card.name.split('+')[0]}+${dataset.slice(0, 8)}` }
  await write(join(folder, 'job.json'), JSON.stringify(job, null, 2))
  return job
}

/** @throws SentinelError `INPUT_INVALID` where the folder is no job. */
export function jobIn(folder: string): Promise<Job> {
  return told(folder, 'job.json', Job, 'Name a folder that sentinel train full wrote.')
}

/** Pictures and labels as detector/labels.py reads them. */
async function writeSide(
  objects: ObjectStore,
  dataset: string,
  side: Entry['split'],
  { classes }: ModelCard,
  folder: string,
): Promise<void> {
  const { entries } = await readDataset(objects, dataset)
  const labelled = entries.filter(({ split, boxes }) => split === side && boxes !== null)
  for (const { image } of labelled) await write(join(folder, 'images', `${image}.jpg`), await readImage(objects, image))
  await write(
    join(folder, 'labels.jsonl'),
    labelled.map((entry) => `${JSON.stringify(labelOf(entry, classes))}\n`).join(''),
  )
}

/** Boxes in pixels; those of classes that the model does not know are no part of it. */
function labelOf({ image, light, camera, width, height, boxes }: Entry, classes: readonly string[]) {
  const known = boxes!.filter((box) => classes.includes(box.class))
  return {
    image: `${image}.jpg`,
    mood: light ?? 'day',
    camera,
    boxes: known.map(({ class: name, box: [x, y, across, down] }) => ({
      class: name,
      box: [x * width, y * height, across * width, down * height],
      visibility: 1,
    })),
  }
}

function scriptFor(images: number, { side: { tone = 'none' } }: ModelCard): string {
  return `#!/bin/sh
# Usage: ./train.sh FOLDER [further options of train.py, such as --device cuda --batch 64 --rate 4e-3 --loaders 8]
# FOLDER is detector/ of Sentinel's repository; its README says what it needs. Run again it goes on where it was.
set -eu
recipe=$(cd "\${1:?Name the folder detector/ of the Sentinel repository}" && pwd)
shift
here=$(cd "$(dirname "$0")" && pwd)
python=\${PYTHON:-python3}
begin="--start $here/start.onnx"
[ -f "$here/run/checkpoint.pt" ] && begin=--resume
cd "$recipe"
"$python" train.py --data "$here/train" --run "$here/run" $begin --moods day,dusk,night --tone ${tone} --images ${images} "$@"
"$python" export.py "$here/run/checkpoint.pt" "$here/model.onnx"
`
}

/** What a file of the folder says. @throws SentinelError `INPUT_INVALID` with the advice. */
export async function told<T>(folder: string, name: string, schema: z.ZodType<T>, advice: string): Promise<T> {
  try {
    return schema.parse(JSON.parse(await readFile(join(folder, name), 'utf8')))
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : messageOf(cause)
    throw new SentinelError('INPUT_INVALID', `${name} of the job cannot be read: ${why}. ${advice}`, { cause })
  }
}
