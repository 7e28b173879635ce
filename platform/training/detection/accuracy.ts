import type { FoundBox, JudgedPicture, PixelBox } from '../../evaluation/boxes.ts'
import { evaluate } from '../../evaluation/evaluate.ts'
import { OPERATING_SCORE } from '../../evaluation/operating.ts'
import { type Candidate, suppress } from '../../models/nms.ts'
import { type Answers, cellAt, rawAt, scoreAt, type Truth } from './answers.ts'
import { type Centred, decodeBox } from './boxes.ts'

/** Boxes below are hardly ever right, and there are thousands. */
const LEAST_SCORE = 0.05
/** Overlap from which two boxes of a class are of one object. */
const SAME_OBJECT = 0.65

/** What a picture is answered with, as boxes beside what is in it. @param classes those that are judged. */
export function judgedBy(answers: Answers, truths: readonly Truth[], classes: readonly number[]): JudgedPicture {
  const candidates = answers.flatMap((level) =>
    [...level.objectness.keys()].flatMap((index) => {
      const likely = classes.filter((each) => scoreAt(level, index, each) >= LEAST_SCORE)
      if (likely.length === 0) return []
      const box = decodeBox(rawAt(level, index), cellAt(level, index))
      return likely.map((each) => candidate(box, each, scoreAt(level, index, each)))
    }),
  )
  return {
    truth: truths.map(({ classIndex, box }) => ({ class: String(classIndex), box: cornered(box) })),
    found: suppress(candidates, SAME_OBJECT).map(foundBox),
  }
}

/** Mean average precision at an overlap of 0.5 over the classes that are there to be found; null where none is. */
export function ap50Of(pictures: readonly JudgedPicture[]): number | null {
  return pictures.length === 0 ? null : evaluate(pictures, { operatingScore: OPERATING_SCORE }).ap50
}

function candidate([x, y, width, height]: Centred, classIndex: number, score: number): Candidate {
  const [left, top] = [x - width / 2, y - height / 2]
  const corners = { left, top, right: left + width, bottom: top + height }
  return { ...corners, classIndex, score, runnerUpIndex: -1, runnerUpScore: 0 }
}

function foundBox({ classIndex, score, left, top, right, bottom }: Candidate): FoundBox {
  return { class: String(classIndex), score, box: [left, top, right - left, bottom - top] }
}

function cornered([x, y, width, height]: Centred): PixelBox {
  return [x - width / 2, y - height / 2, width, height]
}
