import { Builder } from './builder.ts'
import { type Backward, gradientsOf } from './gradients.ts'
import { type Network, type Node, writeNetwork } from './onnx.ts'
import { cannotLearn, type Shape, shapeOf } from './shapes.ts'

/** The part of a network that learns: everything from what is taught to what is judged. */
export interface Part {
  /** In the order in which they run. */
  readonly nodes: readonly Node[]
  /** What comes in from the part that does not learn; it can be computed once. */
  readonly inputs: readonly string[]
  /** What is judged. */
  readonly outputs: readonly string[]
  /** Names of the weights that are taught. */
  readonly weights: readonly string[]
}

/** @throws SentinelError `MODEL_INVALID` where an output does not depend on any of these weights. */
export function partOf({ nodes, constants }: Network, outputs: readonly string[], weights: readonly string[]): Part {
  const moved = new Set(weights)
  const depends = nodes.filter(({ input, output }) => {
    const isMoved = input.some((name) => moved.has(name))
    if (isMoved) for (const name of output) moved.add(name)
    return isMoved
  })
  const needed = new Set(outputs)
  const active = depends.toReversed().filter(({ input, output }) => {
    const isNeeded = output.some((name) => needed.has(name))
    if (isNeeded) for (const name of input) needed.add(name)
    return isNeeded
  })
  const ordered = active.toReversed()
  const made = new Set(ordered.flatMap(({ output }) => output))
  if (outputs.some((name) => !made.has(name))) throw cannotLearn('an answer does not depend on what is taught')
  const known = (name: string): boolean => name === '' || made.has(name) || constants.has(name)
  const inputs = [...new Set(ordered.flatMap(({ input }) => input.filter((name) => !known(name))))]
  return { nodes: ordered, inputs, outputs, weights }
}

/** Name of the derivative of the loss by a value. */
export const byName = (name: string): string => `loss by ${name}`

/** The part as a network of its own: its inputs and weights in, its answers out. @param kept what else comes out, after them. */
export function forwardOf(network: Network, part: Part, kept: readonly string[] = []): Uint8Array {
  const { nodes, inputs, weights } = part
  const constants = constantsOf(network, nodes, weights)
  const outputs = [...new Set([...part.outputs, ...kept])]
  return writeNetwork({ nodes, constants, inputs: [...inputs, ...weights], outputs })
}

/** The derivatives as a network. */
interface Backwards {
  readonly onnx: Uint8Array
  /** Values on the way forwards that it is given, so that nothing is computed twice. */
  readonly kept: readonly string[]
}

/**
 * The network of the derivatives, by reverse accumulation: the part's inputs, weights, values that were kept and the loss' derivatives
 * by its outputs in, those by its weights out.
 *
 * @param shapes of the part's inputs.
 * @throws SentinelError `MODEL_INVALID` where it has an operation that no rule is known for.
 */
export function backwardOf(network: Network, part: Part, shapes: ReadonlyMap<string, Shape>): Backwards {
  const builder = new Builder()
  const moved = new Set([...part.weights, ...part.nodes.flatMap(({ output }) => output)])
  const backward: Backward = {
    builder,
    shapes: shapesIn(network, part, shapes),
    constants: network.constants,
    wants: (name) => moved.has(name),
  }
  const sums = new Map(part.outputs.map((name) => [name, [byName(name)]]))
  const whole = (name: string): string => {
    const parts = sums.get(name) ?? []
    return parts.length > 1 ? builder.add('Sum', parts) : parts[0]!
  }
  for (const node of part.nodes.toReversed()) {
    const found = gradientsOf(node, whole(node.output[0]!), backward)
    for (const [name, gradient] of found) sums.set(name, [...(sums.get(name) ?? []), gradient])
  }
  for (const name of part.weights) builder.rename(whole(name), byName(name))
  const { nodes } = builder
  const needed = new Set(nodes.flatMap(({ input }) => input))
  const kept = part.nodes.flatMap(({ output }) => output.filter((name) => needed.has(name)))
  const given = [...part.inputs, ...part.weights].filter((name) => needed.has(name))
  const onnx = writeNetwork({
    nodes,
    constants: new Map([...constantsOf(network, nodes, part.weights), ...builder.constants]),
    inputs: [...given, ...kept, ...part.outputs.map(byName)],
    outputs: part.weights.map(byName),
  })
  return { onnx, kept }
}

function shapesIn({ constants }: Network, { nodes }: Part, given: ReadonlyMap<string, Shape>): Map<string, Shape> {
  const shapes = new Map(given)
  for (const node of nodes) {
    if (node.output.length > 1) throw cannotLearn(`it has a ${node.opType} on the way`)
    shapes.set(
      node.output[0]!,
      shapeOf(node, shapes, (name) => constants.get(name)?.dims ?? []),
    )
  }
  return shapes
}

/** Those that these operations need and that are not taught. */
function constantsOf({ constants }: Network, nodes: readonly Node[], weights: readonly string[]) {
  const names = new Set(nodes.flatMap(({ input }) => input.filter((name) => constants.has(name))))
  for (const name of weights) names.delete(name)
  return new Map([...names].map((name) => [name, constants.get(name)!]))
}
