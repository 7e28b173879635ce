/** Left, top, width, height in pixels. */
export type PixelBox = readonly [x: number, y: number, width: number, height: number]

/** What is really in a picture. */
export interface TruthBox {
  readonly class: string
  readonly box: PixelBox
  /** Pixels²; of a shape that is smaller than its box, otherwise the box's. */
  readonly area?: number
  /** A region of many: any number of boxes may lie in it, and none of them counts. */
  readonly isCrowd?: boolean
  /** Neither missed when nobody finds it, nor counted when somebody does: too small, too hidden. */
  readonly isIgnored?: boolean
}

/** What a detector says is in a picture. */
export interface FoundBox {
  readonly class: string
  readonly score: number
  readonly box: PixelBox
}

export interface JudgedPicture {
  readonly truth: readonly TruthBox[]
  readonly found: readonly FoundBox[]
}

export function areaOf([, , width, height]: PixelBox): number {
  return width * height
}

/** Intersection over union; over the found box alone where the truth is a crowd. */
export function overlapWith({ box: truth, isCrowd }: TruthBox, found: PixelBox): number {
  const width = Math.min(found[0] + found[2], truth[0] + truth[2]) - Math.max(found[0], truth[0])
  const height = Math.min(found[1] + found[3], truth[1] + truth[3]) - Math.max(found[1], truth[1])
  if (width <= 0 || height <= 0) return 0
  const shared = width * height
  return shared / (isCrowd ? areaOf(found) : areaOf(found) + areaOf(truth) - shared)
}
