import { type Anchor, anchoredEnds } from './anchors.ts'
import { type Layer, layerOf, type Producers, producersOf, unlike } from './layer.ts'
import type { Network, Node } from './network/onnx.ts'

/** The last layers of one stride, or of one of its anchors. */
export interface Level {
  /** Pixels of the input that a box is measured by; undefined where it is measured by the stride. */
  readonly anchor?: Anchor
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
 * channel by channel and then stride by stride), as YOLOv5 (one layer for all numbers of all anchors of a stride), or as YOLOv8 (a box layer
 * of distributions and a class layer).
 *
 * @throws SentinelError `MODEL_INVALID` where it ends otherwise.
 */
export function readHead(network: Network): Head {
  const producers = producersOf(network)
  const output = network.outputs[0]!
  const anchored = anchoredEnds(output, producers, network)
  if (anchored) return anchored.flatMap(({ layer, anchors }) => anchoredLevels(layer, anchors))
  const ends = scoredEnds(producers.get(output), producers)
  if (!ends) return levelsOf(lastLayers(output, producers, network))
  const [boxes, classes] = [distributionsBefore(ends.boxes, producers), ends.classes]
  return bareLevelsOf(lastLayers(boxes, producers, network), lastLayers(classes, producers, network))
}

/** Box, objectness and classes of each anchor are channels of one layer, an anchor after the other. */
function anchoredLevels(layer: Layer, anchors: readonly Anchor[]): Level[] {
  const each = layer.outs / anchors.length
  return anchors.map((anchor, at) => {
    const of = (first: number, outs: number): Layer => ({ ...layer, first: at * each + first, outs })
    return { anchor, boxes: of(0, 4), objectness: of(4, 1), classes: of(5, each - 5) }
  })
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

/** Backwards from the output to the first convolutions on every way, in the order in which they are put together. */
function lastLayers(output: string, producers: Producers, network: Network): Layer[] {
  const node = producers.get(output)
  if (!node) return []
  if (node.opType === 'Conv') return [layerOf(node, network)]
  if (node.opType === 'Concat') return node.input.flatMap((input) => lastLayers(input, producers, network))
  if (!PASSES.has(node.opType)) throw unlike(`a ${node.opType} lies between its last layers and its output`)
  return lastLayers(node.input[0]!, producers, network)
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

/** Each once, however many share its channels. */
export function layersOf(head: Head): Pick<Layer, 'output' | 'weight' | 'bias'>[] {
  const all = head.flatMap(({ boxes, objectness, classes }) => [boxes, ...(objectness ? [objectness] : []), classes])
  return [...new Map(all.map((layer) => [layer.output, layer])).values()]
}
