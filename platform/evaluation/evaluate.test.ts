import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { FoundBox, JudgedPicture, PixelBox, TruthBox } from './boxes.ts'
import { type Accuracy, evaluate } from './evaluate.ts'

type Expected = Pick<Accuracy, 'ap' | 'ap50' | 'ap75' | 'recall'>

interface GoldenCase {
  readonly pictures: readonly JudgedPicture[]
  readonly expected: Expected & {
    byClass: Record<string, Expected>
    bySize: Record<'small' | 'medium' | 'large', Expected>
  }
}

const golden: GoldenCase[] = JSON.parse(await readFile(new URL('golden/detections.json', import.meta.url), 'utf8'))
const options = { operatingScore: 0.5 }

const truth = (box: PixelBox, rest: Partial<TruthBox> = {}): TruthBox => ({ class: 'car', box, ...rest })
const found = (box: PixelBox, score = 0.9): FoundBox => ({ class: 'car', score, box })

describe('the same numbers as pycocotools', () => {
  for (const [n, { pictures, expected }] of golden.entries()) {
    const classes = Object.keys(expected.byClass)
    const result = evaluate(pictures, { ...options, classes })

    test(`case ${n + 1}: all classes`, () => same(result, expected))
    for (const each of result.byClass) {
      test(`case ${n + 1}: ${each.class}`, () => same(each, expected.byClass[each.class]!))
    }
    for (const size of ['small', 'medium', 'large'] as const) {
      test(`case ${n + 1}: ${size} boxes`, () => same(result.bySize[size], expected.bySize[size]))
    }
  }

  function same(actual: Accuracy, expected: Expected): void {
    for (const name of ['ap', 'ap50', 'ap75', 'recall'] as const) {
      const [is, must] = [actual[name], expected[name]]
      if (must === null) assert.equal(is, null, name)
      else assert.ok(is !== null && Math.abs(is - must) < 1e-6, `${name} is ${is}, not ${must}`)
    }
  }
})

describe('what counts', () => {
  test('what is ignored is neither missed nor a mistake', () => {
    const picture = { truth: [truth([0, 0, 50, 50]), truth([100, 0, 8, 8], { isIgnored: true })], found: [] }
    const missed = evaluate([picture], options)
    assert.deepEqual([missed.boxes, missed.recallAtScore, missed.ap], [1, 0, 0])
    const both = { ...picture, found: [found([0, 0, 50, 50]), found([100, 0, 8, 8])] }
    const { ap, precisionAtScore, recallAtScore } = evaluate([both], options)
    assert.deepEqual([ap, precisionAtScore, recallAtScore], [1, 1, 1])
  })

  test('precision and recall count boxes from the operating score on', () => {
    const picture = {
      truth: [truth([0, 0, 50, 50]), truth([100, 0, 50, 50])],
      found: [found([0, 0, 50, 50]), found([100, 0, 50, 50], 0.4), found([200, 0, 50, 50], 0.6)],
    }
    const { precisionAtScore, recallAtScore } = evaluate([picture], options)
    assert.deepEqual([precisionAtScore, recallAtScore], [0.5, 0.5])
    assert.equal(evaluate([picture], { operatingScore: 0.3 }).recallAtScore, 1)
  })

  test('a second box on the same object is a mistake', () => {
    const picture = { truth: [truth([0, 0, 50, 50])], found: [found([0, 0, 50, 50]), found([1, 0, 50, 50], 0.8)] }
    assert.equal(evaluate([picture], options).precisionAtScore, 0.5)
  })

  test('without pictures, truth or boxes there are no numbers, and no zeros in their place', () => {
    for (const pictures of [[], [{ truth: [], found: [] }]]) {
      const { ap, ap50, recallAtScore, precisionAtScore, byClass } = evaluate(pictures, options)
      assert.deepEqual([ap, ap50, recallAtScore, precisionAtScore, byClass], [null, null, null, null, []])
    }
  })

  test('the truth itself is perfect', () => {
    const side = fc.integer({ min: 4, max: 200 })
    // Far enough apart that no box overlaps another.
    const boxes = fc.array(fc.tuple(side, side), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(boxes, (sizes) => {
        const all = sizes.map(([width, height], n): PixelBox => [n * 300, 0, width, height])
        const picture = { truth: all.map((box) => truth(box)), found: all.map((box) => found(box)) }
        const { ap, precisionAtScore, recallAtScore } = evaluate([picture], options)
        assert.ok(Math.abs(ap! - 1) < 1e-12)
        assert.deepEqual([precisionAtScore, recallAtScore], [1, 1])
      }),
    )
  })
})
