import { PICTURE } from '../../../city/cameras.ts'
import { type Random, randomFrom } from '../../../city/simulation/random.ts'
import type { PixelBox } from '../../../platform/evaluation/boxes.ts'
import type { Box } from '../../../platform/events/frame.ts'
import type { TrueSighting } from './footage.ts'

/** As low as detect asks of a model. */
const LEAST_SCORE = 0.1
const GHOSTS = 3

/** How a detector errs about one object: by some luck of its own, and from frame to frame much as in the last. */
interface Temper {
  readonly luck: number
  readonly mood: number
  /** Of left, top, width and height, in standard deviations. */
  readonly shift: readonly number[]
}

/** What a middling detector says: surer of what is large and in the open, off by some percent, with a few ghosts. */
export class Detections {
  readonly #random: Random
  readonly #tempers = new Map<string, Temper>()
  #ghosts: readonly { readonly box: PixelBox; readonly mood: number }[]

  constructor(seed: number) {
    this.#random = randomFrom(seed)
    this.#ghosts = Array.from({ length: GHOSTS }, () => {
      const [x, y, w, h] = [600, 240, 40, 30].map((most) => this.#random() * most) as [number, number, number, number]
      return { box: [x, 100 + y, 15 + w, 15 + h] as const, mood: 0 }
    })
  }

  of(sightings: readonly TrueSighting[]): Box[] {
    return [...sightings.flatMap((sighting) => this.#said(sighting)), ...this.#haunt()]
  }

  #said({ id, class: name, box, visibility }: TrueSighting): Box[] {
    const temper = this.#temperOf(id)
    const [x, y, w, h] = box
    const clarity = 0.9 - 0.9 * Math.exp((4 - Math.max(w, h)) / 12) - 0.6 * Math.max(0, 0.6 - visibility)
    const score = clarity + 0.1 * temper.luck + 0.12 * temper.mood
    const error = 0.4 + 0.04 * Math.sqrt(w * h)
    const [dx, dy, dw, dh] = temper.shift as [number, number, number, number]
    const moved: PixelBox = [x + dx * error, y + dy * error, w * Math.exp(0.05 * dw), h * Math.exp(0.05 * dh)]
    const said = name === 'truck' && this.#random() < 0.05 ? 'car' : name
    return score < LEAST_SCORE ? [] : [boxOf(said, Math.min(0.97, score), moved)]
  }

  #temperOf(id: string): Temper {
    const { luck, mood, shift } = this.#tempers.get(id) ?? { luck: this.#normal(), mood: 0, shift: [0, 0, 0, 0] }
    const temper = {
      luck,
      mood: this.#next(mood, 0.7),
      shift: shift.map((value) => this.#next(value, 0.5)),
    }
    this.#tempers.set(id, temper)
    return temper
  }

  #haunt(): Box[] {
    this.#ghosts = this.#ghosts.map(({ box, mood }) => ({ box, mood: this.#next(mood, 0.85) }))
    return this.#ghosts.flatMap(({ box, mood }) => {
      const score = 0.15 + 0.2 * mood
      return score < LEAST_SCORE ? [] : [boxOf('car', Math.min(0.9, score), box)]
    })
  }

  /** Of unit variance, with so much of the last value kept. */
  #next(last: number, kept: number): number {
    return kept * last + Math.sqrt(1 - kept * kept) * this.#normal()
  }

  /** Box and Muller, Annals of Mathematical Statistics 29, 1958. */
  #normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.#random())) * Math.cos(2 * Math.PI * this.#random())
  }
}

function boxOf(name: string, score: number, [x, y, w, h]: PixelBox): Box {
  const { width, height } = PICTURE
  return { class: name, score, box: [x / width, y / height, w / width, h / height] }
}
