import type { DatasetBox } from './manifest.ts'

interface Size {
  readonly width: number
  readonly height: number
}

/** Pixels (left, top, width, height) as shares of the picture, cut off at its edges; undefined where nothing of them is in it. */
export function insidePicture(
  [x, y, width, height]: readonly [number, number, number, number],
  size: Size,
): DatasetBox['box'] | undefined {
  const [left, across] = cut(x / size.width, width / size.width)
  const [top, down] = cut(y / size.height, height / size.height)
  return across > 0 && down > 0 ? [left, top, across, down] : undefined
}

/** A stretch inside 0..1 stays exactly as it is. */
function cut(from: number, length: number): [from: number, length: number] {
  if (from >= 0 && from + length <= 1) return [from, length]
  const start = Math.min(1, Math.max(0, from))
  return [start, Math.min(1, from + length) - start]
}
