import type { LabelledBox } from '../events/frame.ts'

/** Least intersection over union at which two boxes are of one object. */
const SAME_OBJECT = 0.5

export interface Agreement {
  /** Boxes of the first list that the second has too, with their class. */
  readonly matched: number
  /** Mean intersection over union of those; null where there is none. */
  readonly overlap: number | null
}

/** How far two people see the same in a picture: boxes are paired one to one, those that overlap most first. */
export function agreementOf(some: readonly LabelledBox[], others: readonly LabelledBox[]): Agreement {
  const pairs = some
    .flatMap((a, i) => others.map((b, j) => ({ i, j, overlap: a.class === b.class ? overlapOf(a.box, b.box) : 0 })))
    .filter(({ overlap }) => overlap >= SAME_OBJECT)
    .sort((a, b) => b.overlap - a.overlap)
  const [left, right] = [new Set<number>(), new Set<number>()]
  let sum = 0
  for (const { i, j, overlap } of pairs) {
    if (left.has(i) || right.has(j)) continue
    left.add(i)
    right.add(j)
    sum += overlap
  }
  return { matched: left.size, overlap: left.size === 0 ? null : sum / left.size }
}

/** Whether two people say the same: every box of the one is a box of the other. */
export function doAgree(some: readonly LabelledBox[], others: readonly LabelledBox[]): boolean {
  return some.length === others.length && agreementOf(some, others).matched === some.length
}

/** Intersection over union of boxes of x, y, width, height. */
export function overlapOf(a: LabelledBox['box'], b: LabelledBox['box']): number {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0])
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1])
  if (width <= 0 || height <= 0) return 0
  const shared = width * height
  return shared / (a[2] * a[3] + b[2] * b[3] - shared)
}
