/** All in pixels of the canvas; `x` and `y` are the top left corner. */
export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

interface Labelled {
  readonly box: Rectangle
  /** Of its words, with the space around them. */
  readonly width: number
}

interface Rules {
  readonly area: Rectangle
  /** Of each label. */
  readonly height: number
  /** Every label that finds a place, as in the focus view; else only those that leave the picture to be seen. */
  readonly isFull: boolean
}

/** A label inside its box may take so much of it. */
const MOST_OF_OWN_BOX = 0.25
/** And of a box of another object. */
const MOST_OF_OTHERS = 0.12

/**
 * Where each label lies: at its box, inside the picture, over no other label. The larger box comes first; one that finds no
 * place gets none.
 */
export function placeLabels<T extends Labelled>(labelled: readonly T[], rules: Rules): { of: T; at: Rectangle }[] {
  const placed: { of: T; at: Rectangle }[] = []
  const largestFirst = [...labelled].sort((a, b) => sizeOf(b.box) - sizeOf(a.box))
  for (const of of largestFirst) {
    if (!rules.isFull && of.box.height < 1.5 * rules.height) continue
    const at = candidates(of, rules).find((place) => isFree(place, of, placed, labelled, rules))
    if (at) placed.push({ of, at })
  }
  return placed
}

/** Above its box, then below, then inside; flush left, then right. */
function candidates({ box, width }: Labelled, { area, height }: Rules): Rectangle[] {
  const left = box.x
  const right = box.x + box.width - width
  const tops = [box.y - height, box.y + box.height, box.y]
  const lefts = [left, right].map((x) => Math.min(Math.max(x, area.x), area.x + area.width - width))
  return tops.flatMap((y) => lefts.map((x) => ({ x, y, width, height })))
}

function isFree(
  place: Rectangle,
  own: Labelled,
  placed: readonly { at: Rectangle }[],
  all: readonly Labelled[],
  { area, isFull }: Rules,
): boolean {
  if (place.y < area.y || place.y + place.height > area.y + area.height) return false
  if (placed.some(({ at }) => overlap(place, at) > 0)) return false
  if (isFull) return true
  return all.every((other) => {
    const most = other === own ? MOST_OF_OWN_BOX : MOST_OF_OTHERS
    return overlap(place, other.box) <= most * sizeOf(other.box)
  })
}

function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return Math.max(0, width) * Math.max(0, height)
}

function sizeOf({ width, height }: Rectangle): number {
  return width * height
}
