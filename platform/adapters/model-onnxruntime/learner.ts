import * as ort from 'onnxruntime-node'
import type { Answers, LevelAnswers } from '../../training/detection/answers.ts'
import type { Engine, Features, Weights } from '../../training/engine.ts'
import type { Head, Level } from '../../training/head.ts'
import type { Layer } from '../../training/layer.ts'
import { backwardOf, byName, forwardOf, type Part } from '../../training/network/learning.ts'
import type { Network } from '../../training/network/onnx.ts'
import { openSession } from './sessions.ts'

interface Learning {
  readonly network: Network
  readonly part: Part
  readonly head: Head
}

/** Learns with onnxruntime: the derivatives are a network of their own, made for each shape of picture. */
export class Learner implements Engine {
  readonly offsets: ReadonlySet<string>
  readonly #learning: Learning
  readonly #forward: Promise<ort.InferenceSession>
  readonly #backward = new Map<string, Promise<ort.InferenceSession>>()

  constructor(learning: Learning) {
    this.#learning = learning
    this.offsets = offsetsOf(learning.part)
    this.#forward = openSession(forwardOf(learning.network, learning.part), 'cpu')
  }

  async answers(weights: Weights, pictures: readonly Features[]): Promise<Answers[]> {
    const session = await this.#forward
    const outputs = await session.run(this.#feeds(weights, pictures))
    const { head } = this.#learning
    return pictures.map(({ inputWidth }, n) => head.map((level) => answersOf(level, outputs, n, inputWidth)))
  }

  async derivatives(weights: Weights, pictures: readonly Features[], byAnswers: readonly Answers[]): Promise<Weights> {
    const session = await this.#backwardFor(pictures[0]!)
    const feeds = this.#feeds(weights, pictures)
    const { network, head } = this.#learning
    for (const [at, { boxes, objectness, classes }] of head.entries()) {
      const levels = byAnswers.map((answers) => answers[at]!)
      const place = (layer: Layer, of: (level: LevelAnswers) => Float32Array): void => {
        const name = byName(layer.output)
        feeds[name] ??= blank(levels, network.constants.get(layer.weight)!.dims[0]!)
        for (const [n, level] of levels.entries()) channelsOf(feeds[name], layer, n).set(of(level))
      }
      place(boxes, (level) => level.boxes)
      if (objectness) place(objectness, (level) => level.objectness)
      place(classes, (level) => level.classes)
    }
    const outputs = await session.run(feeds)
    return new Map([...weights.keys()].map((name) => [name, outputs[byName(name)]!.data as Float32Array]))
  }

  async close(): Promise<void> {
    for (const opening of [this.#forward, ...this.#backward.values()]) await (await opening).release()
  }

  #backwardFor(features: Features): Promise<ort.InferenceSession> {
    const shapes = new Map([...features.byName].map(([name, { shape }]) => [name, shape]))
    const key = JSON.stringify([...shapes])
    const { network, part } = this.#learning
    const opening = this.#backward.get(key) ?? openSession(backwardOf(network, part, shapes), 'cpu')
    this.#backward.set(key, opening)
    return opening
  }

  #feeds(weights: Weights, pictures: readonly Features[]): Record<string, ort.Tensor> {
    const { network, part } = this.#learning
    const feeds: Record<string, ort.Tensor> = {}
    for (const name of part.inputs) {
      const { shape } = pictures[0]!.byName.get(name)!
      const values = joined(pictures.map((features) => features.byName.get(name)!.values))
      feeds[name] = new ort.Tensor('float32', values, [pictures.length, ...shape])
    }
    for (const [name, values] of weights) {
      feeds[name] = new ort.Tensor('float32', values, network.constants.get(name)!.dims)
    }
    return feeds
  }
}

function offsetsOf({ nodes, weights }: Part): ReadonlySet<string> {
  const added = new Set(nodes.flatMap(({ opType, input }) => (opType === 'Conv' && input[2] ? [input[2]] : [])))
  return new Set(weights.filter((name) => added.has(name)))
}

function answersOf(
  { boxes, objectness, classes, anchor }: Level,
  outputs: ort.InferenceSession.OnnxValueMapType,
  picture: number,
  inputWidth: number,
): LevelAnswers {
  const of = (layer: Layer): Float32Array => channelsOf(outputs[layer.output] as ort.Tensor, layer, picture)
  const [, , lines, columns] = outputs[classes.output]!.dims as [number, number, number, number]
  const place = { columns, stride: inputWidth / columns, ...(anchor && { anchor }) }
  const answers = { ...place, boxes: of(boxes), classes: of(classes) }
  if (objectness) return { ...answers, objectness: of(objectness) }
  return { ...answers, objectness: new Float32Array(lines * columns), isBare: true }
}

/** Those of a picture that a layer answers with, in place. */
function channelsOf({ data, dims }: ort.Tensor, { first, outs }: Layer, picture: number): Float32Array {
  const [, channels, lines, columns] = dims as [number, number, number, number]
  const cells = lines * columns
  const from = (picture * channels + first) * cells
  return (data as Float32Array).subarray(from, from + outs * cells)
}

/** Zeros for so many channels of each picture. */
function blank(levels: readonly LevelAnswers[], channels: number): ort.Tensor {
  const { columns, objectness } = levels[0]!
  const shape = [levels.length, channels, objectness.length / columns, columns]
  return new ort.Tensor('float32', new Float32Array(levels.length * channels * objectness.length), shape)
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
