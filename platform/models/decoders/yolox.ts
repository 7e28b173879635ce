import type { Candidate } from '../nms.ts'
import { bestTwo } from './best-two.ts'
import type { Decoder } from './decoder.ts'
import { cellsOf, STRIDES } from './grid.ts'

/** x, y, width, height, objectness; then one score a class. */
const HEAD = 5

/**
 * YOLOX (Ge et al., "YOLOX: Exceeding YOLO Series in 2021", arXiv:2107.08430), exported without decoding in the graph: one
 * row a grid cell of each stride; the centre is (offset + cell)·stride, the size exp(value)·stride, the score objectness·class.
 */
export const yolox: Decoder = {
  family: 'yolox',
  preparation: { colours: 'bgr', scale: 1, placement: 'top-left', padding: 114, stride: 32 },

  classesIn(output, input) {
    const [, rows, columns] = output
    if (output.length !== 3 || typeof columns !== 'number' || columns <= HEAD) return undefined
    if (input && typeof rows === 'number' && rows !== cellsOf(input)) return undefined
    return columns - HEAD
  },

  decode({ data, dimensions }, input, scoreThreshold) {
    const columns = dimensions[2]!
    const candidates: Candidate[] = []
    let at = 0
    for (const stride of STRIDES) {
      const across = input.width / stride
      const cells = across * (input.height / stride)
      for (let cell = 0; cell < cells; cell++, at += columns) {
        // No class can lift a box above its objectness.
        if (data[at + 4]! < scoreThreshold) continue
        const candidate = candidateAt(data, at, columns, cell % across, Math.floor(cell / across), stride)
        if (candidate.score >= scoreThreshold) candidates.push(candidate)
      }
    }
    return candidates
  },
}

function candidateAt(
  data: Float32Array,
  at: number,
  columns: number,
  column: number,
  row: number,
  stride: number,
): Candidate {
  const x = (data[at]! + column) * stride
  const y = (data[at + 1]! + row) * stride
  const halfWidth = (Math.exp(data[at + 2]!) * stride) / 2
  const halfHeight = (Math.exp(data[at + 3]!) * stride) / 2
  const best = bestTwo(data, at + HEAD, at + columns)
  const objectness = data[at + 4]!
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
