import { SentinelError } from '../errors.ts'
import type { Network, Node } from './network/onnx.ts'

/** A 1×1 convolution. */
export interface Layer {
  /** Names in the file: of what goes in and out, and of its weights [outs, ins, 1, 1] and its bias [outs]. */
  readonly input: string
  readonly output: string
  readonly weight: string
  readonly bias: string
  readonly outs: number
}

/** The last layers of one stride. */
export interface Level {
  readonly boxes: Layer
  /** Undefined where the classes alone say whether there is an object. */
  readonly objectness: Layer | undefined
  readonly classes: Layer
}

/** Finest stride first. */
export type Head = readonly Level[]

/** What may lie between a detector's last layers and its output without mixing channels. */
const PASSES = new Set([
  'Transpose',
  'Reshape',
  'Flatten',
  'Sigmoid',
  'Identity',
  'Squeeze',
  'Unsqueeze',
  'Cast',
  'Slice',
  'Split',
])

/**
 * The last layers of a detector that ends as YOLOX does (for each stride a box, an objectness and a class layer, 1×1, put together
 * channel by channel and then stride by stride), or as YOLOv8 (a box layer of distributions and a class layer).
 *
 * @throws SentinelError `MODEL_INVALID` where it ends otherwise.
 */
export function readHead(network: Network): Head {
  const producers = producersOf(network)
  const output = network.outputs[0]!
  if (hasAnchors(output, producers, network))
    throw unlike('it has three anchors a cell, as YOLOv5 and YOLOv7 of their own code have')
  const ends = scoredEnds(producers.get(output), producers)
  if (!ends) return levelsOf(lastLayers(output, producers, network))
  const [boxes, classes] = [distributionsBefore(ends.boxes, producers), ends.classes]
  return bareLevelsOf(lastLayers(boxes, producers, network), lastLayers(classes, producers, network))
}

const ANCHORS = 3

/** For each stride one convolution for all numbers of all anchors, and behind it squares: sizes are squared shares of the anchors. */
function hasAnchors(output: string, producers: Producers, { constants }: Network): boolean {
  const ends = new Set<Node>()
  const between = new Set<Node>()
  const visit = (name: string): void => {
    const node = producers.get(name)
    if (!node || between.has(node)) return
    if (node.opType === 'Conv') return void ends.add(node)
    between.add(node)
    for (const input of node.input) visit(input)
  }
  visit(output)
  const outs = [...ends].map(({ input }) => constants.get(input[1] ?? '')?.dims[0] ?? 0)
  const isSquared = [...between].some(
    ({ opType, input }) => opType === 'Pow' || (opType === 'Mul' && input[0] === input[1]),
  )
  return isSquared && outs.length > 0 && outs.every((each) => each === outs[0] && each % ANCHORS === 0)
}

/** As YOLOv8 ends: boxes of pixels, and beside them scores. */
function scoredEnds(last: Node | undefined, producers: Producers) {
  if (last?.opType !== 'Concat' || last.input.length !== 2) return undefined
  const [boxes, scores] = last.input as [string, string]
  const scored = producers.get(scores)
  return scored?.opType === 'Sigmoid' ? { boxes, classes: scored.input[0]! } : undefined
}

/** What becomes the distributions that boxes are decoded from. */
function distributionsBefore(boxes: string, producers: Producers): string {
  const found = new Set<Node>()
  const seen = new Set<string>()
  const visit = (name: string): void => {
    const node = producers.get(name)
    if (!node || seen.has(name)) return
    seen.add(name)
    if (node.opType === 'Softmax') found.add(node)
    else if (node.opType !== 'Shape') for (const input of node.input) visit(input)
  }
  visit(boxes)
  const [softmax, ...more] = found
  if (!softmax || more.length > 0) throw unlike('its boxes are not decoded from distributions')
  return softmax.input[0]!
}

/** Exporters put boxes and classes together stride by stride, or all boxes and all classes. */
function bareLevelsOf(toBoxes: readonly Layer[], toClasses: readonly Layer[]): Level[] {
  const isMixed = toBoxes.map(({ output }) => output).join() === toClasses.map(({ output }) => output).join()
  const boxes = isMixed ? toBoxes.filter((_, at) => at % 2 === 0) : toBoxes
  const classes = isMixed ? toClasses.filter((_, at) => at % 2 === 1) : toClasses
  const isWhole = boxes.length > 0 && boxes.length === classes.length
  const isEven = classes.every(({ outs }) => outs === classes[0]!.outs)
  if (!isWhole || !isEven || boxes.some(({ outs }) => outs < 8 || outs % 4 !== 0))
    throw unlike('its last layers are not a layer of distributions and one of classes for each stride')
  return boxes.map((layer, at) => ({ boxes: layer, objectness: undefined, classes: classes[at]! }))
}

export type Producers = ReadonlyMap<string, Node>

/** Which node makes which value. */
export function producersOf({ nodes }: Network): Producers {
  return new Map(nodes.flatMap((node) => node.output.map((name) => [name, node] as const)))
}

/** Backwards from the output to the first convolutions on every way, in the order in which they are put together. */
function lastLayers(output: string, producers: Producers, network: Network): Layer[] {
  const node = producers.get(output)
  if (!node) return []
  if (node.opType === 'Conv') return [layerOf(node, network)]
  if (node.opType === 'Concat') return node.input.flatMap((input) => lastLayers(input, producers, network))
  if (!PASSES.has(node.opType)) throw unlike(`a ${node.opType} lies between its last layers and its output`)
  return lastLayers(node.input[0]!, producers, network)
}

function layerOf({ input, output }: Node, { constants }: Network): Layer {
  const [from, weight, bias] = input
  const of = constants.get(weight ?? '')
  const [outs, , height, width] = of?.dims ?? []
  if (!outs || height !== 1 || width !== 1 || !bias || !constants.has(bias)) {
    throw unlike('its last layers are no 1×1 convolutions with weights of their own')
  }
  if (!(of!.values instanceof Float32Array)) throw unlike('its weights are no 32-bit floats')
  return { input: from!, output: output[0]!, weight: weight!, bias, outs }
}

/** Box, objectness, classes; and again for the next stride. */
function levelsOf(layers: readonly Layer[]): Level[] {
  const levels: Level[] = []
  for (let at = 0; at < layers.length; at += 3) {
    const [boxes, objectness, classes] = layers.slice(at, at + 3)
    if (boxes?.outs !== 4 || objectness?.outs !== 1 || !classes) {
      throw unlike('its last layers are not a box, an objectness and a class layer for each stride')
    }
    levels.push({ boxes, objectness, classes })
  }
  const isEven = levels.every(({ classes }) => classes.outs === levels[0]!.classes.outs)
  if (levels.length === 0 || !isEven) throw unlike('its strides do not have as many classes each')
  return levels
}

export const layersOf = (head: Head): Layer[] =>
  head.flatMap(({ boxes, objectness, classes }) => [boxes, ...(objectness ? [objectness] : []), classes])

function unlike(reason: string): SentinelError {
  const message = `This model cannot be taught here: ${reason}. Models that end as YOLOX does can, such as Sentinel’s own, and exports that end as YOLOv8 (v5u, v8, v9, v10, v11).`
  return new SentinelError('MODEL_INVALID', message)
}
