/** Cost of a pair that must not be matched. */
export const FORBIDDEN = Number.POSITIVE_INFINITY

/** Dearer than any real pair, so that a forbidden one is taken only when nothing else is left, and then dropped. */
const PENALTY = 1e6

/**
 * The matching of rows to columns of least total cost: the Hungarian method with potentials and shortest augmenting paths
 * (Jonker and Volgenant, Computing 38, 1987), O(rows² · columns).
 *
 * @returns for each row its column, or -1.
 */
export function assign(costs: readonly (readonly number[])[]): number[] {
  const rows = costs.length
  const columns = costs[0]?.length ?? 0
  if (rows === 0 || columns === 0) return costs.map(() => -1)
  if (rows > columns) return flip(assign(transpose(costs)), rows)
  const rowOf = match(costs, rows, columns)
  const columnOf = new Array<number>(rows).fill(-1)
  for (let column = 1; column <= columns; column++) {
    const row = rowOf[column]! - 1
    if (row >= 0 && costs[row]![column - 1] !== FORBIDDEN) columnOf[row] = column - 1
  }
  return columnOf
}

/** For each column (from 1) its row (from 1), 0 for none. */
function match(costs: readonly (readonly number[])[], rows: number, columns: number): Int32Array {
  const matching = new Matching(costs, rows, columns)
  for (let row = 1; row <= rows; row++) matching.add(row)
  return matching.rowOf
}

/** Columns and rows count from 1; column 0 stands for the row that is being added. */
class Matching {
  readonly rowOf: Int32Array
  readonly #costs: readonly (readonly number[])[]
  readonly #previous: Int32Array
  readonly #rowPotential: Float64Array
  readonly #columnPotential: Float64Array
  #shortest = new Float64Array()
  #isUsed = new Uint8Array()

  constructor(costs: readonly (readonly number[])[], rows: number, columns: number) {
    this.#costs = costs
    this.rowOf = new Int32Array(columns + 1)
    this.#previous = new Int32Array(columns + 1)
    this.#rowPotential = new Float64Array(rows + 1)
    this.#columnPotential = new Float64Array(columns + 1)
  }

  add(row: number): void {
    const size = this.rowOf.length
    this.#shortest = new Float64Array(size).fill(Number.POSITIVE_INFINITY)
    this.#isUsed = new Uint8Array(size)
    this.rowOf[0] = row
    let column = 0
    do {
      this.#isUsed[column] = 1
      this.#relax(column)
      const next = this.#nearest()
      this.#shift(this.#shortest[next]!)
      column = next
    } while (this.rowOf[column] !== 0)
    this.#augment(column)
  }

  #relax(column: number): void {
    const row = this.rowOf[column]!
    const costs = this.#costs[row - 1]!
    for (let j = 1; j < this.rowOf.length; j++) {
      const reduced = Math.min(costs[j - 1]!, PENALTY) - this.#rowPotential[row]! - this.#columnPotential[j]!
      if (this.#isUsed[j] || reduced >= this.#shortest[j]!) continue
      this.#shortest[j] = reduced
      this.#previous[j] = column
    }
  }

  #nearest(): number {
    let best = 0
    for (let j = 1; j < this.rowOf.length; j++) {
      if (!this.#isUsed[j] && (best === 0 || this.#shortest[j]! < this.#shortest[best]!)) best = j
    }
    return best
  }

  #shift(by: number): void {
    for (let j = 0; j < this.rowOf.length; j++) {
      if (this.#isUsed[j]) {
        this.#rowPotential[this.rowOf[j]!]! += by
        this.#columnPotential[j]! -= by
      } else this.#shortest[j]! -= by
    }
  }

  #augment(from: number): void {
    for (let column = from; column !== 0; ) {
      const before = this.#previous[column]!
      this.rowOf[column] = this.rowOf[before]!
      column = before
    }
  }
}

function transpose(costs: readonly (readonly number[])[]): number[][] {
  return costs[0]!.map((_, column) => costs.map((row) => row[column]!))
}

function flip(rowOf: readonly number[], rows: number): number[] {
  const columnOf = new Array<number>(rows).fill(-1)
  for (const [column, row] of rowOf.entries()) if (row >= 0) columnOf[row] = column
  return columnOf
}
