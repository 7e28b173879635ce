import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import type * as ort from 'onnxruntime-node'
import { defer } from '../../../tests/support/defer.ts'
import { sharedFile } from '../../../tests/support/shared.ts'
import { generator, tinyYolox } from '../../../tests/support/tiny-yolox.ts'
import { Canvas } from '../../adapters/model-onnxruntime/canvas.ts'
import { FeatureReader } from '../../adapters/model-onnxruntime/features.ts'
import { readModel } from '../../adapters/model-onnxruntime/load-model.ts'
import { openSession } from '../../adapters/model-onnxruntime/sessions.ts'
import { pixelBytes } from '../../adapters/pictures/codec.ts'
import type { Pixels } from '../../events/image.ts'
import { type Centred, overlapOfRaw } from './boxes.ts'
import { fit, gradientAt } from './fit.ts'
import { readHead } from './graph.ts'
import { lossOn, qualitiesOf } from './loss.ts'
import { type Parameters, parametersOf, weightsOf } from './parameters.ts'
import { answerIn, objectnessOf } from './predict.ts'
import { withWeights } from './rewrite.ts'
import type { Sample } from './sample.ts'
import { rehearsed, taught } from './samples.ts'

const CLASSES = ['car', 'bus']
const recipe = { steps: 300, learningRate: 0.05, pull: 0.0001, rehearsal: 1 }

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

async function open(t: TestContext, onnx: Uint8Array, names?: string) {
  const directory = await mkdtemp(join(tmpdir(), 'sentinel-last-'))
  defer(t, () => rm(directory, { recursive: true }))
  const file = join(directory, 'model.onnx')
  await writeFile(file, onnx)
  const { description } = await readModel({ file, names })
  const graph = readHead(onnx)
  const reader = new FeatureReader(onnx, description, graph)
  defer(t, () => reader.close())
  return { description, graph, reader, parameters: parametersOf(graph) }
}

const tiny = (t: TestContext) => open(t, tinyYolox(CLASSES))

/** The whole network's answer to the picture that the features were read from. */
async function answer(
  onnx: Uint8Array,
  { inputName, outputName }: { inputName: string; outputName: string },
  input: ort.Tensor,
) {
  const session = await openSession(onnx, 'cpu')
  const outputs = await session.run({ [inputName]: input })
  await session.release()
  return outputs[outputName]!
}

/** The largest difference between what onnxruntime and the trainer say of a picture, in any cell. */
async function difference(t: TestContext, onnx: Uint8Array, pixels: Pixels, names?: string): Promise<number> {
  const { description, reader, parameters } = await open(t, onnx, names)
  const { levels, box } = await reader.read(pixels)
  assert.deepEqual([box.inputWidth, box.inputHeight], [description.fixedInput!.width, description.fixedInput!.height])
  const canvas = new Canvas(pixels, description.fixedInput!, description)
  canvas.draw(pixels)
  const { data, dims } = await answer(onnx, description, canvas.tensor)
  canvas.close()
  const objectness = objectnessOf(parameters, levels)
  let [row, most] = [0, 0]
  for (const [level, scores] of objectness.entries())
    for (let index = 0; index < scores.length; index++) {
      const { raw, classes } = answerIn(parameters, levels, objectness, level, index)
      const expected = [...raw, scores[index]!, ...classes]
      for (const [column, value] of expected.entries())
        most = Math.max(most, Math.abs(value - Number(data[row * dims[2]! + column]!)))
      row++
    }
  assert.equal(row, dims[1])
  return most
}

async function samplesOf(t: TestContext) {
  const world = await tiny(t)
  const truths = [
    { classIndex: 0, box: [20, 20, 20, 12] as Centred },
    { classIndex: 1, box: [46, 40, 24, 30] as Centred },
  ]
  const read = async (seed: number, boxes: readonly Centred[]) =>
    (await world.reader.read(picture(64, 64, seed, boxes))).levels
  const learnt: Sample[] = []
  for (const seed of [1, 2])
    learnt.push(
      taught(
        world.parameters,
        await read(
          seed,
          truths.map(({ box }) => box),
        ),
        truths,
      ),
    )
  const kept = rehearsed(world.parameters, await read(3, []))
  return { ...world, learnt, kept }
}

function shaken({ values, ...rest }: Parameters, seed: number): Parameters {
  const random = generator(seed)
  return { ...rest, values: values.map((value) => value + (random() - 0.5) * 0.2) }
}

describe('the last layers', () => {
  test('are found in the file, and say what onnxruntime says', async (t) => {
    assert.ok((await difference(t, tinyYolox(CLASSES), picture(64, 64, 5))) < 1e-4)
  })

  const yolox = sharedFile('models/yolox_nano.onnx')
  test('of a real model too', { skip: yolox.skip }, async (t) => {
    const names = sharedFile('models/coco80.names').path
    assert.ok((await difference(t, await readFile(yolox.path), picture(416, 416, 5), names)) < 1e-3)
  })

  test('written back they are what was written, and the rest of the file stays', async (t) => {
    const onnx = tinyYolox(CLASSES)
    const { graph, parameters } = await tiny(t)
    assert.deepEqual(Buffer.from(withWeights(onnx, new Map())), Buffer.from(onnx))
    const changed = withWeights(onnx, weightsOf(graph, shaken(parameters, 3)))
    assert.equal(changed.length, onnx.length)
    const read = parametersOf(readHead(changed))
    assert.deepEqual(read.values, Float64Array.from(Float32Array.from(shaken(parameters, 3).values)))
    assert.ok((await difference(t, changed, picture(64, 64, 6))) < 1e-4)
  })

  test('a network that ends otherwise is refused with what would do', () => {
    const other = Buffer.from(tinyYolox(CLASSES)).toString('latin1').replaceAll('Sigmoid', 'Softmax')
    assert.throws(() => readHead(Buffer.from(other, 'latin1')), { code: 'MODEL_INVALID', message: /Softmax/ })
  })
})

