import * as ort from 'onnxruntime-node'
import type { Learning } from '../../training/depth.ts'
import type { Answers, LevelAnswers } from '../../training/detection/answers.ts'
import type { Engine, Features, Judge, Weights } from '../../training/engine.ts'
import type { Level } from '../../training/head.ts'
import type { Layer } from '../../training/layer.ts'
import { backwardOf, byName, forwardOf, type Part } from '../../training/network/learning.ts'
import type { Shape } from '../../training/network/shapes.ts'
import { openSession } from './sessions.ts'

/** The network of the answers, which also gives what that of the derivatives needs of them. */
interface Ways {
  readonly forward: ort.InferenceSession
  readonly backward: ort.InferenceSession
  readonly kept: readonly string[]
}

/** Pictures that are answered. */
export interface Answered {
  readonly answers: readonly Answers[]
  /** The sum over the pictures of the derivatives of a loss by the weights, given those by the answers. */
  readonly back: (byAnswers: readonly Answers[]) => Promise<Weights>
}

/** Learns with onnxruntime, in the thread that calls: the derivatives are a network of their own, made for each shape of picture. */
export class Learner implements Engine {
  readonly offsets: ReadonlySet<string>
  readonly #learning: Learning
  readonly #ways = new Map<string, Promise<Ways>>()

  constructor(learning: Learning) {
    this.#learning = learning
    this.offsets = offsetsOf(learning.part)
  }

  async answers(weights: Weights, pictures: readonly Features[]): Promise<Answers[]> {
    const { forward } = await this.#waysFor(pictures[0]!)
    return this.#read(await forward.run(this.#feeds(weights, pictures), this.#learning.part.outputs), pictures)
  }

  async derivatives(weights: Weights, pictures: readonly Features[], judge: Judge): Promise<Weights> {
    const { answers, back } = await this.answer(weights, pictures)
    return back(judge(answers))
  }

  /** Keeps what was computed on the way until somebody has gone back, once, so that the way back computes nothing again. */
  async answer(weights: Weights, pictures: readonly Features[]): Promise<Answered> {
    const { forward, backward, kept } = await this.#waysFor(pictures[0]!)
    const feeds = this.#feeds(weights, pictures)
    const values = await forward.run(feeds)
    const back = async (byAnswers: readonly Answers[]): Promise<Weights> => {
      const outputs = await backward.run({ ...feeds, ...values, ...this.#slopes(byAnswers) })
      for (const name of kept) giveBack(values[name]!)
      return new Map([...weights.keys()].map((name) => [name, outputs[byName(name)]!.data as Float32Array]))
    }
    return { answers: this.#read(values, pictures), back }
  }

  async close(): Promise<void> {
    for (const opening of this.#ways.values()) {
      const { forward, backward } = await opening
      await forward.release()
      await backward.release()
    }
  }

  #waysFor(features: Features): Promise<Ways> {
    const shapes = new Map([...features.byName].map(([name, { shape }]) => [name, shape]))
    const key = JSON.stringify([...shapes])
    const opening = this.#ways.get(key) ?? waysOf(this.#learning, shapes)
    this.#ways.set(key, opening)
    return opening
  }

  #read(values: Values, pictures: readonly Features[]): Answers[] {
    const { head } = this.#learning
    return pictures.map(({ inputWidth }, n) => head.map((level) => answersOf(level, values, n, inputWidth)))
  }

  #slopes(byAnswers: readonly Answers[]): Record<string, ort.Tensor> {
    const { network, head } = this.#learning
    const slopes: Record<string, ort.Tensor> = {}
    for (const [at, { boxes, objectness, classes }] of head.entries()) {
      const levels = byAnswers.map((answers) => answers[at]!)
      const place = (layer: Layer, of: (level: LevelAnswers) => Float32Array): void => {
        const name = byName(layer.output)
        slopes[name] ??= blank(levels, network.constants.get(layer.weight)!.dims[0]!)
        for (const [n, level] of levels.entries()) channelsOf(slopes[name], layer, n).set(of(level))
      }
      place(boxes, (level) => level.boxes)
      if (objectness) place(objectness, (level) => level.objectness)
      place(classes, (level) => level.classes)
    }
    return slopes
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

type Values = ort.InferenceSession.OnnxValueMapType

async function waysOf({ network, part }: Learning, shapes: ReadonlyMap<string, Shape>): Promise<Ways> {
  const { onnx, kept } = backwardOf(network, part, shapes)
  const [forward, backward] = [openSession(forwardOf(network, part, kept), 'cpu'), openSession(onnx, 'cpu')]
  return { forward: await forward, backward: await backward, kept }
}

/** 10 MB a picture would else wait to be collected. */
function giveBack({ data }: ort.Tensor): void {
  const { buffer } = data as Float32Array<ArrayBuffer>
  buffer.transfer(0)
}

/** Names of those weights that are added and not multiplied with. */
export function offsetsOf({ nodes, weights }: Part): ReadonlySet<string> {
  const added = new Set(nodes.flatMap(({ opType, input }) => (opType === 'Conv' && input[2] ? [input[2]] : [])))
  return new Set(weights.filter((name) => added.has(name)))
}

function answersOf(
  { boxes, objectness, classes, anchor }: Level,
  outputs: Values,
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
