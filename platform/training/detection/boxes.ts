import { sigmoid } from './answers.ts'
import { byDistances, decodeDistances } from './distances.ts'

/** Centre and size in input pixels. */
export type Centred = readonly [x: number, y: number, width: number, height: number]

/** A cell of a stride's grid. */
export interface Cell {
  readonly column: number
  readonly line: number
  /** Pixels. */
  readonly stride: number
  /** Width and height that sizes are shares of, pixels; undefined where they are growths of the stride. */
  readonly anchor?: readonly [width: number, height: number]
}

/** Steps of the exponential beyond which no object of any picture is; it must not overflow on the way. */
const MOST_GROWTH = 12
/** Keeps quotients finite. */
const TINY = 1e-7

/** What the numbers of a box layer mean in a cell: four of them, by the stride or by an anchor, or a distribution for each side. */
export function decodeBox(raw: ArrayLike<number>, cell: Cell): Centred {
  if (cell.anchor) return decodeShares(raw, cell, cell.anchor)
  return raw.length === 4 ? decodeOffsets(raw, cell) : decodeDistances(raw, cell)
}

/** Up to one stride beyond the cell, and up to four times the anchor (YOLOv5). */
function decodeShares(
  raw: ArrayLike<number>,
  { column, line, stride }: Cell,
  [width, height]: readonly [number, number],
): Centred {
  const centre = (value: number): number => 2 * sigmoid(value) - 0.5
  const share = (value: number): number => (2 * sigmoid(value)) ** 2
  const [x, y] = [centre(raw[0]!) + column, centre(raw[1]!) + line]
  return [x * stride, y * stride, share(raw[2]!) * width, share(raw[3]!) * height]
}

/** Offset of the centre and growth of the size (Ge et al., "YOLOX", arXiv:2107.08430). */
function decodeOffsets(raw: ArrayLike<number>, { column, line, stride }: Cell): Centred {
  const size = (value: number): number => Math.exp(Math.min(MOST_GROWTH, value)) * stride
  return [(raw[0]! + column) * stride, (raw[1]! + line) * stride, size(raw[2]!), size(raw[3]!)]
}

/** Intersection over union. */
export function overlap(a: Centred, b: Centred): number {
  const width = Math.min(a[0] + a[2] / 2, b[0] + b[2] / 2) - Math.max(a[0] - a[2] / 2, b[0] - b[2] / 2)
  const height = Math.min(a[1] + a[3] / 2, b[1] + b[3] / 2) - Math.max(a[1] - a[3] / 2, b[1] - b[3] / 2)
  if (width <= 0 || height <= 0) return 0
  const shared = width * height
  return shared / (a[2] * a[3] + b[2] * b[3] - shared)
}

/**
 * CIoU (Zheng et al., arXiv:1911.08287), at most 1, and its derivatives by the numbers of the box layer: the overlap, less the
 * distance of the centres by the diagonal around both, less the difference of their aspects, whose weight is taken as given.
 *
 * @param derivatives as many as there are numbers, filled.
 */
export function completeOverlap(raw: ArrayLike<number>, cell: Cell, truth: Centred, derivatives: Float64Array): number {
  const box = decodeBox(raw, cell)
  const by = new Float64Array(4)
  const value = overlapBy(box, truth, by) - distanceBy(box, truth, by) - aspectBy(box, truth, by)
  if (raw.length === 4) derivatives.set(by.map((slope, at) => slope * growth(raw, cell, box, at)))
  else byDistances(raw, cell.stride, by, derivatives)
  return value
}

/** Derivative of one number of a box by the number of the layer that it is decoded from. */
function growth(raw: ArrayLike<number>, { stride, anchor }: Cell, box: Centred, at: number): number {
  if (!anchor) return at < 2 ? stride : box[at]!
  const share = sigmoid(raw[at]!)
  return at < 2 ? 2 * share * (1 - share) * stride : 2 * (1 - share) * box[at]!
}

/** The overlap; its derivatives by the box's four numbers are added to `by`. */
function overlapBy(box: Centred, truth: Centred, by: Float64Array): number {
  const value = overlap(box, truth)
  if (value === 0) return 0
  const across = shared(box[0], box[2], truth[0], truth[2])
  const down = shared(box[1], box[3], truth[1], truth[3])
  const inside = across.length * down.length
  const union = box[2] * box[3] + truth[2] * truth[3] - inside
  const of = (insideBy: number, areaBy: number): number =>
    (insideBy * (union + inside) - inside * areaBy) / (union * union)
  by[0]! += of(across.byCentre * down.length, 0)
  by[1]! += of(across.length * down.byCentre, 0)
  by[2]! += of(across.bySize * down.length, box[3])
  by[3]! += of(across.length * down.bySize, box[2])
  return value
}

/** Squared distance of the centres by the squared diagonal around both; its derivatives are taken from `by`. */
function distanceBy(box: Centred, truth: Centred, by: Float64Array): number {
  const across = around(box[0], box[2], truth[0], truth[2])
  const down = around(box[1], box[3], truth[1], truth[3])
  const diagonal = across.length ** 2 + down.length ** 2 + TINY
  const [x, y] = [box[0] - truth[0], box[1] - truth[1]]
  const value = (x * x + y * y) / diagonal
  by[0]! -= (2 * x - value * 2 * across.length * across.byCentre) / diagonal
  by[1]! -= (2 * y - value * 2 * down.length * down.byCentre) / diagonal
  by[2]! += (value * 2 * across.length * across.bySize) / diagonal
  by[3]! += (value * 2 * down.length * down.bySize) / diagonal
  return value
}

/** Weighted difference of the aspects; its derivatives are taken from `by`. */
function aspectBy(box: Centred, truth: Centred, by: Float64Array): number {
  const difference = Math.atan(box[2] / box[3]) - Math.atan(truth[2] / truth[3])
  const aspect = (4 / Math.PI ** 2) * difference ** 2
  const weight = aspect / (1 - overlap(box, truth) + aspect + TINY)
  const slope = (weight * (8 / Math.PI ** 2) * difference) / (box[2] ** 2 + box[3] ** 2)
  by[2]! -= slope * box[3]
  by[3]! += slope * box[2]
  return weight * aspect
}

/** Length of the stretch around two, and its derivatives by the first one's centre and size. */
function around(centre: number, size: number, otherCentre: number, otherSize: number) {
  const ends = Number(centre + size / 2 > otherCentre + otherSize / 2)
  const begins = Number(centre - size / 2 < otherCentre - otherSize / 2)
  const end = Math.max(centre + size / 2, otherCentre + otherSize / 2)
  const begin = Math.min(centre - size / 2, otherCentre - otherSize / 2)
  return { length: end - begin, byCentre: ends - begins, bySize: (ends + begins) / 2 }
}

/** Length of what two stretches share, and its derivatives by the first one's centre and size. */
function shared(centre: number, size: number, otherCentre: number, otherSize: number) {
  const ends = Number(centre + size / 2 < otherCentre + otherSize / 2)
  const begins = Number(centre - size / 2 > otherCentre - otherSize / 2)
  const end = Math.min(centre + size / 2, otherCentre + otherSize / 2)
  const begin = Math.max(centre - size / 2, otherCentre - otherSize / 2)
  return { length: end - begin, byCentre: ends - begins, bySize: (ends + begins) / 2 }
}
