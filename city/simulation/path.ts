/** Metres: x to the east, z to the south. */
export interface Point {
  readonly x: number
  readonly z: number
}

export const along = (from: Point, direction: Point, metres: number): Point => ({
  x: from.x + direction.x * metres,
  z: from.z + direction.z * metres,
})

/** The direction at one's right hand, seen from above. */
export const rightOf = (direction: Point): Point => ({ x: -direction.z, z: direction.x })

export const opposite = (direction: Point): Point => ({ x: -direction.x, z: -direction.z })

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.z - b.z)

/** A polyline that is asked for positions by the metres driven on it. */
export class Path {
  readonly length: number
  readonly #points: readonly Point[]
  readonly #starts: readonly number[]

  constructor(points: readonly Point[]) {
    const starts = [0]
    for (let index = 1; index < points.length; index++) {
      starts.push(starts[index - 1]! + distance(points[index - 1]!, points[index]!))
    }
    this.#points = points
    this.#starts = starts
    this.length = starts.at(-1)!
  }

  /** The point `metres` from the start; beyond an end the last piece goes on straight. */
  at(metres: number): Point {
    let index = 1
    while (index < this.#starts.length - 1 && this.#starts[index]! < metres) index++
    const from = this.#points[index - 1]!
    const to = this.#points[index]!
    const start = this.#starts[index - 1]!
    const part = (metres - start) / (this.#starts[index]! - start)
    return { x: from.x + (to.x - from.x) * part, z: from.z + (to.z - from.z) * part }
  }
}