describe('gradients are those of finite differences', () => {
  test('of the overlap by the box layer', () => {
    const [cell, truth] = [{ column: 2, line: 1, stride: 8 }, [20, 14, 11, 9] as Centred]
    const random = generator(11)
    for (let n = 0; n < 200; n++) {
      const raw = Float64Array.from({ length: 4 }, () => random() * 1.5 - 0.5)
      const derivatives = new Float64Array(4)
      overlapOfRaw(raw, cell, truth, derivatives)
      for (let i = 0; i < 4; i++) {
        const at = (step: number) => overlapOfRaw(raw.with(i, raw[i]! + step), cell, truth, new Float64Array(4))
        assert.ok(Math.abs((at(1e-6) - at(-1e-6)) / 2e-6 - derivatives[i]!) < 1e-4)
      }
    }
  })

  test('of the whole loss by every weight', async (t) => {
    const { parameters, learnt, kept } = await samplesOf(t)
    const now = shaken(parameters, 9)
    const qualities = [qualitiesOf(now, learnt), qualitiesOf(now, [kept])] as const
    const pull = 0.3
    const loss = (values: Float64Array): number => {
      const at = { ...now, values }
      const away = values.reduce((sum, value, i) => sum + (value - parameters.values[i]!) ** 2, 0)
      return lossOn(at, learnt, qualities[0], 1) + lossOn(at, [kept], qualities[1], 0.7) + (pull / 2) * away
    }
    const gradient = gradientAt(now, parameters, { taught: learnt, rehearsed: [kept] }, { pull, rehearsal: 0.7 })
    for (let i = 0; i < gradient.length; i++) {
      const step = (by: number) => loss(now.values.with(i, now.values[i]! + by))
      const measured = (step(1e-5) - step(-1e-5)) / 2e-5
      assert.ok(Math.abs(measured - gradient[i]!) < 1e-5 * Math.max(1, Math.abs(measured)), `weight ${i}`)
    }
  })
})

describe('teaching', () => {
  test('the loss falls, and what was shown is found', async (t) => {
    const { parameters, learnt } = await samplesOf(t)
    const {
      before,
      after,
      parameters: better,
    } = await fit(parameters, { taught: learnt, rehearsed: [], val: [] }, { recipe })
    assert.ok(after.loss < before.loss * 0.6, `${before.loss} → ${after.loss}`)
    const { features, positives } = learnt[0]!
    const scores = objectnessOf(better, features)
    assert.ok(positives.length >= 2)
    const found = Math.max(
      ...positives.map(({ level, cell }) => scores[level]![cell.line * features[level]!.columns + cell.column]!),
    )
    assert.ok(found > 0.5, `${found}`)
  })

  test('what is rehearsed is answered as before, what is not is forgotten', async (t) => {
    const { parameters, learnt, kept } = await samplesOf(t)
    const drift = async (rehearsal: number): Promise<number> => {
      const material = { taught: learnt, rehearsed: [kept], val: [] }
      const { parameters: after } = await fit(parameters, material, { recipe: { ...recipe, rehearsal } })
      const [a, b] = [parameters, after].map((each) => objectnessOf(each, kept.features))
      const changes = a!.flatMap((level, i) => [...level].map((score, cell) => Math.abs(score - b![i]![cell]!)))
      return changes.reduce((sum, each) => sum + each, 0) / changes.length
    }
    const [without, withIt] = [await drift(0), await drift(10)]
    assert.ok(withIt < without * 0.75, `${without} → ${withIt}`)
  })

  test('the weights that judge best are kept, and a fit that no longer helps ends early', async (t) => {
    const { parameters, learnt, kept } = await samplesOf(t)
    const material = { taught: learnt, rehearsed: [], val: [kept] }
    const steps: number[] = []
    const { after, before } = await fit(parameters, material, { recipe, onLook: ({ step }) => void steps.push(step) })
    assert.ok(after.valLoss! <= before.valLoss!)
    assert.ok(steps.at(-1)! < recipe.steps, `it went on to ${steps.at(-1)}`)
  })

  test('a pull that is strong enough leaves everything as it was', async (t) => {
    const { parameters, learnt } = await samplesOf(t)
    const material = { taught: learnt, rehearsed: [], val: [] }
    const moved = async (pull: number): Promise<number> => {
      const { parameters: after } = await fit(parameters, material, { recipe: { ...recipe, pull } })
      return Math.hypot(...after.values.map((value, i) => value - parameters.values[i]!))
    }
    assert.ok((await moved(10)) < (await moved(0)) / 3)
  })
})
