import type { Cell, Centred } from './boxes.ts'

/** What goes into the last layers of one stride for one picture: [ins][cells], cells row by row. */
export interface LevelFeatures {
  readonly columns: number
  readonly stride: number
  readonly boxes: Float32Array
  readonly objectness: Float32Array
  readonly classes: Float32Array
}

/** A cell in which an object is to be found. */
export interface Positive {
  readonly level: number
  readonly cell: Cell
  /** What goes into the layers there: [ins]. */
  readonly boxInput: Float32Array
  readonly classInput: Float32Array
  readonly box: Centred
  /** Score of each class that is right there, 0..1, before it is multiplied by `quality`. */
  readonly classes: Float32Array
  /** How much it counts. */
  readonly weight: number
  /** Whether scores should tell how well the box fits: as people label; what an old model said is taken as it is. */
  readonly isGraded: boolean
}

/** One picture made ready to be learnt. */
export interface Sample {
  readonly features: readonly LevelFeatures[]
  /** Objectness that is right in each cell, 0..1, for each level. */
  readonly objectness: readonly Float32Array[]
  readonly positives: readonly Positive[]
}

/** What goes into a layer in one cell: one column of [ins][cells]. */
export function columnOf(features: Float32Array, cell: number, cells: number): Float32Array {
  const column = new Float32Array(features.length / cells)
  for (let i = 0; i < column.length; i++) column[i] = features[i * cells + cell]!
  return column
}
