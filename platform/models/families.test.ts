import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import { sharedFile } from '../../tests/support/shared.ts'
import { endToEnd } from './decoders/end-to-end.ts'
import { yolov5 } from './decoders/rows.ts'
import { yolov8 } from './decoders/yolov8.ts'
import { describeModel, type Told } from './describe.ts'
import type { Candidate } from './nms.ts'
import type { Dimension, OnnxFile } from './onnx.ts'
import { readOnnx, withMetadata } from './onnx.ts'
import { parseSideFile } from './side-file.ts'

const INPUT = { width: 64, height: 64 }

function onnx(output: readonly Dimension[], side: Dimension = 64, names?: string): OnnxFile {
  return {
    inputs: [{ name: 'images', type: 1, dimensions: [1, 3, side, side] }],
    outputs: [{ name: 'output', type: 1, dimensions: output }],
    metadata: names === undefined ? {} : { names },
    producer: '',
    operators: new Set(),
  }
}

function described(output: readonly Dimension[], told: Told = {}, side: Dimension = 64) {
  return describeModel('m.onnx', onnx(output, side, "{0: 'car', 1: 'bus', 2: 'van'}"), told)
}

/** Rounded, because models compute with 32 bits. */
function rounded({ left, top, right, bottom, score, runnerUpScore, classIndex, runnerUpIndex }: Candidate): number[] {
  return [left, top, right, bottom, score, runnerUpScore, classIndex, runnerUpIndex].map(
    (value) => Math.round(value * 1000) / 1000,
  )
}

describe('a family is told by the shape of its output', () => {
  const cases: [string, readonly Dimension[], string][] = [
    ['YOLOX', [1, 84, 8], 'yolox'],
    ['YOLOv5 and v7: three anchors a cell', [1, 252, 8], 'yolov5'],
    ['YOLOv8 and later: transposed', [1, 7, 84], 'yolov8'],
    ['YOLOv8 of any size', [1, 7, 'boxes'], 'yolov8'],
    ['suppression inside', [1, 300, 6], 'end-to-end'],
  ]
  for (const [name, output, family] of cases) {
    test(name, () => assert.equal(described(output).decoder.family, family))
  }

  test('YOLOv6, which looks like YOLOX, by its side file', () => {
    assert.equal(described([1, 84, 8], { side: { family: 'yolov6' } }).decoder.family, 'yolov6')
  })

  test('each decision comes with its reason', () => {
    const { reasons, preparation } = described([1, 7, 84], { side: { colours: 'bgr' } })
    const why = Object.fromEntries(reasons.map(({ what, value, why }) => [what, `${value}: ${why}`]))
    assert.equal(preparation.colours, 'bgr')
    assert.equal(why.family, 'yolov8: its output has the shape [1, 7, 84]')
    assert.equal(why.colours, 'bgr: said by the side file')
    assert.equal(why.placement, 'centred: as yolov8 is trained')
    assert.equal(why.classes, '3: from its metadata')
  })

  test('a side file that says what is not so is refused', () => {
    const refused = (told: Told, message: RegExp) =>
      assert.throws(() => described([1, 84, 8], told), { code: 'MODEL_INVALID', message })
    refused({ side: { family: 'yolov8' } }, /is not that of yolov8 \(said by the side file\)/)
    refused({ side: { family: 'resnet' } }, /resnet is none of the families.*yolox/)
    refused({ side: { names: ['car'] } }, /has 3 classes, but there are 1 names/)
  })

  test('a side file that is not understood is told with what it may say', () => {
    for (const text of ['{', '[]', '{"colors":"rgb"}', '{"scale":-1}']) {
      const message = /m\.json does not describe a model.*It may say: name, family, names, colours/s
      assert.throws(() => parseSideFile(text, 'm.json'), { code: 'MODEL_INVALID', message })
    }
    assert.deepEqual(parseSideFile('{"family":"yolov6","scale":1}', 'm.json'), { family: 'yolov6', scale: 1 })
  })
})

describe('what the numbers of a family mean', () => {
  test('YOLOv5: a row is a box in input pixels, its objectness and a score a class', () => {
    const data = new Float32Array(3 * 8)
    data.set([20, 30, 8, 4, 0.9, 0.1, 0.8, 0.3], 8)
    const found = yolov5.decode({ data, dimensions: [1, 3, 8] }, INPUT, 0.5)
    assert.deepEqual(found.map(rounded), [[16, 28, 24, 32, 0.72, 0.27, 1, 2]])
  })

  test('YOLOv8: all boxes lie side by side, without objectness', () => {
    const [channels, boxes] = [7, 5]
    const data = new Float32Array(channels * boxes)
    for (const [channel, value] of [20, 30, 8, 4, 0.3, 0.1, 0.7].entries()) data[channel * boxes + 3] = value
    const found = yolov8.decode({ data, dimensions: [1, channels, boxes] }, INPUT, 0.5)
    assert.deepEqual(found.map(rounded), [[16, 28, 24, 32, 0.7, 0.3, 2, 0]])
  })

  test('YOLOv8 with one class has no other to be unsure of', () => {
    const data = Float32Array.from([20, 30, 8, 4, 0.7])
    const found = yolov8.decode({ data, dimensions: [1, 5, 1] }, INPUT, 0.5)
    assert.deepEqual(found.map(rounded), [[16, 28, 24, 32, 0.7, 0, 0, -1]])
  })

  test('suppression inside: corners, score and class, and rows of nothing at the end', () => {
    const data = new Float32Array(4 * 6)
    data.set([1, 2, 3, 4, 0.6, 1, 16, 28, 24, 32, 0.7, 2])
    const found = endToEnd.decode({ data, dimensions: [1, 4, 6] }, INPUT, 0.5)
    assert.deepEqual(found.map(rounded), [
      [16, 28, 24, 32, 0.7, 0, 2, -1],
      [1, 2, 3, 4, 0.6, 0, 1, -1],
    ])
  })
})

const nano = sharedFile('models/yolox_nano.onnx')

test('metadata is added to a model, and what is said last counts', { skip: nano.skip }, async () => {
  const before = await readFile(nano.path)
  const after = readOnnx(withMetadata(withMetadata(before, { names: '["car"]', by: 'us' }), { names: '["bus"]' }))
  const { inputs, outputs } = readOnnx(before)
  assert.deepEqual([after.inputs, after.outputs], [inputs, outputs])
  assert.deepEqual([after.metadata.names, after.metadata.by], ['["bus"]', 'us'])
})
