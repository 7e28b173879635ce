import type { Example } from './fit.ts'

/** Batches of examples of one shape, round after round, in another order each time; the same ones for a seed. */
export class Rounds {
  readonly #groups: readonly (readonly Example[])[]
  readonly #size: number
  readonly #random: () => number
  #waiting: Example[][] = []

  constructor(examples: readonly Example[], size: number, seed: number) {
    this.#groups = [...Map.groupBy(examples, shapeOf).values()]
    this.#size = size
    this.#random = randomFrom(seed)
  }

  /** The next batch; empty where there are no examples. */
  next(): readonly Example[] {
    if (this.#waiting.length === 0) this.#waiting = shuffled(this.#batches(this.#shuffle), this.#random)
    return this.#waiting.pop() ?? []
  }

  /** Every example once, in order. */
  once(): readonly (readonly Example[])[] {
    return this.#batches((group) => group)
  }

  #shuffle = (group: readonly Example[]): readonly Example[] => shuffled(group, this.#random)

  #batches(order: (group: readonly Example[]) => readonly Example[]): Example[][] {
    return this.#groups.flatMap((group) => {
      const ordered = order(group)
      const count = Math.ceil(ordered.length / this.#size)
      return Array.from({ length: count }, (_, at) => ordered.slice(at * this.#size, (at + 1) * this.#size))
    })
  }
}

function shapeOf({ features }: Example): string {
  return [...features.byName.values()].map(({ shape }) => shape.join('×')).join(' ')
}

/** Fisher and Yates. */
function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  const all = [...items]
  for (let at = all.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    ;[all[at], all[other]] = [all[other]!, all[at]!]
  }
  return all
}

/** The same numbers of 0..1 each time (Marsaglia's xorshift). */
function randomFrom(seed: number): () => number {
  let state = (seed + 1) * 0x9e3779b1 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}
