/** What the order of the queue looks at. */
export interface Candidate {
  readonly id: string
  readonly camera: string
  readonly reason: string
  /** Class of the box that the model is least sure of; undefined for a frame without boxes. */
  readonly class: string | undefined
  /** 0..1 */
  readonly uncertainty: number
  /** ms since the epoch. */
  readonly capturedAt: number
}

/** What an item is worth when one that is like it in this way has been judged just before. */
const WORTH = { camera: 0.8, class: 0.93, reason: 0.97, moment: 0.6 } as const
/** Frames of a camera that are nearer than this show much the same. */
const MOMENT_MS = 10 * 60_000

/**
 * The items to judge next, best first: the more uncertain the better, less worth the more alike (camera, class, reason, time) were
 * judged or chosen before. A greedy form of maximal marginal relevance (Carbonell and Goldstein, 1998) with products of discounts.
 *
 * @param before what was judged last, in any order.
 */
export function chooseNext(
  candidates: readonly Candidate[],
  before: readonly Candidate[],
  count: number,
): readonly Candidate[] {
  const worth = new Map(
    candidates.map((each) => [each, before.reduce((sum, other) => sum * likeness(each, other), each.uncertainty)]),
  )
  const chosen: Candidate[] = []
  while (chosen.length < count && worth.size > 0) {
    const best = bestOf(worth)
    worth.delete(best)
    chosen.push(best)
    for (const [each, value] of worth) worth.set(each, value * likeness(each, best))
  }
  return chosen
}

function bestOf(worth: ReadonlyMap<Candidate, number>): Candidate {
  return [...worth].reduce((best, each) => (isBetter(each, best) ? each : best))[0]
}

function isBetter([a, x]: [Candidate, number], [b, y]: [Candidate, number]): boolean {
  return x > y || (x === y && a.id < b.id)
}

function likeness(a: Candidate, b: Candidate): number {
  const isSameCamera = a.camera === b.camera
  return (
    (isSameCamera ? WORTH.camera : 1) *
    (a.class === b.class ? WORTH.class : 1) *
    (a.reason === b.reason ? WORTH.reason : 1) *
    (isSameCamera && Math.abs(a.capturedAt - b.capturedAt) < MOMENT_MS ? WORTH.moment : 1)
  )
}
