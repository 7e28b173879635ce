import { chmod, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { readModel } from '../../adapters/model-onnxruntime/load-model.ts'
import { systemClock } from '../../adapters/system-clock.ts'
import type { Entry } from '../../datasets/manifest.ts'
import { readDataset, readImage } from '../../datasets/store.ts'
import { messageOf, SentinelError } from '../../errors.ts'
import { type ModelCard, storedBytes, storedCard, storeModel } from '../../models/store.ts'
import type { ObjectStore } from '../../ports/objects.ts'
import { type FinishedTraining, finishTraining } from '../../training/full.ts'
import { ERRORS, type Payload, succeeded } from '../api.ts'
import { onDataDirectory } from '../data-place.ts'
import { refuseFull, write } from '../datasets/folder.ts'
import { openObjects, type PlaceFlags, printJson } from '../models/place.ts'
import { askForTraining } from './start.ts'

const Job = z.object({ run: z.string().min(1), dataset: z.string(), parent: z.string(), name: z.string().min(1) })
type Job = z.infer<typeof Job>

/** What detector/train.py leaves beside its checkpoint. */
const Report = z.object({
  seen: z.int().positive(),
  lossBefore: z.number(),
  lossAfter: z.number(),
  seconds: z.number().min(0),
  machine: z.string().min(1),
})

/** Requests a training for elsewhere, and writes the pictures, the weights and the commands for it into a new folder. */
export async function handOver(to: string, flags: PlaceFlags & { readonly images: number }): Promise<void> {
  const folder = resolve(to)
  await refuseFull(folder)
  const { id, dataset, parent } = await askForTraining(flags.dataDir, {
    method: 'full',
    steps: Math.round(flags.images),
  })
  const objects = await openObjects(flags.dataDir)
  const card = await storedCard(objects, parent)
  for (const side of ['train', 'val'] as const) await writeSide(objects, dataset, side, card, join(folder, side))
  await write(join(folder, 'start.onnx'), await storedBytes(objects, parent))
  await write(join(folder, 'train.sh'), scriptFor(flags.images, card))
  await chmod(join(folder, 'train.sh'), 0o755)
  // Last: a folder without it is no whole job.
  const job: Job = { run: id, dataset, parent, name: `${card.name.split('+')[0]}+${dataset.slice(0, 8)}` }
  await write(join(folder, 'job.json'), JSON.stringify(job, null, 2))
  if (flags.json) return printJson({ ...job, folder })
  process.stdout.write(
    `Training ${id} is in ${folder}. Take the folder and detector/ to the other machine and run train.sh there; then, here:\n` +
      `  sentinel train finish ${to}\n`,
  )
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

/** Stores and registers what came of a job. */
export async function finish(from: string, flags: PlaceFlags): Promise<void> {
  const folder = resolve(from)
  const job = await told(folder, 'job.json', Job, 'Name a folder that sentinel train full wrote.')
  const report = await told(folder, join('run', 'report.json'), Report, 'Run its train.sh first.')
  const objects = await openObjects(flags.dataDir)
  const model = await storedFrom(folder, job, objects)
  const finished: FinishedTraining = { id: job.run, model, ...report }
  await onDataDirectory(flags.dataDir, process.env, {
    running: async (ask) => {
      const query = `mutation ($input: FinishTrainingInput!) { finishTraining(input: $input) { ${ERRORS} } }`
      succeeded((await ask<{ finishTraining: Payload }>(query, { input: finished })).finishTraining)
    },
    stopped: async ({ database }) => void (await finishTraining({ database, objects, clock: systemClock }, finished)),
  })
  if (flags.json) return printJson({ ...job, model })
  process.stdout.write(`${job.name} is model ${model}. It is held against the running one as any other.\n`)
}

/** @returns the digest. @throws SentinelError `MODEL_INVALID`, `INPUT_INVALID` where it is no child of the model that the job began with. */
async function storedFrom(folder: string, { parent, name }: Job, objects: ObjectStore): Promise<string> {
  const card = await storedCard(objects, parent)
  const side = { ...card.side, name }
  const { bytes, description } = await readModel({ file: join(folder, 'model.onnx'), side })
  if (description.classes.join() !== card.classes.join()) {
    const classes = `${description.classes.join(', ')} instead of ${card.classes.join(', ')}`
    throw new SentinelError('INPUT_INVALID', `model.onnx in ${folder} has other classes than the job: ${classes}.`)
  }
  return storeModel(objects, bytes, { ...card, name, side, bytes: bytes.length })
}

async function told<T>(folder: string, name: string, schema: z.ZodType<T>, advice: string): Promise<T> {
  try {
    return schema.parse(JSON.parse(await readFile(join(folder, name), 'utf8')))
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : messageOf(cause)
    throw new SentinelError('INPUT_INVALID', `${name} of the job cannot be read: ${why}. ${advice}`, { cause })
  }
}
