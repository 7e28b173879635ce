/** The lens's radial distortion on pixels, in step with the shader: a pixel of the picture shows what lies at `seen`. */
export class Distortion {
  readonly #k: number
  readonly #width: number
  readonly #height: number

  constructor(k: number, width: number, height: number) {
    this.#k = k
    this.#width = width
    this.#height = height
  }

  get isNone(): boolean {
    return this.#k === 0
  }

  /** Where in the straight picture the light of a pixel comes from. */
  seen(x: number, y: number): [number, number] {
    const [a, b] = this.#centred(x, y)
    return this.#scaled(x, y, (1 + this.#k * this.#radius(a, b)) / (1 + Math.max(this.#k, 0)))
  }

  /** Where a place of the straight picture appears; the inverse of `seen`, by fixed-point iteration. */
  shown(x: number, y: number): [number, number] {
    let [u, v] = [x, y]
    for (let round = 0; round < 12; round++) {
      const [a, b] = this.#centred(u, v)
      const factor = (1 + this.#k * Math.min(4, this.#radius(a, b))) / (1 + Math.max(this.#k, 0))
      ;[u, v] = this.#scaled(x, y, 1 / factor)
    }
    return [u, v]
  }

  #centred(x: number, y: number): [number, number] {
    return [x - this.#width / 2, y - this.#height / 2]
  }

  /** Squared, 1 in the corners. */
  #radius(a: number, b: number): number {
    return (a * a + b * b) / ((this.#width ** 2 + this.#height ** 2) / 4)
  }

  #scaled(x: number, y: number, factor: number): [number, number] {
    const [a, b] = this.#centred(x, y)
    return [this.#width / 2 + a * factor, this.#height / 2 + b * factor]
  }
}
