import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { boxIn, clarityOf, detectionsIn, furthest, noise, openLearner, outputOf } from '../../tests/support/learner.ts'
import { tinyYolov5 } from '../../tests/support/tiny-yolov5.ts'
import type { Pixels } from '../events/image.ts'
import { deepestMethod } from './depth.ts'
import { type Answers, sigmoid } from './detection/answers.ts'
import { assign } from './detection/assign.ts'
import { asBefore } from './detection/targets.ts'
import { fit } from './fit.ts'
import { readHead } from './head.ts'
import { readNetwork } from './network/onnx.ts'
import { withWeights } from './rewrite.ts'

const CLASSES = ['car', 'bus']

/** The largest difference between what onnxruntime says of a picture with this file, and the trainer, in any cell of any anchor. */
async function difference(t: TestContext, onnx: Uint8Array, pixels: Pixels): Promise<number> {
  const { description, answersTo } = await openLearner(t, onnx)
  const { data, dims } = await outputOf(onnx, pixels, description)
  const said = detectionsIn(await answersTo(pixels), ({ objectness, classes }, index) => [
    sigmoid(objectness[index]!),
    ...CLASSES.map((_, of) => sigmoid(classes[of * objectness.length + index]!)),
  ])
  assert.equal(said.length, dims[1])
  return furthest(said, data, (row, column) => row * dims[2]! + column)
}

describe('a detector that ends as YOLOv5, three anchors a cell', () => {
  test('says the same in the trainer as in onnxruntime, also with new weights', async (t) => {
    const onnx = tinyYolov5(CLASSES)
    assert.ok((await difference(t, onnx, noise(5))) < 1e-3)
    const { old } = await openLearner(t, onnx)
    const moved = withWeights(onnx, new Map([...old].map(([name, values]) => [name, values.map((each) => each * 1.5)])))
    assert.ok((await difference(t, moved, noise(5))) < 1e-3)
  })

  for (const [method, learningRate] of [
    ['last', 0.1],
    ['head', 0.1],
    ['whole', 0.03],
  ] as const)
    test(`learns by ${method} which class it is where it finds something, and answers what is rehearsed as before`, async (t) => {
      const { learner, old, featuresOf, answersTo } = await openLearner(t, tinyYolov5(CLASSES), method)
      const [shown, other] = [noise(1, [[20, 20, 20, 12]]), noise(3)]
      const [answers, before] = [await answersTo(shown), asBefore(await answersTo(other))]
      const truths = [boxIn(answers, 3, 5), boxIn(answers, 7, 3)].map((box, classIndex) => ({ classIndex, box }))
      const targets = (now: Answers) => assign(now, { truths, classes: [0, 1] })
      const taught = [{ features: await featuresOf(shown), targets }]
      const rehearsed = [{ features: await featuresOf(other), targets: () => before }]
      const taughtWith = (rehearsal: number) => {
        const recipe = { steps: 120, learningRate, pull: 0, rehearsal, seed: 1 }
        return fit(learner, old, { taught, rehearsed, val: [] }, { recipe })
      }
      const { weights, before: start, after } = await taughtWith(0)
      const now = await answersTo(shown, weights)
      for (const { box, classIndex } of truths) {
        const [without, withIt] = [clarityOf(answers, box, classIndex), clarityOf(now, box, classIndex)]
        assert.ok(withIt > 1.5 * without, `${without} → ${withIt}`)
      }
      const held = await taughtWith(3)
      assert.ok(held.after.driftLoss - start.driftLoss < (after.driftLoss - start.driftLoss) / 2)
    })

  test('the deepest method that its operations allow is found as of others', () => {
    assert.equal(deepestMethod(tinyYolov5(CLASSES)), 'whole')
  })

  test('anchors that are computed somewhere else are refused with the reason', () => {
    const { nodes, ...rest } = readNetwork(tinyYolov5(CLASSES))
    const hidden = nodes.map((node) => ({
      ...node,
      input: node.input.map((name) => name.replace(/^anchors/, 'other')),
    }))
    assert.throws(() => readHead({ ...rest, nodes: hidden }), {
      code: 'MODEL_INVALID',
      message: /its anchors are not written in it\. Models that end as .* \(v5, v7\) or YOLOv8/,
    })
  })
})
