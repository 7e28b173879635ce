import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Entry, Manifest } from '../../datasets/manifest.ts'
import { shareOf } from '../../datasets/split.ts'
import type { Pixels } from '../../events/image.ts'
import type { TrainingProgress } from '../../events/training.ts'
import type { ModelDescription } from '../../models/describe.ts'
import type { Letterbox } from '../../models/letterbox.ts'
import type { SideFile } from '../../models/side-file.ts'
import type { Trained, TrainingJob } from '../../ports/trainer.ts'
import { failing, say } from '../../said.ts'
import { learningOf } from '../../training/depth.ts'
import { judgedBy } from '../../training/detection/accuracy.ts'
import type { Answers, Truth } from '../../training/detection/answers.ts'
import { assign } from '../../training/detection/assign.ts'
import { asBefore } from '../../training/detection/targets.ts'
import type { Engine, Features, Weights } from '../../training/engine.ts'
import { type Example, type FitStep, fit } from '../../training/fit.ts'
import { withWeights } from '../../training/rewrite.ts'
import { FeatureReader } from '../model-onnxruntime/features.ts'
import { Learner, offsetsOf } from '../model-onnxruntime/learner.ts'
import { readModel } from '../model-onnxruntime/load-model.ts'
import { JpegDecoder } from '../pictures/codec.ts'
import { Helpers } from './helpers.ts'
import { mirrored, mirroredTruths } from './mirrored.ts'

type Tell = (progress: TrainingProgress) => void | Promise<void>

/** A step has two halves: what is taught, and what is rehearsed. */
const MOST_THREADS = 2

/**
 * The whole training. What is computed for it is computed in so many threads, or in the one that calls where one is enough; how many
 * changes nothing of what is learnt.
 *
 * @throws SentinelError `MODEL_INVALID`, `DATASET_INVALID`
 */
export async function runTraining(
  job: TrainingJob,
  tell: Tell,
  threads: number = Math.min(MOST_THREADS, availableParallelism()),
): Promise<Trained> {
  const side = withTone(job)
  const description = await describe({ ...job, side })
  const { learner, reader, old } = open(job, description, threads)
  try {
    const material = await read(job, { reader, learner, old, description, tell })
    if (material.boxes === 0) throw failing('DATASET_INVALID', say('training.noBox', {}))
    const onLook = (step: FitStep) => tell(progressOf(step, job.recipe.steps))
    const { weights, before, after } = await fit(learner, old, material, { recipe: job.recipe, onLook })
    return {
      model: withWeights(job.model, weights),
      side,
      metrics: {
        pictures: material.pictures,
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
    await learner.close()
  }
}

/** The part of the model that learns, and what runs the part before it. */
function open({ model, recipe: { method } }: TrainingJob, description: ModelDescription, threads: number) {
  const learning = learningOf(model, method)
  const { network, part } = learning
  return {
    learner: threads > 1 ? new Helpers({ model, method }, offsetsOf(part), threads) : new Learner(learning),
    reader: new FeatureReader(model, description, part.inputs),
    old: new Map(part.weights.map((name) => [name, network.constants.get(name)!.values as Float32Array])),
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
  readonly learner: Engine
  readonly old: Weights
  readonly description: ModelDescription
  readonly tell: Tell
}

/** Every picture made ready, as many as the memory holds; what is taught is taught mirrored too. */
async function read({ dataset, images, memoryBytes }: TrainingJob, reading: Reading) {
  const material = { taught: [] as Example[], rehearsed: [] as Example[], val: [] as Example[], pictures: 0, boxes: 0 }
  const entries = dataset.entries.filter(isUsed).sort((a, b) => shareOf(a.image) - shareOf(b.image))
  const decoder = new JpegDecoder()
  const classes = classesOf(dataset, reading.description)
  let held = 0
  for (const [done, entry] of entries.entries()) {
    const side = entry.role === 'base' ? 'rehearsed' : entry.split === 'train' ? 'taught' : 'val'
    const pixels = decoder.decode(images.get(entry.image)!)
    const { truths, examples } = await examplesOf(entry, pixels, side, { ...reading, classes })
    held += examples.reduce((sum, { features }) => sum + bytesOf(features), 0)
    if (held > memoryBytes) break
    material[side].push(...examples)
    if (side === 'taught') {
      material.boxes += truths.length
      material.pictures++
    }
    await reading.tell({ stage: 'features', done: done + 1, total: entries.length, loss: null, valLoss: null })
  }
  return material
}

async function examplesOf(
  entry: Entry,
  pixels: Pixels,
  side: 'taught' | 'rehearsed' | 'val',
  { reader, learner, old, description, classes }: Reading & { readonly classes: readonly number[] },
) {
  const { features, box } = await reader.read(pixels)
  if (side === 'rehearsed') {
    const [before] = await learner.answers(old, [features])
    const targets = asBefore(before!)
    return { truths: [], examples: [{ features, targets: () => targets }] }
  }
  const truths = truthsOf(entry, box, description.classes)
  const example = (of: Features, all: readonly Truth[]): Example => ({
    features: of,
    targets: (now) => assign(now, { truths: all, classes }),
  })
  if (side === 'val') {
    const judged = (now: Answers) => judgedBy(now, truths, classes)
    return { truths, examples: [{ ...example(features, truths), judged }] }
  }
  const other = (await reader.read(mirrored(pixels))).features
  const turned = mirroredTruths(truths, box.x, box.width)
  return { truths, examples: [example(features, truths), example(other, turned)] }
}

/** What is known of before is only rehearsed; it is for evaluation to judge whether it was forgotten. */
const isUsed = ({ role, split, boxes }: Entry): boolean => (role === 'base' ? split === 'train' : boxes !== null)

function bytesOf({ byName }: Features): number {
  return [...byName.values()].reduce((sum, { values }) => sum + values.byteLength, 0)
}

/** @param placed where the picture lies in the model's input. */
function truthsOf({ boxes }: Entry, placed: Letterbox, classes: readonly string[]): Truth[] {
  return (boxes ?? []).flatMap(({ class: name, box: [x, y, width, height] }): Truth[] => {
    const classIndex = classes.indexOf(name)
    if (classIndex < 0) return []
    const [across, down] = [width * placed.width, height * placed.height]
    const centre = [placed.x + x * placed.width + across / 2, placed.y + y * placed.height + down / 2] as const
    return [{ classIndex, box: [...centre, across, down] }]
  })
}

function progressOf({ step, loss, valLoss, ap50 }: FitStep, total: number): TrainingProgress {
  return { stage: 'fit', done: step, total, loss, valLoss, ap50 }
}
