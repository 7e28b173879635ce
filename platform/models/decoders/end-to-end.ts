import type { Candidate } from '../nms.ts'
import type { Decoder } from './decoder.ts'

const COLUMNS = 6
/** A detector's grid has more rows, what is left after suppression fewer. */
const MOST_ROWS = 1000

/** Exports with suppression inside, and YOLOv10: [1, rows, 6] of left, top, right, bottom in input pixels, score, class. */
export const endToEnd: Decoder = {
  family: 'end-to-end',
  preparation: { colours: 'rgb', scale: 1 / 255, placement: 'centred', padding: 114, stride: 32 },
  isSuppressed: true,

  classesIn(output) {
    const [, rows, columns] = output
    const isShort = typeof rows === 'number' && rows <= MOST_ROWS
    return output.length === 3 && columns === COLUMNS && isShort ? 'any' : undefined
  },

  decode({ data }, _input, scoreThreshold) {
    const candidates: Candidate[] = []
    for (let at = 0; at < data.length; at += COLUMNS) {
      const score = data[at + 4]!
      if (score < scoreThreshold) continue
      candidates.push({
        left: data[at]!,
        top: data[at + 1]!,
        right: data[at + 2]!,
        bottom: data[at + 3]!,
        classIndex: data[at + 5]!,
        score,
        runnerUpIndex: -1,
        runnerUpScore: 0,
      })
    }
    return candidates.sort((a, b) => b.score - a.score)
  },
}
