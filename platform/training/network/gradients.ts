import type { Builder } from './builder.ts'
import { convolutionGradients } from './convolution.ts'
import { type Constant, type Network, type Node, textOf } from './onnx.ts'
import { cannotLearn, type Shapes, windowOf } from './shapes.ts'

/** What a gradient rule works with. */
export interface Backward {
  readonly builder: Builder
  readonly shapes: Shapes
  readonly constants: ReadonlyMap<string, Constant>
  /** Whether anybody needs the derivative by this value. */
  readonly wants: (name: string) => boolean
}

/** Names of the derivatives of the loss by a node's inputs, given that by its output. */
export type Gradients = readonly (readonly [input: string, gradient: string])[]
type Rule = (node: Node, gradient: string, backward: Backward) => Gradients

const RULES: Readonly<Record<string, Rule>> = {
  Conv: convolutionGradients,
  Relu: ({ input: [x], output: [y] }, gradient, { builder }) => {
    const isOn = builder.add('Greater', [y!, builder.float(0)])
    return [[x!, builder.add('Where', [isOn, gradient, builder.float(0)])]]
  },
  // s′ = s · (1 − s)
  Sigmoid: ({ input: [x], output: [y] }, gradient, { builder }) => {
    const slope = builder.add('Mul', [y!, builder.add('Sub', [builder.float(1), y!])])
    return [[x!, builder.add('Mul', [gradient, slope])]]
  },
  Mul: ({ input: [a, b] }, gradient, { builder, wants }) => [
    ...(wants(a!) ? [[a!, builder.add('Mul', [gradient, b!])] as const] : []),
    ...(wants(b!) ? [[b!, builder.add('Mul', [gradient, a!])] as const] : []),
  ],
  Add: ({ input }, gradient) => input.map((name) => [name, gradient]),
  Identity: ({ input: [x] }, gradient) => [[x!, gradient]],
  Concat: ({ input }, gradient, { builder, shapes }) => {
    const sizes = builder.ints(...input.map((name) => shapes.get(name)![0]))
    const parts = builder.split('Split', [gradient, sizes], input.length, { axis: 1 })
    return input.map((name, at) => [name, parts[at]!])
  },
  Resize: (node, gradient, { builder, constants }) => {
    checkDoubling(node, constants)
    const mean = builder.add('AveragePool', [gradient], { kernel_shape: [2, 2], strides: [2, 2] })
    return [[node.input[0]!, builder.add('Mul', [mean, builder.float(4)])]]
  },
}

/** @throws SentinelError `MODEL_INVALID` where a node is of a kind that no rule is known for. */
export function gradientsOf(node: Node, gradient: string, backward: Backward): Gradients {
  const rule = RULES[node.opType]
  if (!rule) throw cannotLearn(`it has a ${node.opType} on the way`)
  return rule(node, gradient, backward)
}

/** @throws SentinelError `MODEL_INVALID` where a node between is of a kind, or does its work in a way, that no rule is known for. */
export function checkLearnable(
  { constants }: Pick<Network, 'constants'>,
  { nodes }: { readonly nodes: readonly Node[] },
): void {
  for (const node of nodes) {
    if (!RULES[node.opType]) throw cannotLearn(`it has a ${node.opType} on the way`)
    if (node.opType === 'Resize') checkDoubling(node, constants)
    const [, , down, across] = constants.get(node.input[1] ?? '')?.dims ?? []
    if (node.opType === 'Conv') windowOf(node, [down ?? 1, across ?? 1])
  }
}

/** Each pixel becomes four. */
function checkDoubling(node: Node, constants: ReadonlyMap<string, Constant>): void {
  const scales = constants.get(node.input[2] ?? '')?.values.join(' ')
  if (scales !== '1 1 2 2' || textOf(node, 'mode', 'nearest') !== 'nearest') {
    throw cannotLearn('it enlarges otherwise than by doubling')
  }
}
