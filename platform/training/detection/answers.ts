import type { Cell, Centred } from './boxes.ts'

/** What a detector says of one picture on the grid of one stride, or derivatives by it. */
export interface LevelAnswers {
  readonly columns: number
  /** Pixels of the input. */
  readonly stride: number
  /** What sizes are shares of, pixels: the answers of one of the anchors of the stride. */
  readonly anchor?: Cell['anchor']
  /** [4][cells], or [4 · distances][cells] where each side has a distribution. */
  readonly boxes: Float32Array
  /** [cells], logits; zeros where `isBare`. */
  readonly objectness: Float32Array
  /** It has no objectness, as YOLOv8: a class' score alone says whether there is one. */
  readonly isBare?: boolean
  /** [classes][cells], logits */
  readonly classes: Float32Array
}

/** Of one picture, the finest stride first. */
export type Answers = readonly LevelAnswers[]

/** What a person says is in a picture. */
export interface Truth {
  readonly classIndex: number
  readonly box: Centred
}

export const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit))

export function cellAt({ columns, stride, anchor }: LevelAnswers, index: number): Cell {
  return { column: index % columns, line: Math.floor(index / columns), stride, ...(anchor && { anchor }) }
}

/** The numbers of the box layer in one cell. */
export function rawAt({ boxes, objectness: { length: cells } }: LevelAnswers, index: number): Float64Array {
  return Float64Array.from({ length: boxes.length / cells }, (_, at) => boxes[at * cells + index]!)
}

/** That there is an object of this class in one cell, 0..1. */
export function scoreAt({ classes, objectness, isBare }: LevelAnswers, index: number, classIndex: number): number {
  const certainty = isBare ? 1 : sigmoid(objectness[index]!)
  return certainty * sigmoid(classes[classIndex * objectness.length + index]!)
}

/** Scores of the classes in one cell, 0..1. */
export function classesAt({ classes, objectness: { length: cells } }: LevelAnswers, index: number): Float32Array {
  return Float32Array.from({ length: classes.length / cells }, (_, at) => sigmoid(classes[at * cells + index]!))
}

/** Zeros in the shape of these answers. */
export function zerosLike(answers: Answers): Answers {
  return answers.map((level) => ({
    ...level,
    boxes: new Float32Array(level.boxes.length),
    objectness: new Float32Array(level.objectness.length),
    classes: new Float32Array(level.classes.length),
  }))
}
