import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ap50Of, judgedBy } from './accuracy.ts'
import type { Answers, Truth } from './answers.ts'

const [COLUMNS, STRIDE] = [8, 8]
const CELLS = COLUMNS * COLUMNS
const SURE = 6

interface Seen {
  readonly cell: number
  readonly classIndex: number
}

/** Of a picture of 64×64 in which each of these cells sees a box of 16×16 in the middle of its own corner, and no other anything. */
function answersWith(seen: readonly Seen[]): Answers {
  const objectness = new Float32Array(CELLS).fill(-SURE)
  const classes = new Float32Array(2 * CELLS).fill(-SURE)
  const boxes = new Float32Array(4 * CELLS)
  for (const { cell, classIndex } of seen) {
    objectness[cell] = SURE
    classes[classIndex * CELLS + cell] = SURE
    for (const at of [2, 3]) boxes[at * CELLS + cell] = Math.log(2)
  }
  return [{ columns: COLUMNS, stride: STRIDE, boxes, objectness, classes }]
}

const truthAt = (cell: number, classIndex: number): Truth => ({
  classIndex,
  box: [(cell % COLUMNS) * STRIDE, Math.floor(cell / COLUMNS) * STRIDE, 16, 16],
})

describe('the precision of answers', () => {
  test('is whole where every box is found and none else', () => {
    const pictures = [judgedBy(answersWith([{ cell: 18, classIndex: 1 }]), [truthAt(18, 1)], [0, 1])]
    assert.deepEqual(
      pictures[0]!.found.map(({ class: name, box }) => [name, ...box.map(Math.round)]),
      [['1', 8, 8, 16, 16]],
    )
    assert.equal(ap50Of(pictures), 1)
  })

  test('is half where one of two classes is missed, and boxes of two cells on one object are one box', () => {
    const answers = answersWith([18, 19].map((cell) => ({ cell, classIndex: 0 })))
    const together = { ...answers[0]!, boxes: answers[0]!.boxes.with(19, -1) }
    const judged = judgedBy([together], [truthAt(18, 0), truthAt(45, 1)], [0, 1])
    assert.equal(judged.found.length, 1)
    assert.ok(Math.abs(ap50Of([judged])! - 0.5) < 0.01)
  })

  test('counts no class that nobody judges', () => {
    const judged = judgedBy(answersWith([{ cell: 18, classIndex: 1 }]), [], [0])
    assert.deepEqual(judged.found, [])
  })

  test('is unknown without a picture, and where there is nothing to find', () => {
    assert.equal(ap50Of([]), null)
    assert.equal(ap50Of([judgedBy(answersWith([]), [], [0, 1])]), null)
  })
})
