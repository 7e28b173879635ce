import { type Cell, type Centred, decodeBox } from './boxes.ts'
import { apply, BOX_CHANNELS, channel, sigmoid } from './layer.ts'
import type { Parameters } from './parameters.ts'
import { columnOf, type LevelFeatures } from './sample.ts'

/** What the last layers say in one cell. */
export interface CellAnswer {
  readonly level: number
  readonly index: number
  readonly cell: Cell
  readonly raw: Float64Array
  readonly box: Centred
  /** 0..1 */
  readonly objectness: number
  /** [classes], 0..1 */
  readonly classes: Float64Array
  readonly boxInput: Float32Array
  readonly classInput: Float32Array
}

/** Objectness of each cell, 0..1. */
export function objectnessOf(parameters: Parameters, features: readonly LevelFeatures[]): Float64Array[] {
  return features.map(({ objectness }, level) =>
    channel(parameters.values, parameters.levels[level]!.objectness, objectness).map(sigmoid),
  )
}

/** Everything the last layers say in one cell. */
export function answerIn(
  { values, levels }: Parameters,
  features: readonly LevelFeatures[],
  objectness: readonly Float64Array[],
  level: number,
  index: number,
): CellAnswer {
  const { columns, stride, boxes, classes } = features[level]!
  const cells = objectness[level]!.length
  const cell = { column: index % columns, line: Math.floor(index / columns), stride }
  const [boxInput, classInput] = [columnOf(boxes, index, cells), columnOf(classes, index, cells)]
  const slots = levels[level]!
  const raw = new Float64Array(4)
  apply(values, slots.boxes, boxInput, raw, BOX_CHANNELS)
  const scores = new Float64Array(slots.classes.outs)
  apply(values, slots.classes, classInput, scores, [...scores.keys()])
  const box = decodeBox(raw, cell)
  const objectnessHere = objectness[level]![index]!
  return {
    level,
    index,
    cell,
    raw,
    box,
    objectness: objectnessHere,
    classes: scores.map(sigmoid),
    boxInput,
    classInput,
  }
}
