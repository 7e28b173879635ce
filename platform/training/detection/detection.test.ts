import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { generator } from '../../../tests/support/tiny-yolox.ts'
import { type Answers, type Truth, zerosLike } from './answers.ts'
import { assign } from './assign.ts'
import { type Centred, completeOverlap } from './boxes.ts'
import { lossOf } from './loss.ts'
import { asBefore } from './targets.ts'

const CLASSES = 2
const PARTS = ['objectness', 'classes', 'boxes'] as const
const close = (a: number, b: number, most: number) => assert.ok(Math.abs(a - b) < most, `${a} is not ${b}`)

/** What an untrained network of two strides says of a picture of 64×64; as YOLOX it ends, or `isBare` as YOLOv8. */
function answersOf(seed: number, isBare = false): Answers {
  const random = generator(seed)
  const values = (count: number) => Float32Array.from({ length: count }, () => random() * 2 - 1)
  return [8, 16].map((stride) => {
    const cells = (64 / stride) ** 2
    const columns = 64 / stride
    const classes = values(CLASSES * cells)
    if (isBare)
      return { columns, stride, boxes: values(32 * cells), objectness: new Float32Array(cells), classes, isBare }
    return { columns, stride, boxes: values(4 * cells), objectness: values(cells), classes }
  })
}

const truths: readonly Truth[] = [
  { classIndex: 0, box: [20, 20, 20, 12] },
  { classIndex: 1, box: [44, 40, 24, 30] },
]

describe('where', () => {
  test('the derivatives of the complete overlap are those of finite differences, also where boxes lie apart', () => {
    // Of one aspect: the weight of a difference in it is taken as given, so that finite differences would tell another slope.
    const [place, truth] = [{ column: 2, line: 1, stride: 8 }, [24, 14, 10, 10] as Centred]
    const random = generator(11)
    for (let n = 0; n < 400; n++) {
      const cell = n % 2 === 0 ? place : { ...place, anchor: [9, 9] as const }
      const growth = random() * 2 - 1
      const raw = Float64Array.of(random() * 4 - 2, random() * 4 - 2, growth, growth)
      const derivatives = new Float64Array(4)
      completeOverlap(raw, cell, truth, derivatives)
      for (const i of raw.keys()) {
        const at = (step: number) => completeOverlap(raw.with(i, raw[i]! + step), cell, truth, new Float64Array(4))
        close((at(1e-6) - at(-1e-6)) / 2e-6, derivatives[i]!, 1e-4)
      }
    }
  })

  test('those of a side’s distribution too', () => {
    const [cell, truth] = [{ column: 2, line: 1, stride: 8 }, [24, 14, 30, 20] as Centred]
    const random = generator(12)
    for (let n = 0; n < 50; n++) {
      // The same above as left, and below as right: of one aspect with the truth scaled so.
      const [near, far] = [0, 1].map(() => Array.from({ length: 8 }, () => random() * 4 - 2))
      const raw = Float64Array.from([...near!, ...near!, ...far!, ...far!])
      const square: Centred = [truth[0], truth[1], 20, 20]
      const derivatives = new Float64Array(raw.length)
      completeOverlap(raw, cell, square, derivatives)
      for (const i of raw.keys()) {
        const at = (step: number) =>
          completeOverlap(raw.with(i, raw[i]! + step), cell, square, new Float64Array(raw.length))
        close((at(1e-6) - at(-1e-6)) / 2e-6, derivatives[i]!, 1e-4)
      }
    }
  })

  test('a box of another aspect is pulled towards the right one', () => {
    const cell = { column: 0, line: 0, stride: 8 }
    const derivatives = new Float64Array(4)
    completeOverlap([1, 1, 1, -1], cell, [8, 8, 8, 8], derivatives)
    assert.ok(derivatives[2]! < 0 && derivatives[3]! > 0)
  })

  test('a box of the right size in the right place overlaps whole, and one beside it is pulled towards it', () => {
    const cell = { column: 0, line: 0, stride: 8 }
    const derivatives = new Float64Array(4)
    close(completeOverlap([1, 1, 0, 0], cell, [8, 8, 8, 8], derivatives), 1, 1e-6)
    assert.ok(completeOverlap([1, 1, 0, 0], cell, [80, 8, 8, 8], derivatives) < 0)
    assert.ok(derivatives[0]! > 0)
  })
})

