import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { defer } from '../../tests/support/defer.ts'
import { tinyYolov8 } from '../../tests/support/tiny-yolov8.ts'
import { generator } from '../../tests/support/tiny-yolox.ts'
import { Canvas } from '../adapters/model-onnxruntime/canvas.ts'
import { FeatureReader } from '../adapters/model-onnxruntime/features.ts'
import { Learner } from '../adapters/model-onnxruntime/learner.ts'
import { readModel } from '../adapters/model-onnxruntime/load-model.ts'
import { openSession } from '../adapters/model-onnxruntime/sessions.ts'
import { pixelBytes } from '../adapters/pictures/codec.ts'
import type { Pixels } from '../events/image.ts'
import { weightsTaughtBy } from './depth.ts'
import { type Answers, cellAt, rawAt, scoreAt } from './detection/answers.ts'
import { assign } from './detection/assign.ts'
import { type Centred, decodeBox, overlap } from './detection/boxes.ts'
import { asBefore } from './detection/targets.ts'
import type { Weights } from './engine.ts'
import { fit } from './fit.ts'
import { layersOf, readHead } from './head.ts'
import { partOf } from './network/learning.ts'
import { readNetwork } from './network/onnx.ts'
import { withWeights } from './rewrite.ts'

const CLASSES = ['car', 'bus']
/** Dark noise, and where something is to be found bright rectangles. */
function picture(seed: number, boxes: readonly Centred[] = []): Pixels {
  const data = new SharedArrayBuffer(pixelBytes(64, 64))
  const bytes = new Uint8Array(data).fill(128)
  const random = generator(seed)
  for (let at = 0; at < 64 * 64; at++) bytes[at] = 40 + random() * 30
  for (const [x, y, w, h] of boxes)
    for (let line = y - h / 2; line < y + h / 2; line++) bytes.fill(220, line * 64 + x - w / 2, line * 64 + x + w / 2)
  return { width: 64, height: 64, data }
}

async function open(t: TestContext, onnx: Uint8Array, method: 'last' | 'whole' = 'last') {
  const directory = await mkdtemp(join(tmpdir(), 'sentinel-yolov8-'))
  defer(t, () => rm(directory, { recursive: true }))
  const file = join(directory, 'model.onnx')
  await writeFile(file, onnx)
  const { description } = await readModel({ file })
  const network = readNetwork(onnx)
  const head = readHead(network)
  const names = weightsTaughtBy(method, network, head)
  const outputs = layersOf(head).map(({ output }) => output)
  const part = partOf(network, outputs, names)
  const learner = new Learner({ network, part, head })
  defer(t, () => learner.close())
  const reader = new FeatureReader(onnx, description, part.inputs)
  defer(t, () => reader.close())
  const old: Weights = new Map(names.map((name) => [name, network.constants.get(name)!.values as Float32Array]))
  const featuresOf = async (pixels: Pixels) => (await reader.read(pixels)).features
  const answersTo = async (pixels: Pixels, weights = old) =>
    (await learner.answers(weights, [await featuresOf(pixels)]))[0]!
  return { description, learner, old, featuresOf, answersTo }
}

/** The largest difference between what onnxruntime says of a picture with this file, and the trainer, in any cell. */
async function difference(t: TestContext, onnx: Uint8Array, pixels: Pixels): Promise<number> {
  const { description, answersTo } = await open(t, onnx)
  const canvas = new Canvas(pixels, { width: 64, height: 64 }, description)
  canvas.draw(pixels)
  const session = await openSession(onnx, 'cpu')
  const { data, dims } = (await session.run({ images: canvas.tensor })).output!
  await session.release()
  canvas.close()
  let [cell, most] = [0, 0]
  for (const level of await answersTo(pixels))
    for (const index of level.objectness.keys()) {
      const scores = CLASSES.map((_, of) => scoreAt(level, index, of))
      const expected = [...decodeBox(rawAt(level, index), cellAt(level, index)), ...scores]
      for (const [row, value] of expected.entries())
        most = Math.max(most, Math.abs(value - Number(data[row * dims[2]! + cell]!)))
      cell++
    }
  assert.equal(cell, dims[2])
  return most
}

describe('a detector that ends as YOLOv8', () => {
  for (const order of ['apart', 'mixed'] as const)
    test(`says the same in the trainer as in onnxruntime, also with new weights (${order})`, async (t) => {
      const onnx = tinyYolov8(CLASSES, order)
      assert.ok((await difference(t, onnx, picture(5))) < 1e-3)
      const { old } = await open(t, onnx)
      const moved = withWeights(
        onnx,
        new Map([...old].map(([name, values]) => [name, values.map((each) => each * 1.5)])),
      )
      assert.ok((await difference(t, moved, picture(5))) < 1e-3)
    })

  test('learns which class it is where it finds something, finds nothing else, and answers what is rehearsed as before', async (t) => {
    const { learner, old, featuresOf, answersTo } = await open(t, tinyYolov8(CLASSES))
    const [shown, other] = [picture(1, [[20, 20, 20, 12]]), picture(3)]
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
      message: /not decoded from distributions\. Models that end as YOLOX does can, .* and exports that end as YOLOv8/,
    })
  })
})

function boxIn(answers: Answers, level: number, index: number): Centred {
  return decodeBox(rawAt(answers[level]!, index), cellAt(answers[level]!, index))
}

/** Best score of a cell that covers the object well, as a multiple of the mean score anywhere. */
function clarityOf(answers: Answers, box: Centred, classIndex: number): number {
  const all = answers.flatMap((level) =>
    [...level.objectness.keys()].map((index) => ({
      score: scoreAt(level, index, classIndex),
      covers: overlap(decodeBox(rawAt(level, index), cellAt(level, index)), box),
    })),
  )
  const there = all.filter(({ covers }) => covers > 0.6).map(({ score }) => score)
  return Math.max(0, ...there) / (all.reduce((sum, { score }) => sum + score, 0) / all.length)
}
