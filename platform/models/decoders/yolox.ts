import { type CentredBox, ROW_HEAD, readRows } from './candidate.ts'
import type { Decoder, Preparation, Shape } from './decoder.ts'
import { cellAt, cellsOf } from './grid.ts'

export const yoloxPreparation: Preparation = {
  colours: 'bgr',
  scale: 1,
  placement: 'top-left',
  padding: 114,
  stride: 32,
}

/** No offset is as large as this many cells; a box that is decoded lies up to the input's width away. */
const MOST_CELLS = 4

/**
 * YOLOX (Ge et al., "YOLOX: Exceeding YOLO Series in 2021", arXiv:2107.08430), exported without decoding in the graph: one
 * row a grid cell of each stride; the centre is (offset + cell)·stride, the size exp(value)·stride, the score objectness·class.
 */
export const yolox: Decoder = {
  family: 'yolox',
  preparation: yoloxPreparation,

  classesIn(shape) {
    const [, rows, columns] = shape.output.dimensions
    if (shape.output.dimensions.length !== 3 || typeof columns !== 'number' || columns <= ROW_HEAD) return undefined
    if (shape.input && typeof rows === 'number' && rows !== cellsOf(shape.input)) return undefined
    return columns - ROW_HEAD
  },

  evidence(shape) {
    if (isDecodedInside(shape)) return undefined
    return shape.output.reach === undefined ? '' : ', and its numbers are offsets in cells'
  },

  decode(output, input, scoreThreshold) {
    return readRows(output, scoreThreshold, (data, at, row): CentredBox => {
      const { stride, column, line } = cellAt(input, row)
      return {
        x: (data[at]! + column) * stride,
        y: (data[at + 1]! + line) * stride,
        width: Math.exp(data[at + 2]!) * stride,
        height: Math.exp(data[at + 3]!) * stride,
      }
    })
  },
}

/** Told by what the model says of a picture of nothing, because the shape is the same. */
export function isDecodedInside({ output: { reach }, input }: Shape): boolean {
  return reach !== undefined && input !== undefined && reach > Math.max(MOST_CELLS, input.width / 4)
}