describe('which cells answer for an object', () => {
  const targets = assign(answersOf(3), { truths, classes: [0, 1] })

  test('each object has some, the best of which counts whole', () => {
    for (const { box } of truths) {
      const weights = targets.positives.filter((each) => each.box === box).map(({ weight }) => weight)
      assert.ok(weights.length >= 1)
      assert.equal(Math.max(...weights), 1)
    }
  })

  test('a cell answers for one object at most', () => {
    const same = [truths[0]!, { classIndex: 1, box: [21, 21, 20, 12] as const }]
    const cells = assign(answersOf(3), { truths: same, classes: [0, 1] }).positives.map(
      ({ level, index }) => `${level}/${index}`,
    )
    assert.equal(new Set(cells).size, cells.length)
  })

  test('objectness is to say how well the box fits, and 0 where nothing is', () => {
    for (const { level, index, weight } of targets.positives) {
      const wanted = targets.objectness[level]![index]!
      assert.ok(wanted >= 0 && wanted <= weight)
    }
    assert.equal(targets.objectness[0]![63], 0)
  })

  test('what is too small to be asked for is neither object nor background', () => {
    const { objectness, positives } = assign(answersOf(3), {
      truths: [{ classIndex: 0, box: [12, 12, 4, 5] }],
      classes: [0],
    })
    assert.equal(positives.length, 0)
    assert.equal(objectness[0]![1 * 8 + 1], -1)
    assert.equal(objectness[0]!.filter((each) => each < 0).length, 1)
  })
})

describe('the loss', () => {
  for (const [of, targets, isBare] of [
    ['what people say', (answers: Answers) => assign(answers, { truths, classes: [0] }), false],
    ['what was said before', () => asBefore(answersOf(7)), false],
    ['what people say without objectness', (answers: Answers) => assign(answers, { truths, classes: [0] }), true],
    ['what was said before without objectness', () => asBefore(answersOf(7, true)), true],
  ] as const)
    test(`of ${of} has the derivatives of finite differences`, () => {
      const answers = answersOf(4, isBare)
      const wanted = targets(answers)
      const derivatives = zerosLike(answers)
      lossOf(answers, wanted, 0.5, derivatives)
      // Of boxes that people drew they are those of the complete overlap.
      const parts = of.startsWith('what people say') ? (['objectness', 'classes'] as const) : PARTS
      // Of many numbers every seventh.
      for (const [level, answer] of answers.entries())
        for (const part of parts)
          for (const at of [...answer[part].keys()].filter((each) => !isBare || each % 7 === 0)) {
            const before = answer[part][at]!
            const loss = (value: number): number => {
              answer[part][at] = value
              return lossOf(answers, wanted, 0.5, zerosLike(answers))
            }
            const [up, down] = [Math.fround(before + 1e-3), Math.fround(before - 1e-3)]
            const measured = (loss(up) - loss(down)) / (up - down)
            answer[part][at] = before
            close(derivatives[level]![part][at]!, measured, 1e-3 * Math.max(1, Math.abs(measured)))
          }
    })

  for (const isBare of [false, true])
    test(`leaves classes that are not taught as they are${isBare ? ', also without objectness' : ''}`, () => {
      const answers = answersOf(4, isBare)
      const derivatives = zerosLike(answers)
      lossOf(answers, assign(answers, { truths, classes: [0] }), 1, derivatives)
      const cells = answers[0]!.objectness.length
      assert.ok(derivatives[0]!.classes.subarray(0, cells).some((each) => each !== 0))
      assert.ok(derivatives[0]!.classes.subarray(cells).every((each) => each === 0))
    })

  for (const isBare of [false, true])
    test(`is least where everything is answered as before${isBare ? ', also without objectness' : ''}`, () => {
      const before = answersOf(6, isBare)
      const derivatives = zerosLike(before)
      lossOf(before, asBefore(before), 1, derivatives)
      for (const { boxes, objectness, classes } of derivatives)
        for (const each of [...boxes, ...objectness, ...classes]) close(each, 0, 1e-4)
    })
})
