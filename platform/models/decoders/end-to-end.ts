import type { Candidate } from '../nms.ts'
import { type Decoder, ULTRALYTICS } from './decoder.ts'

/** A detector's grid has more rows, what is left after suppression fewer. */
const MOST_ROWS = 1000

/** Where the numbers of a row are. */
interface Columns {
  readonly count: number
  readonly left: number
  readonly score: number
  readonly class: number
}

function suppressedDecoder(family: string, rank: number, columns: Columns): Decoder {
  return {
    family,
    preparation: ULTRALYTICS,
    isSuppressed: true,

    classesIn({ output: { dimensions } }) {
      const [rows, count] = dimensions.slice(-2)
      const isShort = typeof rows === 'number' && rows <= MOST_ROWS
      return dimensions.length === rank && count === columns.count && isShort ? 'any' : undefined
    },

    decode({ data }, _input, scoreThreshold) {
      const candidates: Candidate[] = []
      for (let at = 0; at < data.length; at += columns.count) {
        if (data[at + columns.score]! >= scoreThreshold) candidates.push(candidateAt(data, at, columns))
      }
      return candidates.sort((a, b) => b.score - a.score)
    },
  }
}

/** Exports with suppression inside, and YOLOv10: [1, rows, 6] of left, top, right, bottom in input pixels, score, class. */
export const endToEnd = suppressedDecoder('end-to-end', 3, { count: 6, left: 0, score: 4, class: 5 })

/** YOLOv7's export with suppression inside: [rows, 7] of picture, left, top, right, bottom, class, score. */
export const yolov7EndToEnd = suppressedDecoder('yolov7-end-to-end', 2, { count: 7, left: 1, score: 6, class: 5 })

function candidateAt(data: Float32Array, at: number, columns: Columns): Candidate {
  const left = at + columns.left
  return {
    left: data[left]!,
    top: data[left + 1]!,
    right: data[left + 2]!,
    bottom: data[left + 3]!,
    classIndex: data[at + columns.class]!,
    score: data[at + columns.score]!,
    runnerUpIndex: -1,
    runnerUpScore: 0,
  }
}
