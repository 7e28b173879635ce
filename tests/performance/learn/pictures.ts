import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { LabelledTruth } from '../../../platform/evaluation/labelled/dataset.ts'
import { openDataset } from '../../../platform/evaluation/labelled/dataset.ts'

export interface PictureFile {
  readonly file: string
}

/** A picture of the city with everything that is in it. */
export interface CityPicture extends PictureFile {
  readonly mood: string
  /** With the city's seed, so that it is unique. */
  readonly camera: string
  /** Number of the picture among those of its camera. */
  readonly moment: number
  readonly truth: readonly LabelledTruth[]
}

export const [WIDTH, HEIGHT] = [640, 360]

/** Those of some moods. */
export async function picturesIn(folder: string, moods: readonly string[]): Promise<CityPicture[]> {
  const { pictures } = await openDataset(folder)
  return pictures.flatMap(({ file, truth, groups: { mood } }) => {
    if (!mood || !moods.includes(mood)) return []
    const [, camera, moment] = /^(.+)-(\d+)\.jpg$/.exec(basename(file)) ?? []
    return [{ file, mood, camera: camera!, moment: Number(moment), truth: truth({ width: WIDTH, height: HEIGHT }) }]
  })
}

/** So many, spread evenly over all. */
export function spread<Item>(items: readonly Item[], count: number): Item[] {
  const step = Math.max(1, items.length / count)
  return Array.from({ length: Math.min(count, items.length) }, (_, at) => items[Math.floor(at * step)]!)
}

export const bytesOf = ({ file }: PictureFile): Promise<Buffer> => readFile(file)
