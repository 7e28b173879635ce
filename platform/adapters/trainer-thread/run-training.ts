import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Entry, Manifest } from '../../datasets/manifest.ts'
import { shareOf } from '../../datasets/split.ts'
import { SentinelError } from '../../errors.ts'
import type { TrainingProgress } from '../../events/training.ts'
import type { ModelDescription } from '../../models/describe.ts'
import type { SideFile } from '../../models/side-file.ts'
import type { Trained, TrainingJob } from '../../ports/trainer.ts'
import type { Truth } from '../../training/last/assign.ts'
import { type FitStep, fit } from '../../training/last/fit.ts'
import { readHead } from '../../training/last/graph.ts'
import { type Parameters, parametersOf, weightsOf } from '../../training/last/parameters.ts'
import { withWeights } from '../../training/last/rewrite.ts'
import type { Sample } from '../../training/last/sample.ts'
import { rehearsed, taught } from '../../training/last/samples.ts'
import { FeatureReader, type PictureFeatures } from '../model-onnxruntime/features.ts'
import { readModel } from '../model-onnxruntime/load-model.ts'
import { JpegDecoder } from '../pictures/codec.ts'

type Tell = (progress: TrainingProgress) => void | Promise<void>

/** The whole training, in the thread that calls. @throws SentinelError `MODEL_INVALID`, `DATASET_INVALID` */
export async function runTraining(job: TrainingJob, tell: Tell): Promise<Trained> {
  const side = withTone(job)
  const description = await describe({ ...job, side })
  const graph = readHead(job.model)
  const old = parametersOf(graph, classesOf(job.dataset, description))
  const reader = new FeatureReader(job.model, description, graph)
  try {
    const material = await read(job, { reader, old, description, tell })
    if (material.taught.every(({ positives }) => positives.length === 0))
      throw new SentinelError(
        'DATASET_INVALID',
        'No box of this dataset can be learnt: none is of a class of the model.',
      )
    const onLook = (step: FitStep) => tell(progressOf(step, job.recipe.steps))
    const { parameters, before, after } = await fit(old, material, { recipe: job.recipe, onLook })
    return {
      model: withWeights(job.model, weightsOf(graph, parameters)),
      side,
      metrics: {
        pictures: material.taught.length,
        boxes: material.boxes,
        rehearsed: material.rehearsed.length,
        lossBefore: before.loss,
        lossAfter: after.loss,
        valLossBefore: before.valLoss,
        valLossAfter: after.valLoss,
        steps: after.step,
      },
    }
  } finally {
    await reader.close()
  }
}

/** Pictures that are dark are lifted before anything is learnt from them; the model's record says so from then on. */
function withTone({ side, dataset }: TrainingJob): SideFile {
  const isDark = dataset.entries.some(({ light, role }) => role === 'annotated' && light !== null && light !== 'day')
  return side.tone === undefined && isDark ? { ...side, tone: 'adaptive' } : side
}

async function describe({ model, side }: Pick<TrainingJob, 'model' | 'side'>): Promise<ModelDescription> {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-training-'))
  try {
    const file = join(folder, 'model.onnx')
    await writeFile(file, model)
    return (await readModel({ file, side })).description
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Those that the dataset has boxes of. */
function classesOf({ entries }: Manifest, { classes }: ModelDescription): number[] {
  const names = new Set(entries.flatMap(({ boxes }) => boxes?.map((box) => box.class) ?? []))
  return [...classes.keys()].filter((index) => names.has(classes[index]!))
}

interface Reading {
  readonly reader: FeatureReader
  readonly old: Parameters
  readonly description: ModelDescription
  readonly tell: Tell
}

/** Every picture made ready, as many as the memory holds. */
async function read({ dataset, images, memoryBytes }: TrainingJob, { reader, old, description, tell }: Reading) {
  const material = { taught: [] as Sample[], rehearsed: [] as Sample[], val: [] as Sample[], boxes: 0 }
  const entries = dataset.entries.filter(isUsed).sort((a, b) => shareOf(a.image) - shareOf(b.image))
  const decoder = new JpegDecoder()
  let held = 0
  for (const [done, entry] of entries.entries()) {
    const features = await reader.read(decoder.decode(images.get(entry.image)!))
    held += bytesOf(features)
    if (held > memoryBytes) break
    if (entry.role === 'base') material.rehearsed.push(rehearsed(old, features.levels))
    else {
      const truths = truthsOf(entry, features, description.classes)
      const side = entry.split === 'train' ? 'taught' : 'val'
      material[side].push(taught(old, features.levels, truths))
      if (side === 'taught') material.boxes += truths.length
    }
    await tell({ stage: 'features', done: done + 1, total: entries.length, loss: null, valLoss: null })
  }
  return material
}

/** What is known of before is only rehearsed; it is for evaluation to judge whether it was forgotten. */
const isUsed = ({ role, split, boxes }: Entry): boolean => (role === 'base' ? split === 'train' : boxes !== null)

function bytesOf({ levels }: PictureFeatures): number {
  const arrays = new Set(levels.flatMap(({ boxes, objectness, classes }) => [boxes, objectness, classes]))
  return [...arrays].reduce((sum, { byteLength }) => sum + byteLength, 0)
}

function truthsOf({ boxes }: Entry, { box: placed }: PictureFeatures, classes: readonly string[]): Truth[] {
  return (boxes ?? []).flatMap(({ class: name, box: [x, y, width, height] }): Truth[] => {
    const classIndex = classes.indexOf(name)
    if (classIndex < 0) return []
    const [across, down] = [width * placed.width, height * placed.height]
    const centre = [placed.x + x * placed.width + across / 2, placed.y + y * placed.height + down / 2] as const
    return [{ classIndex, box: [...centre, across, down] }]
  })
}

function progressOf({ step, loss, valLoss }: FitStep, total: number): TrainingProgress {
  return { stage: 'fit', done: step, total, loss, valLoss }
}
