import type { Answers } from './detection/answers.ts'
import type { Shape } from './network/shapes.ts'

/** Values [channels][height][width]. */
export interface Feature {
  readonly shape: Shape
  readonly values: Float32Array
}

/** What a picture gives the part of a network that learns. */
export interface Features {
  /** Of the network's input, pixels. */
  readonly inputWidth: number
  readonly byName: ReadonlyMap<string, Feature>
}

/** Values by the names that they have in the file, as flat as they are stored there. */
export type Weights = ReadonlyMap<string, Float32Array>

/** The derivatives of a loss by the answers to pictures. */
export type Judge = (answers: readonly Answers[]) => readonly Answers[]

/** Runs the part of a network that learns, forwards and backwards. The pictures of one call have one shape. */
export interface Engine {
  /** Names of those weights that are added and not multiplied with. */
  readonly offsets: ReadonlySet<string>
  answers(weights: Weights, pictures: readonly Features[]): Promise<Answers[]>
  /** @returns the sum over the pictures of the derivatives of a loss by the weights, given those by the answers. */
  derivatives(weights: Weights, pictures: readonly Features[], judge: Judge): Promise<Weights>
}
