import { boxAt, ROW_HEAD, readRows } from './candidate.ts'
import { type Decoder, type Shape, ULTRALYTICS } from './decoder.ts'
import { isGrid } from './grid.ts'
import { isDecodedInside, yoloxPreparation } from './yolox.ts'

/** Detectors that write one row a box, in input pixels: [1, rows, 5 + classes]. */
function rowDecoder(family: string, boxesPerCell: number, rest: Partial<Decoder> = {}): Decoder {
  return {
    family,
    preparation: ULTRALYTICS,
    classesIn: (shape) => classesIn(shape, boxesPerCell),
    decode: (output, _input, scoreThreshold) => readRows(output, scoreThreshold, boxAt),
    ...rest,
  }
}

/** YOLOv5 (and YOLOv7, which exports the same): three anchors a cell. */
export const yolov5 = rowDecoder('yolov5', 3)

/** One box a cell, without objectness: 1 in its place. */
export const yolov6 = rowDecoder('yolov6', 1, { evidence: () => ', and its objectness is always 1' })

/** YOLOX exported with its decoding in the graph. */
export const yoloxDecoded = rowDecoder('yolox-decoded', 1, {
  preparation: yoloxPreparation,
  evidence: (shape) =>
    isDecodedInside(shape) && shape.output.objectness !== 1 ? ', and its numbers are pixels' : undefined,
})

function classesIn({ output: { dimensions }, input }: Shape, boxesPerCell: number): number | undefined {
  const [, rows, columns] = dimensions
  if (dimensions.length !== 3 || typeof columns !== 'number' || columns <= ROW_HEAD) return undefined
  if (input && typeof rows === 'number' && !isGrid(rows, input, boxesPerCell)) return undefined
  return columns - ROW_HEAD
}
