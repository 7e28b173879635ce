import { parseArgs } from 'node:util'
import { MOODS, type Mood } from './moods.ts'
import { MIXES, type MixName } from './simulation/traffic.ts'

/** What differs from camera to camera of a data set, unless it is held fixed. */
export const RANDOMISED = ['light', 'lens', 'tints'] as const
export type Randomised = (typeof RANDOMISED)[number]

export interface DatasetOptions {
  readonly out: string
  readonly seeds: readonly number[]
  /** Cameras of each seed. */
  readonly views: number
  /** Pictures by each camera. */
  readonly frames: number
  readonly moods: readonly Mood[]
  readonly traffic: MixName
  /** What every camera of a mood has in common, to measure what the difference teaches. */
  readonly fixed: readonly Randomised[]
}

const USAGE =
  'npm run city:dataset -- --out FOLDER [--seeds 1,2] [--views 40] [--frames 25] [--moods day,dusk] [--traffic rare] [--fixed light,lens,tints]'

/** @throws Error that says which option is wrong and how it is written */
export function parseDatasetOptions(args: readonly string[]): DatasetOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      out: { type: 'string' },
      seeds: { type: 'string', default: '1,2' },
      views: { type: 'string', default: '40' },
      frames: { type: 'string', default: '25' },
      moods: { type: 'string', default: 'day,dusk' },
      traffic: { type: 'string', default: 'everyday' },
      fixed: { type: 'string' },
    },
  })
  if (!values.out) throw new Error(`--out is missing: the folder for the pictures. ${USAGE}`)
  return {
    out: values.out,
    seeds: values.seeds.split(',').map((seed) => whole('--seeds', seed)),
    views: whole('--views', values.views),
    frames: whole('--frames', values.frames),
    moods: values.moods.split(',').map((text) => oneOf(MOODS, '--moods', text)),
    traffic: oneOf(Object.keys(MIXES) as MixName[], '--traffic', values.traffic),
    fixed: values.fixed?.split(',').map((text) => oneOf(RANDOMISED, '--fixed', text)) ?? [],
  }
}

function whole(option: string, text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1) throw new Error(`${option} ${text} is no whole number above 0. ${USAGE}`)
  return number
}

function oneOf<Name extends string>(names: readonly Name[], option: string, text: string): Name {
  const found = names.find((each) => each === text)
  if (!found) throw new Error(`${option} ${text} is unknown; there are ${names.join(', ')}. ${USAGE}`)
  return found
}
