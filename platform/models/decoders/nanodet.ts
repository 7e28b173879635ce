import type { Candidate } from '../nms.ts'
import { bestTwo } from './best-two.ts'
import { type CentredBox, candidateOf } from './candidate.ts'
import type { Decoder } from './decoder.ts'
import { cellAt, cellsOf } from './grid.ts'

const STRIDES: readonly number[] = [8, 16, 32, 64]
const SIDES = 4
/** Distances to a box's sides are distributions over 0 … 7 strides. */
const BINS = 8

/**
 * NanoDet-Plus: [1, rows, classes + 4 · 8] of the classes' scores and, for each side, a distribution over its distance from the
 * cell's corner, whose mean counts (Li et al., "Generalized Focal Loss", NeurIPS 2020). Means and deviations are ImageNet's.
 */
export const nanodet: Decoder = {
  family: 'nanodet',
  preparation: {
    colours: 'bgr',
    scale: 1,
    mean: [103.53, 116.28, 123.675],
    deviation: [57.375, 57.12, 58.395],
    placement: 'centred',
    padding: 0,
    stride: 64,
  },

  classesIn({ output: { dimensions }, input }) {
    const [, rows, columns] = dimensions
    if (dimensions.length !== 3 || typeof columns !== 'number' || columns <= SIDES * BINS) return undefined
    return input && rows === cellsOf(input, STRIDES) ? columns - SIDES * BINS : undefined
  },

  evidence({ output: { reach } }) {
    if (reach === undefined) return ''
    return reach <= 1 ? ', and its rows begin with scores' : undefined
  },

  decode({ data, dimensions }, input, scoreThreshold) {
    const columns = dimensions[2]!
    const classes = columns - SIDES * BINS
    const candidates: Candidate[] = []
    for (let row = 0, at = 0; at < data.length; row++, at += columns) {
      const best = bestTwo(data, at, at + classes)
      if (best.firstScore < scoreThreshold) continue
      candidates.push(candidateOf(boxAt(data, at + classes, cellAt(input, row, STRIDES)), best, 1))
    }
    return candidates
  },
}

function boxAt(
  data: Float32Array,
  at: number,
  { stride, column, line }: { stride: number; column: number; line: number },
): CentredBox {
  const distance = (side: number): number => meanOf(data.subarray(at + side * BINS, at + (side + 1) * BINS)) * stride
  const [left, top, right, bottom] = [distance(0), distance(1), distance(2), distance(3)]
  return {
    x: column * stride + (right - left) / 2,
    y: line * stride + (bottom - top) / 2,
    width: left + right,
    height: top + bottom,
  }
}

/** Of the distribution whose logits these are. */
function meanOf(logits: Float32Array): number {
  const most = Math.max(...logits)
  let [sum, weighted] = [0, 0]
  for (const [bin, logit] of logits.entries()) {
    const weight = Math.exp(logit - most)
    sum += weight
    weighted += weight * bin
  }
  return weighted / sum
}
