import type { Candidate } from '../nms.ts'
import type { Dimension } from '../onnx.ts'
import { bestTwo } from './best-two.ts'
import type { Decoder } from './decoder.ts'
import { cellsOf } from './grid.ts'

/** Centre x, centre y, width, height, objectness; then one score a class. */
const HEAD = 5

/** Detectors that write one row a box, in input pixels: [1, rows, 5 + classes]. */
function rowDecoder(family: string, boxesPerCell: number): Decoder {
  return {
    family,
    preparation: { colours: 'rgb', scale: 1 / 255, placement: 'centred', padding: 114, stride: 32 },
    classesIn: (output, input) => classesIn(output, input, boxesPerCell),
    decode({ data, dimensions }, _input, scoreThreshold) {
      const columns = dimensions[2]!
      const candidates: Candidate[] = []
      for (let at = 0; at < data.length; at += columns) {
        // No class can lift a box above its objectness.
        if (data[at + 4]! < scoreThreshold) continue
        const candidate = candidateAt(data, at, columns)
        if (candidate.score >= scoreThreshold) candidates.push(candidate)
      }
      return candidates
    },
  }
}

/** YOLOv5 (and YOLOv7, which exports the same): three anchors a cell. */
export const yolov5 = rowDecoder('yolov5', 3)
/** YOLOv6: one box a cell. YOLOX has the same shape, so a side file must say it. */
export const yolov6 = rowDecoder('yolov6', 1)

function classesIn(
  output: readonly Dimension[],
  input: { width: number; height: number } | undefined,
  boxesPerCell: number,
): number | undefined {
  const [, rows, columns] = output
  if (output.length !== 3 || typeof columns !== 'number' || columns <= HEAD) return undefined
  if (input && typeof rows === 'number' && rows !== boxesPerCell * cellsOf(input)) return undefined
  return columns - HEAD
}

function candidateAt(data: Float32Array, at: number, columns: number): Candidate {
  const [x, y, objectness] = [data[at]!, data[at + 1]!, data[at + 4]!]
  const [halfWidth, halfHeight] = [data[at + 2]! / 2, data[at + 3]! / 2]
  const best = bestTwo(data, at + HEAD, at + columns)
  return {
    left: x - halfWidth,
    top: y - halfHeight,
    right: x + halfWidth,
    bottom: y + halfHeight,
    classIndex: best.first,
    score: objectness * best.firstScore,
    runnerUpIndex: best.second,
    runnerUpScore: objectness * best.secondScore,
  }
}
