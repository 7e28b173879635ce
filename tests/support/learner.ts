import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { Canvas } from '../../platform/adapters/model-onnxruntime/canvas.ts'
import { FeatureReader } from '../../platform/adapters/model-onnxruntime/features.ts'
import { Learner } from '../../platform/adapters/model-onnxruntime/learner.ts'
import { readModel } from '../../platform/adapters/model-onnxruntime/load-model.ts'
import { openSession } from '../../platform/adapters/model-onnxruntime/sessions.ts'
import { pixelBytes } from '../../platform/adapters/pictures/codec.ts'
import type { Pixels } from '../../platform/events/image.ts'
import type { ModelDescription } from '../../platform/models/describe.ts'
import { weightsTaughtBy } from '../../platform/training/depth.ts'
import { type Answers, cellAt, type LevelAnswers, rawAt, scoreAt } from '../../platform/training/detection/answers.ts'
import { type Centred, decodeBox, overlap } from '../../platform/training/detection/boxes.ts'
import type { Weights } from '../../platform/training/engine.ts'
import { layersOf, readHead } from '../../platform/training/head.ts'
import { partOf } from '../../platform/training/network/learning.ts'
import { readNetwork } from '../../platform/training/network/onnx.ts'
import { defer } from './defer.ts'
import { generator } from './tiny-yolox.ts'

/** Dark noise, and where something is to be found bright rectangles. */
export function noise(seed: number, boxes: readonly Centred[] = []): Pixels {
  const data = new SharedArrayBuffer(pixelBytes(64, 64))
  const bytes = new Uint8Array(data).fill(128)
  const random = generator(seed)
  for (let at = 0; at < 64 * 64; at++) bytes[at] = 40 + random() * 30
  for (const [x, y, w, h] of boxes)
    for (let line = y - h / 2; line < y + h / 2; line++) bytes.fill(220, line * 64 + x - w / 2, line * 64 + x + w / 2)
  return { width: 64, height: 64, data }
}

/** A model of 64×64 as the trainer opens it: the part that learns, and what comes before. */
export async function openLearner(t: TestContext, onnx: Uint8Array, method: 'last' | 'head' | 'whole' = 'last') {
  const directory = await mkdtemp(join(tmpdir(), 'sentinel-learner-'))
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

/** What onnxruntime says of a picture with a file: its output as it is. */
export async function outputOf(onnx: Uint8Array, pixels: Pixels, description: ModelDescription) {
  const canvas = new Canvas(pixels, { width: 64, height: 64 }, description)
  canvas.draw(pixels)
  const session = await openSession(onnx, 'cpu')
  const { data, dims } = (await session.run({ images: canvas.tensor })).output!
  await session.release()
  canvas.close()
  return { data: data as Float32Array, dims: dims as readonly number[] }
}

/** What the trainer's answers mean in each cell, level by level: centre, size, and whatever `rest` adds. */
export function detectionsIn(
  answers: Answers,
  rest: (level: LevelAnswers, index: number) => readonly number[],
): number[][] {
  return answers.flatMap((level) =>
    [...level.objectness.keys()].map((index) => [
      ...decodeBox(rawAt(level, index), cellAt(level, index)),
      ...rest(level, index),
    ]),
  )
}

/** The largest difference of any number of any detection. @param at where the output has it. */
export function furthest(
  expected: readonly (readonly number[])[],
  output: Float32Array,
  at: (detection: number, number: number) => number,
): number {
  const all = expected.flatMap((numbers, n) => numbers.map((value, m) => Math.abs(value - output[at(n, m)]!)))
  return all.reduce((most, each) => Math.max(most, each), 0)
}

/** What a cell says of where something is. */
export function boxIn(answers: Answers, level: number, index: number): Centred {
  return decodeBox(rawAt(answers[level]!, index), cellAt(answers[level]!, index))
}

/** Best score of a cell that covers the object well, as a multiple of the mean score anywhere. */
export function clarityOf(answers: Answers, box: Centred, classIndex: number): number {
  const all = answers.flatMap((level) =>
    [...level.objectness.keys()].map((index) => ({
      score: scoreAt(level, index, classIndex),
      covers: overlap(decodeBox(rawAt(level, index), cellAt(level, index)), box),
    })),
  )
  const there = all.filter(({ covers }) => covers > 0.6).map(({ score }) => score)
  return Math.max(0, ...there) / (all.reduce((sum, { score }) => sum + score, 0) / all.length)
}
