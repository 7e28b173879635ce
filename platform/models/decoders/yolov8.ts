import type { Candidate } from '../nms.ts'
import { candidateOf } from './candidate.ts'
import { type Decoder, ULTRALYTICS } from './decoder.ts'
import { isGrid } from './grid.ts'

/** Centre x, centre y, width, height; then one score a class. */
const HEAD = 4

/**
 * YOLOv8, v9, v11 and v12 as Ultralytics exports them: [1, 4 + classes, boxes], all boxes' x, then all y and so on, in input
 * pixels, without objectness.
 */
export const yolov8: Decoder = {
  family: 'yolov8',
  preparation: ULTRALYTICS,

  classesIn({ output: { dimensions }, input }) {
    const [, channels, boxes] = dimensions
    if (dimensions.length !== 3 || typeof channels !== 'number' || channels <= HEAD) return undefined
    if (typeof boxes === 'string') return channels - HEAD
    const fits = input ? isGrid(boxes!, input) : boxes! > channels
    return fits ? channels - HEAD : undefined
  },

  decode({ data, dimensions }, _input, scoreThreshold) {
    const [, channels, boxes] = dimensions as [number, number, number]
    const best = bestOfEach(data, channels, boxes)
    const candidates: Candidate[] = []
    for (let box = 0; box < boxes; box++) {
      if (best.firstScore[box]! >= scoreThreshold) candidates.push(candidateAt(data, boxes, box, best))
    }
    return candidates
  },
}

interface BestOfEach {
  readonly first: Int32Array
  readonly firstScore: Float32Array
  readonly second: Int32Array
  readonly secondScore: Float32Array
}

/** Class after class, because the scores of a class lie side by side. */
function bestOfEach(data: Float32Array, channels: number, boxes: number): BestOfEach {
  const first = new Int32Array(boxes)
  const second = new Int32Array(boxes).fill(-1)
  const firstScore = data.slice(HEAD * boxes, (HEAD + 1) * boxes)
  const secondScore = new Float32Array(boxes)
  for (let channel = HEAD + 1; channel < channels; channel++) {
    for (let box = 0, at = channel * boxes; box < boxes; box++, at++) {
      const score = data[at]!
      if (score > firstScore[box]!) {
        second[box] = first[box]!
        secondScore[box] = firstScore[box]!
        first[box] = channel - HEAD
        firstScore[box] = score
      } else if (score > secondScore[box]! || second[box] === -1) {
        second[box] = channel - HEAD
        secondScore[box] = score
      }
    }
  }
  return { first, firstScore, second, secondScore }
}

function candidateAt(data: Float32Array, boxes: number, at: number, best: BestOfEach): Candidate {
  const box = { x: data[at]!, y: data[boxes + at]!, width: data[2 * boxes + at]!, height: data[3 * boxes + at]! }
  const two = {
    first: best.first[at]!,
    firstScore: best.firstScore[at]!,
    second: best.second[at]!,
    secondScore: best.secondScore[at]!,
  }
  return candidateOf(box, two, 1)
}
