import { type Layer, layerOf, type Producers, unlike } from './layer.ts'
import type { Network, Node } from './network/onnx.ts'

/** Width and height, pixels of the input. */
export type Anchor = readonly [width: number, height: number]

/** The last layer of one stride, and what its boxes are measured by. */
export interface AnchoredEnd {
  readonly layer: Layer
  readonly anchors: readonly Anchor[]
}

/** Anchors of a stride, and numbers of each besides the classes: a box and an objectness. */
const [ANCHORS, NUMBERS] = [3, 5]

/** The convolutions that a value is made from without another one between, and what lies between. */
interface Way {
  readonly ends: readonly Node[]
  readonly between: readonly Node[]
}

/**
 * How a detector ends whose boxes are squared shares of anchors, as YOLOv5 and YOLOv7 of their own code (Jocher et al., doi:10.5281/zenodo.3908559):
 * for each stride one convolution for all numbers of three anchors.
 *
 * @returns the finest stride first; undefined where it ends otherwise.
 * @throws SentinelError `MODEL_INVALID` where the anchors cannot be read.
 */
export function anchoredEnds(output: string, producers: Producers, network: Network): AnchoredEnd[] | undefined {
  const whole = wayTo(output, producers)
  const outs = whole.ends.map(({ input }) => network.constants.get(input[1] ?? '')?.dims[0] ?? 0)
  const isEven = outs.length > 0 && outs.every((each) => each === outs[0] && each % ANCHORS === 0)
  if (!whole.between.some(isSquare) || !isEven) return undefined
  return branchesOf(output, producers).map((branch) => endOf(wayTo(branch, producers), network))
}

const isSquare = ({ opType, input }: Node): boolean => opType === 'Pow' || (opType === 'Mul' && input[0] === input[1])

function endOf({ ends, between }: Way, network: Network): AnchoredEnd {
  const layer = layerOf(ends[0]!, network)
  const grid = between
    .filter(({ opType }) => opType === 'Mul')
    .flatMap(({ input }) => input.flatMap((name) => network.constants.get(name) ?? []))
    .find(({ dims }) => dims.at(-1) === 2 && dims.at(-4) === ANCHORS)
  if (!(grid?.values instanceof Float32Array)) throw unlike('its anchors are not written in it')
  if (layer.outs / ANCHORS <= NUMBERS) throw unlike('its anchors have no classes')
  const { values } = grid
  // The same for every cell.
  const each = values.length / ANCHORS
  return { layer, anchors: Array.from({ length: ANCHORS }, (_, at) => [values[at * each]!, values[at * each + 1]!]) }
}

/** Where the ways to the strides part, in the order in which they are put together. */
function branchesOf(name: string, producers: Producers): string[] {
  const { ends } = wayTo(name, producers)
  if (ends.length <= 1) return ends.length === 1 ? [name] : []
  return producers.get(name)!.input.flatMap((input) => branchesOf(input, producers))
}

function wayTo(name: string, producers: Producers): Way {
  const [ends, between] = [new Set<Node>(), new Set<Node>()]
  const visit = (value: string): void => {
    const node = producers.get(value)
    if (!node || between.has(node)) return
    if (node.opType === 'Conv') return void ends.add(node)
    between.add(node)
    for (const input of node.input) visit(input)
  }
  visit(name)
  return { ends: [...ends], between: [...between] }
}
