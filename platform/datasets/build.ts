import type { Light } from '../events/annotation.ts'
import type { LabelledBox } from '../events/frame.ts'
import { type Entry, type Manifest, manifestOf } from './manifest.ts'
import { SPLIT_RULES, type SplitRules, shareOf, sideOf } from './split.ts'

/** An annotation that stands. */
export interface Certified {
  readonly verdictId: string
  readonly cameraId: string
  /** µs since the epoch. */
  readonly capturedAt: number
  readonly width: number
  readonly height: number
  readonly light: Light
  readonly image: string
  readonly boxes: readonly LabelledBox[]
}

export interface BuildOptions {
  readonly classes: readonly string[]
  readonly annotations: readonly Certified[]
  /** What the model knew before. */
  readonly base?: Manifest | undefined
  readonly rules?: SplitRules
  /** Pictures of before on each side: more drown what is new, fewer let it be forgotten. */
  readonly mostBase?: number
}

const MOST_BASE = 48

/** A version of the dataset from all that is certified now, with some of what was known before. */
export function buildDataset({
  classes,
  annotations,
  base,
  rules = SPLIT_RULES,
  mostBase = MOST_BASE,
}: BuildOptions): Manifest {
  const certified = sidesOf(annotations, rules)
  const taken = new Set(certified.map(({ image }) => image))
  const before = (base?.entries ?? []).filter(({ image }) => !taken.has(image))
  return manifestOf(classes, [...chosen(before, 'train', mostBase), ...chosen(before, 'val', mostBase), ...certified])
}

/** Few pictures may leave nothing to learn from: then all are for learning, and none for judging. */
function sidesOf(annotations: readonly Certified[], rules: SplitRules): Entry[] {
  const entries = annotations.flatMap((annotation) => {
    const split = sideOf(annotation.cameraId, annotation.capturedAt, rules)
    return split ? [entryOf(annotation, split)] : []
  })
  if (entries.some(({ split }) => split === 'train')) return entries
  return annotations.map((annotation) => entryOf(annotation, 'train'))
}

function entryOf({ boxes, cameraId, ...rest }: Certified, split: Entry['split']): Entry {
  const plain = boxes.map(({ class: name, box }) => ({ class: name, box }))
  return { ...rest, camera: cameraId, split, role: 'annotated', boxes: plain }
}

/** The same ones in every version, as far as they are there. */
function chosen(entries: readonly Entry[], side: Entry['split'], most: number): Entry[] {
  return entries
    .filter(({ split }) => split === side)
    .sort((a, b) => shareOf(a.image) - shareOf(b.image))
    .slice(0, most)
    .map((entry) => ({ ...entry, role: 'base' }))
}
