import { existsSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { SentinelError } from '../../platform/errors.ts'
import { digestOf } from '../../platform/models/store.ts'
import { root } from '../../platform/paths.ts'
import { recipeOf } from '../../platform/training/recipe.ts'
import { sharedFile } from '../support/shared.ts'
import type { Benchmark } from './figures.ts'
import { Checkpoint } from './learn/checkpoint.ts'
import { experiment } from './learn/experiment.ts'
import { type PictureFile, picturesIn, spread } from './learn/pictures.ts'

const MODEL = join(root, 'detector', 'model.onnx')
/** Where the pictures lie that `city:dataset` renders: beside the repository, or where SENTINEL_CITY_DATA says. */
const DATA = process.env.SENTINEL_CITY_DATA ?? join(dirname(root), 'city-data')
const SHIFTED = ['night', 'rain']
/** Pictures of before that are rehearsed, and in a quick run those that judge. */
const [BASE, QUICK] = [48, 40]

/** Sets of pictures and how they are rendered. */
const SETS = {
  shift: '--seeds 201,202 --views 20 --frames 10 --moods night,rain',
  val: '--seeds 101,102 --views 15 --frames 25 --moods day,dusk,night,rain,fog',
  'val-day': '--seeds 103,104,105,106 --views 12 --frames 6 --moods day',
  train: '--seeds 1,2,3,4,5,6 --moods day,dusk',
} as const

/** The base model meets night and rain; a simulated operator works the queue by the truth; how much better is it then? */
export const learn: Benchmark = {
  about: 'points of AP50 on night and rain cameras that nobody labelled, after 10 to 100 certified frames of others',
  async run(say, { quick = false }) {
    for (const [name, flags] of Object.entries(SETS)) checkSet(name, flags)
    const model = { model: new Uint8Array(await readFile(MODEL)), side: {} }
    const few = <Item>(items: readonly Item[], count: number): Item[] => spread(items, quick ? count : items.length)
    const val = join(DATA, 'val')
    // As the detector's card has it: 6 cameras alone judge by chance.
    const day = [...(await picturesIn(val, ['day'])), ...(await picturesIn(join(DATA, 'val-day'), ['day']))]
    const recipes = (['last', 'head', 'whole'] as const).map((method) => recipeOf('', 25, { method }))
    const conditions = JSON.stringify({ model: digestOf(model.model), recipes, quick })
    const checkpoint = await Checkpoint.open(join(root, 'bench-results', 'learn.checkpoint.json'), conditions)
    if (checkpoint.size > 0) say(`${checkpoint.size} answers are known from an experiment that was ended`)
    const figures = await experiment({
      parent: model,
      pool: await picturesIn(join(DATA, 'shift'), SHIFTED),
      shifted: few(await picturesIn(val, SHIFTED), 2 * QUICK),
      day: few(day, QUICK),
      base: spread(await picturesIn(join(DATA, 'train'), ['day']), BASE),
      real: realPictures(),
      isQuick: quick,
      checkpoint,
      say,
    })
    await checkpoint.forget()
    return figures
  },
}

/** Of a car's windscreen; none without the shared data. */
function realPictures(): PictureFile[] {
  const { path, skip } = sharedFile('images/road')
  if (skip) return []
  return readdirSync(path)
    .filter((name) => name.endsWith('.jpg'))
    .map((name) => ({ file: join(path, name) }))
}

function checkSet(name: string, flags: string): void {
  if (existsSync(join(DATA, name, 'labels.jsonl'))) return
  const how = `Render it: npm run city:dataset -- --out ${join('..', 'city-data', name)} ${flags}`
  throw new SentinelError('NOT_FOUND', `bench learn needs the pictures of ${join(DATA, name)}. ${how}`)
}
