import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import type * as ort from 'onnxruntime-node'
import { defer } from '../../tests/support/defer.ts'
import { sharedFile } from '../../tests/support/shared.ts'
import { generator, tinyYolox } from '../../tests/support/tiny-yolox.ts'
import { Canvas } from '../adapters/model-onnxruntime/canvas.ts'
import { FeatureReader } from '../adapters/model-onnxruntime/features.ts'
import { Learner } from '../adapters/model-onnxruntime/learner.ts'
import { readModel } from '../adapters/model-onnxruntime/load-model.ts'
import { openSession } from '../adapters/model-onnxruntime/sessions.ts'
import { pixelBytes } from '../adapters/pictures/codec.ts'
import type { Pixels } from '../events/image.ts'
import type { Recipe } from '../events/training.ts'
import { root } from '../paths.ts'
import { deepestMethod, weightsTaughtBy } from './depth.ts'
import { type Answers, sigmoid } from './detection/answers.ts'
import { assign } from './detection/assign.ts'
import type { Centred } from './detection/boxes.ts'
import { asBefore } from './detection/targets.ts'
import type { Weights } from './engine.ts'
import { type Example, fit } from './fit.ts'
import { layersOf, readHead } from './head.ts'
import { partOf } from './network/learning.ts'
import { readNetwork } from './network/onnx.ts'
import { withWeights } from './rewrite.ts'

const CLASSES = ['car', 'bus']
const METHODS = ['last', 'head', 'whole'] as const
const recipe = { steps: 60, learningRate: 0.05, pull: 0, rehearsal: 1, seed: 1 }
const BASE = join(root, 'detector', 'model.onnx')

/** Grey noise with bright rectangles: a picture in which there is something to find. */
function picture(width: number, height: number, seed: number, boxes: readonly Centred[] = []): Pixels {
  const random = generator(seed)
  const data = new SharedArrayBuffer(pixelBytes(width, height))
  const bytes = new Uint8Array(data).fill(128)
  for (let at = 0; at < width * height; at++) bytes[at] = 40 + random() * 30
  for (const [x, y, w, h] of boxes)
    for (let line = y - h / 2; line < y + h / 2; line++)
      bytes.fill(220, line * width + x - w / 2, line * width + x + w / 2)
  return { width, height, data }
}

async function open(t: TestContext, onnx: Uint8Array, method: Recipe['method'], names?: string) {
  const directory = await mkdtemp(join(tmpdir(), 'sentinel-fit-'))
  defer(t, () => rm(directory, { recursive: true }))
  const file = join(directory, 'model.onnx')
  await writeFile(file, onnx)
  const { description } = await readModel({ file, names })
  const network = readNetwork(onnx)
  const head = readHead(network)
  const taught = weightsTaughtBy(method, network, head)
  const part = partOf(
    network,
    layersOf(head).map(({ output }) => output),
    taught,
  )
  const learner = new Learner({ network, part, head })
  defer(t, () => learner.close())
  const reader = new FeatureReader(onnx, description, part.inputs)
  defer(t, () => reader.close())
  const old: Weights = new Map(taught.map((name) => [name, network.constants.get(name)!.values as Float32Array]))
  return { description, learner, reader, old, part }
}

/** The largest difference between what onnxruntime says of a picture with this file, and the trainer, in any cell. */
async function difference(t: TestContext, onnx: Uint8Array, method: Recipe['method'], pixels: Pixels, names?: string) {
  const { description, learner, reader, old } = await open(t, onnx, method, names)
  const { features, box } = await reader.read(pixels)
  const [answers] = await learner.answers(old, [features])
  const canvas = new Canvas(pixels, { width: box.inputWidth, height: box.inputHeight }, description)
  canvas.draw(pixels)
  const { data, dims } = await wholeAnswer(onnx, description, canvas.tensor)
  canvas.close()
  let [row, most] = [0, 0]
  for (const { boxes, objectness, classes } of answers!) {
    const cells = objectness.length
    for (let index = 0; index < cells; index++, row++) {
      const of = (values: Float32Array) =>
        Array.from({ length: values.length / cells }, (_, at) => values[at * cells + index]!)
      const expected = [...of(boxes), sigmoid(objectness[index]!), ...of(classes).map(sigmoid)]
      for (const [column, value] of expected.entries())
        most = Math.max(most, Math.abs(value - Number(data[row * dims[2]! + column]!)))
    }
  }
  assert.equal(row, dims[1])
  return most
}

