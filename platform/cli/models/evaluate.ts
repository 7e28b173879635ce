import { readFile } from 'node:fs/promises'
import { declaration as detect } from '../../../functions/detect/function.ts'
import { loadModel } from '../../adapters/model-onnxruntime/load-model.ts'
import { Pictures } from '../../adapters/pictures/pictures.ts'
import { SentinelError } from '../../errors.ts'
import { type Evaluation, evaluate } from '../../evaluation/evaluate.ts'
import { type GroupedPicture, judge } from '../../evaluation/judge.ts'
import { type Dataset, openDataset } from '../../evaluation/labelled/dataset.ts'
import { locateModel } from '../../hosts/detector.ts'
import type { Model } from '../../ports/model.ts'
import { inFolder, openObjects, type PlaceFlags, printJson } from './place.ts'
import { printEvaluation } from './report.ts'

export interface EvaluateFlags extends PlaceFlags {
  readonly names?: string
  readonly side?: string
  readonly images?: string
  readonly minSize: number
  readonly minVisibility: number
  readonly score?: number
  readonly by?: string
  readonly map?: string
}

/** Below this nobody looks, and above it precision and recall are read at every score. */
const LEAST_SCORE = 0.01
const TELL_EVERY_MS = 2000

export interface Report extends Evaluation {
  readonly model: Pick<Model['info'], 'digest' | 'name'>
  readonly dataset: { readonly path: string; readonly format: string }
  /** Of the data set, which the model does not have: nobody asks it for them. */
  readonly missingClasses: readonly string[]
  readonly groups: readonly (Evaluation & { readonly group: string })[]
}

/** Prints how good a model is on labelled pictures. */
export async function evaluateModel(place: string, path: string, flags: EvaluateFlags): Promise<void> {
  const dataset = await openDataset(path, flags.images)
  await inFolder(async (folder) => {
    const located = await locateModel({ model: place, objects: () => openObjects(flags.dataDir), folder })
    const told = { names: flags.names, side: flags.side ?? located.side }
    const model = await loadModel({ file: located.file, ...told, scoreThreshold: LEAST_SCORE })
    try {
      const report = await reportOn(model, dataset, path, flags)
      if (flags.json) printJson(report)
      else printEvaluation(report)
    } finally {
      await model.close()
    }
  })
}

async function reportOn(model: Model, dataset: Dataset, path: string, flags: EvaluateFlags): Promise<Report> {
  const rename = renames(flags.map)
  const wanted = [...new Set(dataset.classes.map((name) => rename.get(name) ?? name))]
  const classes = wanted.filter((name) => model.info.classes.includes(name))
  const missingClasses = wanted.filter((name) => !classes.includes(name))
  if (classes.length === 0) throw nothingInCommon(wanted, model.info.classes)
  const pictures = await look(model, dataset, { ...flags, rename })
  const options = { classes, operatingScore: flags.score ?? detect.config.parse({}).highScore }
  const { digest, name } = model.info
  return {
    model: { digest, name },
    dataset: { path, format: dataset.format },
    missingClasses,
    ...evaluate(pictures, options),
    groups: grouped(pictures, flags.by).map(([group, members]) => ({ group, ...evaluate(members, options) })),
  }
}

async function look(
  model: Model,
  dataset: Dataset,
  options: Pick<EvaluateFlags, 'minSize' | 'minVisibility'> & { readonly rename: ReadonlyMap<string, string> },
): Promise<GroupedPicture[]> {
  const pictures = new Pictures()
  try {
    const read = async (file: string) => pictures.image(await pictures.decode(await readFile(file)))
    return await judge(model, dataset, read, { ...options, onProgress: progress() })
  } finally {
    await pictures.close()
  }
}

/** `van=car,motorbike=motorcycle` */
function renames(text = ''): Map<string, string> {
  const pairs = text.split(',').filter((pair) => pair.trim() !== '')
  return new Map(
    pairs.map((pair) => {
      const [from, to] = pair.split('=').map((part) => part.trim())
      if (from && to) return [from, to] as const
      throw new SentinelError(
        'INPUT_INVALID',
        `--map ${pair} is not understood. Write it as van=car,motorbike=motorcycle`,
      )
    }),
  )
}

function nothingInCommon(wanted: readonly string[], classes: readonly string[]): SentinelError {
  const some = classes.slice(0, 10).join(', ')
  return new SentinelError(
    'INPUT_INVALID',
    `The data set has ${wanted.join(', ')}; the model knows none of them, but ${some}. Say which is which: --map theirs=its,…`,
  )
}

function grouped(pictures: readonly GroupedPicture[], by: string | undefined): [string, GroupedPicture[]][] {
  if (by === undefined) return []
  const groups = Map.groupBy(pictures, ({ groups }) => groups[by] ?? '')
  if (groups.size > 1 || !groups.has('')) return [...groups].sort(([a], [b]) => a.localeCompare(b))
  throw new SentinelError('INPUT_INVALID', `The pictures of this data set have no ${by}. Leave --by out.`)
}

/** Tells now and then how far it is, and how long it will take. */
function progress(): (done: number, total: number) => void {
  const started = performance.now()
  let toldAt = started
  return (done, total) => {
    const now = performance.now()
    if (now - toldAt < TELL_EVERY_MS && done < total) return
    toldAt = now
    const perSecond = (done * 1000) / (now - started)
    const left = Math.ceil((total - done) / perSecond)
    process.stderr.write(`${done} of ${total} pictures, ${perSecond.toFixed(1)} a second, ${left} s left\n`)
  }
}
