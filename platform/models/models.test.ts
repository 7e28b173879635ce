import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { yolox } from './decoders/yolox.ts'
import { describeModel } from './describe.ts'
import { letterbox, smallestInput, toPicture } from './letterbox.ts'
import { namesFromMetadata, parseNames } from './names.ts'
import { type Candidate, overlap, suppress } from './nms.ts'
import type { Dimension, OnnxFile } from './onnx.ts'

const side = fc.integer({ min: 16, max: 4000 })
const size = fc.record({ width: side, height: side })

describe('letterbox', () => {
  for (const placement of ['top-left', 'centred'] as const) {
    test(`a box goes into a ${placement} input and comes back`, () => {
      fc.assert(
        fc.property(size, (picture) => {
          const box = letterbox(picture, { width: 416, height: 416 }, placement)
          assert.ok(box.x + box.width <= 416 && box.y + box.height <= 416)
          const whole = { left: box.x, top: box.y, right: box.x + box.width, bottom: box.y + box.height }
          assert.deepEqual(toPicture(box, whole), [0, 0, 1, 1])
        }),
      )
    })
  }

  test('a rectangular input holds the picture and wastes less than a stride', () => {
    fc.assert(
      fc.property(size, (picture) => {
        const input = smallestInput(picture, { width: 640, height: 640 }, 32)
        assert.ok(input.width % 32 === 0 && input.height % 32 === 0)
        assert.ok(Math.max(input.width, input.height) === 640)
        const box = letterbox(picture, input, 'top-left')
        assert.ok(box.width === input.width || box.height === input.height)
      }),
    )
    assert.deepEqual(smallestInput({ width: 1920, height: 1080 }, { width: 416, height: 416 }, 32), {
      width: 416,
      height: 256,
    })
  })
})

describe('non-maximum suppression', () => {
  const candidate: fc.Arbitrary<Candidate> = fc
    .record({
      x: fc.nat(50),
      y: fc.nat(50),
      w: fc.integer({ min: 1, max: 40 }),
      h: fc.integer({ min: 1, max: 40 }),
      classIndex: fc.nat(1),
      score: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    .map(({ x, y, w, h, classIndex, score }) => ({
      left: x,
      top: y,
      right: x + w,
      bottom: y + h,
      classIndex,
      score,
      runnerUpIndex: 0,
      runnerUpScore: 0,
    }))

  test('keeps no two of a class that overlap, and drops only what a better one covers', () => {
    fc.assert(
      fc.property(fc.array(candidate, { maxLength: 30 }), (all) => {
        const kept = suppress(all, 0.5)
        const covers = (a: Candidate, b: Candidate) => a !== b && a.classIndex === b.classIndex && overlap(a, b) > 0.5
        for (const one of kept) assert.ok(!kept.some((other) => covers(other, one)))
        for (const gone of all.filter((one) => !kept.includes(one))) {
          assert.ok(kept.some((better) => better.score >= gone.score && covers(better, gone)))
        }
      }),
    )
  })
})

test('YOLOX: a cell says where its box lies, how large it is and what is in it', () => {
  const input = { width: 64, height: 64 }
  const rows = 64 + 16 + 4
  const data = new Float32Array(rows * 8)
  // Row 65 is cell (1, 0) of stride 16: centre at (1.5·16, 0.5·16), 2·16 wide and 16 high.
  data.set([0.5, 0.5, Math.log(2), 0, 0.9, 0.1, 0.8, 0.3], 65 * 8)
  const [found, ...others] = yolox.decode({ data, dimensions: [1, rows, 8] }, input, 0.5)
  assert.equal(others.length, 0)
  const { left, top, right, bottom, classIndex, score, runnerUpIndex, runnerUpScore } = found!
  const near = (values: number[], expected: number[]) =>
    assert.ok(values.every((value, i) => Math.abs(value - expected[i]!) < 1e-4))
  near([left, top, right, bottom, score, runnerUpScore], [8, 0, 40, 16, 0.72, 0.27])
  assert.deepEqual([classIndex, runnerUpIndex], [1, 2])
})

describe('class names', () => {
  test('are read from lines, JSON and what Python exporters write', () => {
    assert.deepEqual(parseNames('# mine\ncar\r\n\nperson \n'), ['car', 'person'])
    assert.deepEqual(namesFromMetadata({ names: '["car","person"]' }), ['car', 'person'])
    assert.deepEqual(namesFromMetadata({ names: "{0: 'car', 1: \"person's bag\"}" }), ['car', "person's bag"])
    assert.equal(namesFromMetadata({}), undefined)
  })
})

describe('a model of another kind is refused with what it has and what is wanted', () => {
  const onnx = (input: readonly Dimension[], output: readonly Dimension[], type = 1): OnnxFile => ({
    inputs: [{ name: 'images', type, dimensions: input }],
    outputs: [{ name: 'output', type: 1, dimensions: output }],
    metadata: {},
    producer: '',
    operators: new Set(),
  })
  const cases: [string, OnnxFile, RegExp][] = [
    ['one channel', onnx([1, 1, 416, 416], [1, 3549, 85]), /\[1, 1, 416, 416\]/],
    ['pictures of 64-bit floats', onnx([1, 3, 416, 416], [1, 3549, 85], 11), /32-bit or 16-bit floats/],
    ['a batch of eight', onnx([8, 3, 416, 416], [8, 3549, 85]), /\[8, 3, 416, 416\]/],
    ['a classifier', onnx([1, 3, 224, 224], [1, 1000]), /none of the families.*yolox.*looks like a classifier/],
    ['heads that are not decoded', onnx([1, 3, 416, 416], [1, 3, 52, 52, 85]), /--grid/],
    ['rows of another grid', onnx([1, 3, 416, 416], [1, 9999, 85]), /\[1, 9999, 85\]/],
  ]
  for (const [name, file, message] of cases) {
    test(name, () =>
      assert.throws(() => describeModel('m.onnx', file, { names: ['car'] }), { code: 'MODEL_INVALID', message }),
    )
  }

  test('one that takes any size has no fixed input', () => {
    const { fixedInput, decoder } = describeModel(
      'm.onnx',
      onnx(['batch', 3, 'height', 'width'], ['batch', 'rows', 6]),
      { names: ['car'] },
    )
    assert.deepEqual([fixedInput, decoder.family], [undefined, 'yolox'])
  })
})
