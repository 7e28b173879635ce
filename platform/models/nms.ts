/** A box that a model proposes, in input pixels. */
export interface Candidate {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
  readonly classIndex: number
  readonly score: number
  /** -1 where the model tells of no other class. */
  readonly runnerUpIndex: number
  readonly runnerUpScore: number
}

/** Intersection over union, 0..1. */
export function overlap(a: Candidate, b: Candidate): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left)
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
  if (width <= 0 || height <= 0) return 0
  const shared = width * height
  return shared / (area(a) + area(b) - shared)
}

const area = ({ left, top, right, bottom }: Candidate): number => (right - left) * (bottom - top)

/**
 * Greedy non-maximum suppression, each class for itself: a box goes when a better one of its class overlaps it by more than
 * `threshold`. @returns the rest, best first.
 */
export function suppress(candidates: readonly Candidate[], threshold: number): Candidate[] {
  const kept: Candidate[] = []
  for (const candidate of [...candidates].sort((a, b) => b.score - a.score)) {
    const isCovered = kept.some(
      (better) => better.classIndex === candidate.classIndex && overlap(better, candidate) > threshold,
    )
    if (!isCovered) kept.push(candidate)
  }
  return kept
}
