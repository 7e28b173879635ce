interface SeenBox {
  readonly class: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Least intersection over union at which two boxes are of one object. */
const SAME_OBJECT = 0.5

/** Indices of the boxes that the other side does not have, with their class. */
export function differingIn(boxes: readonly SeenBox[], others: readonly SeenBox[]): ReadonlySet<number> {
  const pairs = boxes
    .flatMap((a, i) => others.map((b, j) => ({ i, j, overlap: a.class === b.class ? overlapOf(a, b) : 0 })))
    .filter(({ overlap }) => overlap >= SAME_OBJECT)
    .sort((a, b) => b.overlap - a.overlap)
  const [left, taken] = [new Set(boxes.keys()), new Set<number>()]
  for (const { i, j } of pairs) {
    if (!left.has(i) || taken.has(j)) continue
    left.delete(i)
    taken.add(j)
  }
  return left
}

function overlapOf(a: SeenBox, b: SeenBox): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  if (width <= 0 || height <= 0) return 0
  const shared = width * height
  return shared / (a.width * a.height + b.width * b.height - shared)
}
