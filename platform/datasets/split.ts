import { createHash } from 'node:crypto'

export interface SplitRules {
  /** Share of the pictures that are kept for judging, about. */
  readonly valShare: number
  /** Seconds of one camera that go to one side together. */
  readonly blockSeconds: number
  /** Seconds that at least lie between two pictures of one camera on different sides. */
  readonly guardSeconds: number
}

export const SPLIT_RULES: SplitRules = { valShare: 0.2, blockSeconds: 1800, guardSeconds: 60 }

export type Side = 'train' | 'val'

/** A number of 0..1 that a text always has. */
export function shareOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE() / 2 ** 32
}

/**
 * The side of a camera's picture: whole stretches of its time go to one side, the same in every version of the dataset. Near a
 * border to the other side it belongs to none (undefined), because its neighbour there is nearly the same picture.
 *
 * @param capturedAt µs since the epoch.
 */
export function sideOf(camera: string, capturedAt: number, rules: SplitRules): Side | undefined {
  const seconds = capturedAt / 1e6
  const block = Math.floor(seconds / rules.blockSeconds)
  const sideOfBlock = (n: number): Side => (shareOf(`${camera}\n${n}`) < rules.valShare ? 'val' : 'train')
  const side = sideOfBlock(block)
  const into = seconds - block * rules.blockSeconds
  const half = rules.guardSeconds / 2
  if (into < half && sideOfBlock(block - 1) !== side) return undefined
  if (into > rules.blockSeconds - half && sideOfBlock(block + 1) !== side) return undefined
  return side
}
