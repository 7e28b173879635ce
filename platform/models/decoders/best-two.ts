/** The two best classes of a box; `second` is -1 where there is only one class. */
export interface BestTwo {
  readonly first: number
  readonly firstScore: number
  readonly second: number
  readonly secondScore: number
}

/** Of the scores at `from` to `to` (not included). */
export function bestTwo(data: Float32Array, from: number, to: number): BestTwo {
  let first = 0
  let second = -1
  let firstScore = -1
  let secondScore = -1
  for (let at = from; at < to; at++) {
    const score = data[at]!
    if (score > firstScore) {
      second = at - 1 < from ? -1 : first
      secondScore = firstScore
      first = at - from
      firstScore = score
    } else if (score > secondScore) {
      second = at - from
      secondScore = score
    }
  }
  return { first, firstScore, second, secondScore: Math.max(0, secondScore) }
}
