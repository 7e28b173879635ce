import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { boxIn, clarityOf, detectionsIn, furthest, noise, openLearner, outputOf } from '../../tests/support/learner.ts'
import { tinyYolov8 } from '../../tests/support/tiny-yolov8.ts'
import type { Pixels } from '../events/image.ts'
import { type Answers, scoreAt } from './detection/answers.ts'
import { assign } from './detection/assign.ts'
import { asBefore } from './detection/targets.ts'
import { fit } from './fit.ts'
import { readHead } from './head.ts'
import { readNetwork } from './network/onnx.ts'
import { withWeights } from './rewrite.ts'

const CLASSES = ['car', 'bus']
/** The largest difference between what onnxruntime says of a picture with this file, and the trainer, in any cell. */
async function difference(t: TestContext, onnx: Uint8Array, pixels: Pixels): Promise<number> {
  const { description, answersTo } = await openLearner(t, onnx)
  const { data, dims } = await outputOf(onnx, pixels, description)
  const said = detectionsIn(await answersTo(pixels), (level, index) =>
    CLASSES.map((_, of) => scoreAt(level, index, of)),
  )
  assert.equal(said.length, dims[2])
  return furthest(said, data, (cell, row) => row * dims[2]! + cell)
}

describe('a detector that ends as YOLOv8', () => {
  for (const order of ['apart', 'mixed'] as const)
    test(`says the same in the trainer as in onnxruntime, also with new weights (${order})`, async (t) => {
      const onnx = tinyYolov8(CLASSES, order)
      assert.ok((await difference(t, onnx, noise(5))) < 1e-3)
      const { old } = await openLearner(t, onnx)
      const moved = withWeights(
        onnx,
        new Map([...old].map(([name, values]) => [name, values.map((each) => each * 1.5)])),
      )
      assert.ok((await difference(t, moved, noise(5))) < 1e-3)
    })

  test('learns which class it is where it finds something, finds nothing else, and answers what is rehearsed as before', async (t) => {
    const { learner, old, featuresOf, answersTo } = await openLearner(t, tinyYolov8(CLASSES))
    const [shown, other] = [noise(1, [[20, 20, 20, 12]]), noise(3)]
    const [answers, before] = [await answersTo(shown), asBefore(await answersTo(other))]
    const truths = [boxIn(answers, 1, 5), boxIn(answers, 2, 3)].map((box, classIndex) => ({ classIndex, box }))
    const targets = (now: Answers) => assign(now, { truths, classes: [0, 1] })
    const taught = [{ features: await featuresOf(shown), targets }]
    const rehearsed = [{ features: await featuresOf(other), targets: () => before }]
    const taughtWith = async (rehearsal: number) => {
      const recipe = { steps: 120, learningRate: 0.1, pull: 0, rehearsal, seed: 1 }
      return fit(learner, old, { taught, rehearsed, val: [] }, { recipe })
    }
    const { weights, before: start, after } = await taughtWith(0)
    const now = await answersTo(shown, weights)
    for (const { box, classIndex } of truths) {
      const [without, withIt] = [clarityOf(answers, box, classIndex), clarityOf(now, box, classIndex)]
      assert.ok(withIt > 2 * without, `${without} → ${withIt}`)
    }
    assert.ok(after.driftLoss > start.driftLoss)
    const held = await taughtWith(3)
    assert.ok(held.after.driftLoss - start.driftLoss < (after.driftLoss - start.driftLoss) / 2)
  })

  test('one that ends in neither way is refused with which would do', () => {
    const named = (from: string, to: string) =>
      Buffer.from(Buffer.from(tinyYolov8(CLASSES)).toString('latin1').replaceAll(from, to), 'latin1')
    assert.throws(() => readHead(readNetwork(named('Softmax', 'Sofsign'))), {
      code: 'MODEL_INVALID',
      message:
        /not decoded from distributions\. Models that end as YOLOX does can, .* and exports that end as YOLOv5 .* or YOLOv8/,
    })
  })
})
