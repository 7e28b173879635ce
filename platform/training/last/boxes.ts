/** Centre and size in input pixels. */
export type Centred = readonly [x: number, y: number, width: number, height: number]

/** A cell of a stride's grid. */
export interface Cell {
  readonly column: number
  readonly line: number
  /** Pixels. */
  readonly stride: number
}

/** Steps of the exponential beyond which no object of any picture is; it must not overflow on the way. */
const MOST_GROWTH = 12

/** What the four numbers of a box layer mean in a cell (Ge et al., "YOLOX", arXiv:2107.08430). */
export function decodeBox(raw: ArrayLike<number>, { column, line, stride }: Cell): Centred {
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
 * Intersection over union, and its derivatives by the four numbers of the box layer.
 *
 * @param derivatives [4], filled.
 */
export function overlapOfRaw(raw: ArrayLike<number>, cell: Cell, truth: Centred, derivatives: Float64Array): number {
  const box = decodeBox(raw, cell)
  const value = overlap(box, truth)
  derivatives.fill(0)
  if (value === 0) return 0
  const across = shared(box[0], box[2], truth[0], truth[2])
  const down = shared(box[1], box[3], truth[1], truth[3])
  const inside = across.length * down.length
  const union = box[2] * box[3] + truth[2] * truth[3] - inside
  const by = (insideBy: number, areaBy: number): number =>
    (insideBy * (union + inside) - inside * areaBy) / (union * union)
  derivatives[0] = by(across.byCentre * down.length, 0) * cell.stride
  derivatives[1] = by(across.length * down.byCentre, 0) * cell.stride
  derivatives[2] = by(across.bySize * down.length, box[3]) * box[2]
  derivatives[3] = by(across.length * down.bySize, box[2]) * box[3]
  return value
}

/** Length of what two stretches share, and its derivatives by the first one's centre and size. */
function shared(centre: number, size: number, otherCentre: number, otherSize: number) {
  const ends = Number(centre + size / 2 < otherCentre + otherSize / 2)
  const begins = Number(centre - size / 2 > otherCentre - otherSize / 2)
  const end = Math.min(centre + size / 2, otherCentre + otherSize / 2)
  const begin = Math.max(centre - size / 2, otherCentre - otherSize / 2)
  return { length: end - begin, byCentre: ends - begins, bySize: (ends + begins) / 2 }
}
