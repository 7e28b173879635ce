import { codeOf } from '../errors.ts'
import type { Recipe } from '../events/training.ts'
import { type Head, type Level, layersOf, readHead } from './head.ts'
import { type Producers, producersOf } from './layer.ts'
import { checkLearnable } from './network/gradients.ts'
import { type Part, partOf } from './network/learning.ts'
import { type Network, type Node, readNetwork } from './network/onnx.ts'

/** Names of the weights that a method teaches, each once, in the order of the file. */
export function weightsTaughtBy(method: Recipe['method'], network: Network, head: Head): string[] {
  if (method === 'last') return layersOf(head).flatMap(({ weight, bias }) => [weight, bias])
  const producers = producersOf(network)
  // What decodes the answers, further on, may be a convolution too.
  const before = new Set(layersOf(head).flatMap(({ output }) => wayTo(output, producers)))
  const convolutions = network.nodes.filter((node) => node.opType === 'Conv' && before.has(node))
  const taught = method === 'whole' ? convolutions : convolutionsOf(head, producers, convolutions)
  const names = taught.flatMap(({ input: [, weight, bias] }) => [weight!, ...(bias ? [bias] : [])])
  const isReplaceable = (name: string): boolean =>
    network.stored.has(name) && network.constants.get(name)!.values instanceof Float32Array
  return [...new Set(names)].filter(isReplaceable)
}

/** What a method teaches of a model. */
export interface Learning {
  readonly network: Network
  readonly part: Part
  readonly head: Head
}

/** @throws SentinelError `MODEL_INVALID` for a model that cannot be taught. */
export function learningOf(onnx: Uint8Array, method: Recipe['method']): Learning {
  const network = readNetwork(onnx)
  const head = readHead(network)
  const outputs = layersOf(head).map(({ output }) => output)
  return { network, head, part: partOf(network, outputs, weightsTaughtBy(method, network, head)) }
}

/** The deepest method that the operations of a model allow; one that can learn by none is told so by its training. */
export function deepestMethod(onnx: Uint8Array): 'whole' | 'head' {
  try {
    const { network, part } = learningOf(onnx, 'whole')
    checkLearnable(network, part)
    return 'whole'
  } catch (error) {
    if (codeOf(error) !== 'MODEL_INVALID') throw error
    return 'head'
  }
}

/** Those between the last layers and where the ways to them part. */
function convolutionsOf(head: Head, producers: Producers, convolutions: readonly Node[]): Node[] {
  const inside = new Set(head.flatMap((level) => insideOf(level, producers)))
  return convolutions.filter((node) => inside.has(node))
}

/** Where all answers come from one layer, that one. */
function insideOf(level: Level, producers: Producers): Node[] {
  const layers = layersOf([level])
  if (layers.length === 1) return [producers.get(layers[0]!.output)!]
  const ways = layers.map(({ output }) => wayTo(output, producers))
  const common = ways[0]!.filter((node) => ways.every((way) => way.includes(node)))
  const shared = new Set(common.flatMap((node) => wayTo(node.output[0]!, producers)))
  return ways.flat().filter((node) => !shared.has(node))
}

/** All nodes that a value depends on. */
function wayTo(name: string, producers: Producers): Node[] {
  const found = new Set<Node>()
  const visit = (value: string): void => {
    const node = producers.get(value)
    if (!node || found.has(node)) return
    found.add(node)
    for (const input of node.input) visit(input)
  }
  visit(name)
  return [...found]
}
