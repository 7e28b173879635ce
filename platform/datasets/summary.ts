import type { Entry, Manifest } from './manifest.ts'

/** How much of something is on each side of the split. */
export interface Share {
  readonly name: string
  readonly train: number
  readonly val: number
}

export interface Summary {
  /** Pictures; `base` of them are what the model knew before. */
  readonly train: number
  readonly val: number
  readonly base: number
  readonly boxes: number
}

export function summaryOf({ entries }: Manifest): Summary {
  const count = (is: (entry: Entry) => boolean): number => entries.filter(is).length
  return {
    train: count(({ split }) => split === 'train'),
    val: count(({ split }) => split === 'val'),
    base: count(({ role }) => role === 'base'),
    boxes: entries.reduce((sum, { boxes }) => sum + (boxes?.length ?? 0), 0),
  }
}

/** Boxes of each class, in the dataset's own order. */
export function boxesByClass({ classes, entries }: Manifest): Share[] {
  const count = (name: string, side: Entry['split']): number =>
    entries
      .filter(({ split }) => split === side)
      .reduce((sum, { boxes }) => sum + (boxes?.filter((box) => box.class === name).length ?? 0), 0)
  return classes.map((name) => ({ name, train: count(name, 'train'), val: count(name, 'val') }))
}

/** Pictures that people certified, by camera or by light, the most first. */
export function picturesBy({ entries }: Manifest, key: 'camera' | 'light'): Share[] {
  const groups = Map.groupBy(
    entries.filter(({ role }) => role === 'annotated'),
    (entry) => entry[key] ?? 'unknown',
  )
  return [...groups]
    .map(([name, all]) => {
      const train = all.filter(({ split }) => split === 'train').length
      return { name, train, val: all.length - train }
    })
    .sort((a, b) => b.train + b.val - (a.train + a.val) || (a.name < b.name ? -1 : 1))
}