async function wholeAnswer(
  onnx: Uint8Array,
  { inputName, outputName }: { inputName: string; outputName: string },
  input: ort.Tensor,
) {
  const session = await openSession(onnx, 'cpu')
  const outputs = await session.run({ [inputName]: input })
  await session.release()
  return outputs[outputName]!
}

const truths = [
  { classIndex: 0, box: [20, 20, 20, 12] as Centred },
  { classIndex: 1, box: [46, 40, 24, 30] as Centred },
]

async function tiny(t: TestContext, method: Recipe['method'] = 'whole') {
  const world = await open(t, tinyYolox(CLASSES), method)
  const boxes = truths.map(({ box }) => box)
  const featuresOf = async (seed: number, shown: readonly Centred[]) =>
    (await world.reader.read(picture(64, 64, seed, shown))).features
  const learnt: Example[] = []
  for (const seed of [1, 2])
    learnt.push({
      features: await featuresOf(seed, boxes),
      targets: (now) => assign(now, { truths, classes: [0, 1] }),
    })
  const empty = await featuresOf(3, [])
  const [before] = await world.learner.answers(world.old, [empty])
  const targets = asBefore(before!)
  const kept: Example = { features: empty, targets: () => targets }
  return { ...world, learnt, kept }
}

const valuesOf = (weights: Weights): number[] => [...weights.values()].flatMap((values) => [...values])

describe('what learns', () => {
  for (const method of METHODS)
    test(`${method}: says what onnxruntime says of the file, before and after weights are written back`, async (t) => {
      const onnx = tinyYolox(CLASSES)
      assert.ok((await difference(t, onnx, method, picture(64, 64, 5))) < 1e-4)
      const { learner, learnt, old } = await tiny(t, method)
      const { weights } = await fit(
        learner,
        old,
        { taught: learnt, rehearsed: [], val: [] },
        { recipe: { ...recipe, steps: 3 } },
      )
      assert.notDeepEqual(valuesOf(weights), valuesOf(old))
      const changed = withWeights(onnx, weights)
      assert.equal(changed.length, onnx.length)
      const { learner: again, old: written, reader } = await open(t, changed, method)
      assert.deepEqual(valuesOf(written), valuesOf(weights))
      const { features } = await reader.read(picture(64, 64, 6))
      assert.deepEqual(await again.answers(written, [features]), await again.answers(weights, [features]))
      assert.ok((await difference(t, changed, method, picture(64, 64, 6))) < 1e-4)
    })

  test('of the shipped model it is a layer more with each method', async (t) => {
    const counts: number[] = []
    for (const method of METHODS) {
      const { old, part } = await open(t, await readFile(BASE), method)
      counts.push(old.size)
      assert.ok((await difference(t, await readFile(BASE), method, picture(640, 360, 5))) < 1e-3)
      if (method === 'whole') assert.deepEqual(part.inputs, ['images'])
    }
    assert.deepEqual(counts, [18, 30, 128])
  })

  const yolox = sharedFile('models/yolox_nano.onnx')
  test('of a model that somebody brings too', { skip: yolox.skip }, async (t) => {
    const names = sharedFile('models/coco80.names').path
    for (const method of ['last', 'head'] as const)
      assert.ok((await difference(t, await readFile(yolox.path), method, picture(416, 416, 5), names)) < 2e-3)
  })

  test('a model is taught as deeply as its own operations allow', async () => {
    assert.equal(deepestMethod(await readFile(BASE)), 'whole')
    const strange = Buffer.from(tinyYolox(CLASSES)).toString('latin1').replaceAll('Relu', 'Tanh')
    assert.deepEqual([tinyYolox(CLASSES), Buffer.from(strange, 'latin1')].map(deepestMethod), ['whole', 'head'])
  })

  test('a network that ends otherwise is refused with what would do', () => {
    const other = Buffer.from(tinyYolox(CLASSES)).toString('latin1').replaceAll('Sigmoid', 'Softmax')
    const network = readNetwork(Buffer.from(other, 'latin1'))
    assert.throws(() => readHead(network), { code: 'MODEL_INVALID', message: /Softmax/ })
  })
})

