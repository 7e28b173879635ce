import { join, resolve } from 'node:path'
import { z } from 'zod'
import { readModel } from '../../adapters/model-onnxruntime/load-model.ts'
import { systemClock } from '../../adapters/system-clock.ts'
import { SentinelError } from '../../errors.ts'
import { inherited } from '../../models/side-file.ts'
import { storedCard, storeModel } from '../../models/store.ts'
import type { ObjectStore } from '../../ports/objects.ts'
import { type FinishedTraining, finishTraining } from '../../training/full.ts'
import { ERRORS, type Payload, succeeded } from '../api.ts'
import { onDataDirectory } from '../data-place.ts'
import { refuseFull } from '../datasets/folder.ts'
import { openObjects, type PlaceFlags, printJson } from '../models/place.ts'
import { type Job, jobIn, told, writeJob } from './job-folder.ts'
import { askForTraining } from './start.ts'

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
  const images = Math.round(flags.images)
  const wish = { method: 'full', steps: images, isTakenAlong: true } as const
  const { id, dataset, parent } = await askForTraining(flags.dataDir, wish)
  const job = await writeJob(await openObjects(flags.dataDir), folder, { id, dataset, parent, images })
  if (flags.json) return printJson({ ...job, folder })
  process.stdout.write(
    `Training ${id} is in ${folder}. Take the folder and detector/ to the other machine and run train.sh there; then, here:\n` +
      `  sentinel train finish ${to}\n`,
  )
}

/** Stores and registers what came of a job. */
export async function finish(from: string, flags: PlaceFlags): Promise<void> {
  const folder = resolve(from)
  const job = await jobIn(folder)
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
  const side = { ...inherited(card.side), name }
  const { bytes, description } = await readModel({ file: join(folder, 'model.onnx'), side })
  if (description.classes.join() !== card.classes.join()) {
    const classes = `${description.classes.join(', ')} instead of ${card.classes.join(', ')}`
    throw new SentinelError('INPUT_INVALID', `model.onnx in ${folder} has other classes than the job: ${classes}.`)
  }
  return storeModel(objects, bytes, { ...card, name, side, bytes: bytes.length })
}
