import type { Cell, Centred } from './boxes.ts'

/** How far each side lies from the cell's centre, strides, and the distribution that this is the mean of. */
interface Side {
  readonly mean: number
  readonly shares: Float64Array
}

/**
 * What a box layer of distributions means in a cell: for the left, upper, right and lower side the logits of its distance's
 * distribution over 0, 1, 2 … strides, whose mean counts (Li et al., "Generalized Focal Loss", NeurIPS 2020).
 *
 * @param raw [4 · distances]
 */
export function decodeDistances(raw: ArrayLike<number>, { column, line, stride }: Cell): Centred {
  const [left, top, right, bottom] = sidesOf(raw).map(({ mean }) => mean) as [number, number, number, number]
  return [
    (column + 0.5 + (right - left) / 2) * stride,
    (line + 0.5 + (bottom - top) / 2) * stride,
    (left + right) * stride,
    (top + bottom) * stride,
  ]
}

/** Derivatives by the logits, given those by the box's centre and size. @param derivatives [4 · distances], filled. */
export function byDistances(
  raw: ArrayLike<number>,
  stride: number,
  by: ArrayLike<number>,
  derivatives: Float64Array,
): void {
  const half = stride / 2
  const byMeans = [
    by[2]! * stride - by[0]! * half,
    by[3]! * stride - by[1]! * half,
    by[2]! * stride + by[0]! * half,
    by[3]! * stride + by[1]! * half,
  ]
  for (const [side, { mean, shares }] of sidesOf(raw).entries())
    for (const [distance, share] of shares.entries())
      derivatives[side * shares.length + distance] = byMeans[side]! * share * (distance - mean)
}

function sidesOf(raw: ArrayLike<number>): Side[] {
  const count = raw.length / 4
  return [0, 1, 2, 3].map((side) => {
    const logits = Float64Array.from({ length: count }, (_, at) => raw[side * count + at]!)
    const most = Math.max(...logits)
    const parts = logits.map((logit) => Math.exp(logit - most))
    const sum = parts.reduce((all, part) => all + part, 0)
    const shares = parts.map((part) => part / sum)
    return { shares, mean: shares.reduce((mean, share, distance) => mean + share * distance, 0) }
  })
}