describe('teaching', () => {
  test('the loss falls, and the shipped model finds what it did not know', async (t) => {
    const { learner, reader, old } = await open(t, await readFile(BASE), 'head')
    const box: Centred = [200, 120, 48, 40]
    const shown = picture(416, 256, 1, [box])
    const { features } = await reader.read(shown)
    const targets = (now: Answers) => assign(now, { truths: [{ classIndex: 3, box }], classes: [3] })
    const material = { taught: [{ features, targets }], rehearsed: [], val: [] }
    const { before, after, weights } = await fit(learner, old, material, {
      recipe: { ...recipe, steps: 25, learningRate: 0.015 },
    })
    assert.ok(after.loss < before.loss * 0.6, `${before.loss} → ${after.loss}`)
    const scoreBy = async (by: Weights): Promise<number> => {
      const [now] = await learner.answers(by, [features])
      return Math.max(...targets(now!).positives.map(({ level, index }) => sigmoid(now![level]!.objectness[index]!)))
    }
    const [without, withIt] = [await scoreBy(old), await scoreBy(weights)]
    assert.ok(withIt > 0.5 && withIt > without, `score ${without} → ${withIt}`)
  })

  test('the same recipe makes the same weights', async (t) => {
    const { learner, old, learnt, kept } = await tiny(t)
    const material = { taught: learnt, rehearsed: [kept], val: [] }
    const once = await fit(learner, old, material, { recipe: { ...recipe, steps: 8 } })
    const again = await fit(learner, old, material, { recipe: { ...recipe, steps: 8 } })
    assert.deepEqual(valuesOf(once.weights), valuesOf(again.weights))
  })

  test('as far as the recipe says the model goes towards what it learnt, and no further', async (t) => {
    const { learner, old, learnt } = await tiny(t)
    const material = { taught: learnt, rehearsed: [], val: [] }
    const fitted = async (blend?: number) => {
      const { weights, after } = await fit(learner, old, material, {
        recipe: { ...recipe, steps: 8, ...(blend && { blend }) },
      })
      return { values: valuesOf(weights), loss: after.loss }
    }
    const [half, all] = [await fitted(0.5), await fitted()]
    const before = valuesOf(old)
    for (const [i, value] of half.values.entries())
      assert.ok(Math.abs(value - (before[i]! + all.values[i]!) / 2) < 1e-6)
    assert.notEqual(half.loss, all.loss)
  })

  test('what is rehearsed is answered as before, what is not is forgotten', async (t) => {
    const { learner, old, learnt, kept } = await tiny(t)
    const drift = async (rehearsal: number): Promise<number> => {
      const material = { taught: learnt, rehearsed: [kept], val: [] }
      const { after, before } = await fit(learner, old, material, { recipe: { ...recipe, rehearsal } })
      return after.driftLoss - before.driftLoss
    }
    const [without, withIt] = [await drift(0), await drift(5)]
    assert.ok(withIt < without / 2, `${without} → ${withIt}`)
  })

  test('the weights that judge best are kept, and a fit that no longer helps ends early', async (t) => {
    const { learner, old, learnt, kept } = await tiny(t)
    const material = { taught: learnt, rehearsed: [], val: [kept, kept, kept, kept, kept] }
    const steps: number[] = []
    const onLook = ({ step }: { readonly step: number }) => void steps.push(step)
    const { after, before } = await fit(learner, old, material, { recipe, onLook })
    assert.ok(after.valLoss! <= before.valLoss!)
    assert.ok(steps.at(-1)! < recipe.steps, `it went on to ${steps.at(-1)}`)
  })

  test('a pull that is strong enough leaves nearly everything as it was', async (t) => {
    const { learner, old, learnt } = await tiny(t)
    const material = { taught: learnt, rehearsed: [], val: [] }
    const moved = async (pull: number): Promise<number> => {
      const { weights } = await fit(learner, old, material, { recipe: { ...recipe, pull } })
      const before = valuesOf(old)
      return Math.hypot(...valuesOf(weights).map((value, i) => value - before[i]!))
    }
    assert.ok((await moved(1000)) < (await moved(0)) / 2)
  })

  test('whoever hears of it can end it', async (t) => {
    const { learner, old, learnt } = await tiny(t)
    const onLook = () => {
      throw new Error('enough')
    }
    await assert.rejects(fit(learner, old, { taught: learnt, rehearsed: [], val: [] }, { recipe, onLook }), /enough/)
  })
})
