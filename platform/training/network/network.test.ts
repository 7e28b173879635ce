import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as ort from 'onnxruntime-node'
import { type TinyNode, type TinyTensor, tinyOnnx } from '../../../tests/support/tiny-onnx.ts'
import { generator } from '../../../tests/support/tiny-yolox.ts'
import { backwardOf, byName, forwardOf, type Part, partOf } from './learning.ts'
import { type Network, readNetwork } from './onnx.ts'

/** Small against the kinks of ReLU, large against the rounding of 32-bit floats. */
const STEP = 0.002
const [CHANNELS, HEIGHT, WIDTH] = [3, 9, 12]
const random = generator(5)

function tensor(...dimensions: number[]): TinyTensor {
  const count = dimensions.reduce((product, each) => product * each, 1)
  return { dimensions, values: Float32Array.from({ length: count }, () => random() - 0.5) }
}

const node = (operator: string, inputs: string[], output: string, attributes?: TinyNode['attributes']): TinyNode => ({
  operator,
  inputs,
  output,
  ...(attributes && { attributes }),
})

function networkOf(nodes: readonly TinyNode[], constants: Readonly<Record<string, TinyTensor>>): Network {
  const shape = [1, CHANNELS, HEIGHT, WIDTH]
  return readNetwork(tinyOnnx({ input: shape, output: [1, 'channels', 'rows', 'columns'], nodes, constants }))
}

const same = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }
const plain = [
  node('Conv', ['images', 'weight', 'bias'], 'convolved', same),
  node('Conv', ['convolved', 'last'], 'output', { kernel_shape: [1, 1] }),
]
const weights = { weight: tensor(4, CHANNELS, 3, 3), bias: tensor(4), last: tensor(2, 4, 1, 1) }

const CASES: Readonly<Record<string, { nodes: readonly TinyNode[]; constants: Record<string, TinyTensor> }>> = {
  'a 3×3 convolution': { nodes: plain, constants: weights },
  'a convolution that leaves out every second place': {
    nodes: [node('Conv', ['images', 'weight', 'bias'], 'convolved', { ...same, strides: [2, 2] }), plain[1]!],
    constants: weights,
  },
  'a convolution that is not the same down and across': {
    nodes: [
      node('Conv', ['images', 'uneven', 'bias'], 'convolved', {
        kernel_shape: [2, 4],
        strides: [3, 1],
        pads: [0, 2, 1, 1],
      }),
      plain[1]!,
    ],
    constants: { uneven: tensor(4, CHANNELS, 2, 4), bias: tensor(4), last: tensor(2, 4, 1, 1) },
  },
  'a convolution that leaves places out and meets the rest one by one': {
    nodes: [node('Conv', ['images', 'one', 'bias'], 'convolved', { kernel_shape: [1, 1], strides: [2, 2] }), plain[1]!],
    constants: { one: tensor(4, CHANNELS, 1, 1), bias: tensor(4), last: tensor(2, 4, 1, 1) },
  },
  'a convolution of each channel by itself': {
    nodes: [
      node('Conv', ['images', 'weight', 'bias'], 'convolved', same),
      node('Conv', ['convolved', 'apart', 'apart bias'], 'deep', { ...same, group: 4, strides: [2, 2] }),
      node('Conv', ['deep', 'last'], 'output', { kernel_shape: [1, 1] }),
    ],
    constants: { ...weights, apart: tensor(4, 1, 3, 3), 'apart bias': tensor(4) },
  },
  'SiLU, a residual, two ways put together, and a map made twice as large': {
    nodes: [
      plain[0]!,
      node('Sigmoid', ['convolved'], 'score'),
      node('Mul', ['convolved', 'score'], 'silu'),
      node('Conv', ['silu', 'middle', 'apart'], 'way', same),
      node('Relu', ['way'], 'positive'),
      node('Add', ['silu', 'positive'], 'residual'),
      node('Concat', ['residual', 'silu'], 'both', { axis: 1 }),
      node('Resize', ['both', '', 'doubling'], 'large'),
      node('Conv', ['large', 'wide'], 'output', { kernel_shape: [1, 1] }),
    ],
    constants: {
      ...{ weight: weights.weight, bias: weights.bias, middle: tensor(4, 4, 3, 3), wide: tensor(2, 8, 1, 1) },
      // Far from where ReLU bends, on both sides.
      apart: { dimensions: [4], values: Float32Array.of(9, -9, 9, -9) },
      doubling: { dimensions: [4], values: Float32Array.of(1, 1, 2, 2) },
    },
  },
}

/** The derivatives of Σ answer · direction by every weight, and the same by finite differences. */
async function derivativesOf(network: Network, part: Part) {
  const pictures = 2
  const input = new ort.Tensor('float32', tensor(pictures, CHANNELS, HEIGHT, WIDTH).values as Float32Array, [
    ...[pictures, CHANNELS, HEIGHT, WIDTH],
  ])
  const values = new Map(
    part.weights.map((name) => [name, network.constants.get(name)!.values.slice() as Float32Array]),
  )
  const feeds = () => ({
    images: input,
    ...Object.fromEntries(
      [...values].map(([name, of]) => [name, new ort.Tensor('float32', of, network.constants.get(name)!.dims)]),
    ),
  })
  const forward = await ort.InferenceSession.create(forwardOf(network, part))
  const shapes = new Map([['images', [CHANNELS, HEIGHT, WIDTH] as const]])
  const { onnx, kept } = backwardOf(network, part, shapes)
  const backward = await ort.InferenceSession.create(onnx)
  const keeping = await ort.InferenceSession.create(forwardOf(network, part, kept))
  const { dims, size } = (await forward.run(feeds())).output!
  const direction = Float32Array.from({ length: size }, () => random() - 0.5)
  const loss = async (): Promise<number> => {
    const { data } = (await forward.run(feeds())).output!
    return (data as Float32Array).reduce((sum, value, i) => sum + value * direction[i]!, 0)
  }
  const given = { ...feeds(), ...(await keeping.run(feeds())) }
  const found = await backward.run({ ...given, [byName('output')]: new ort.Tensor('float32', direction, dims) })
  const measured = async (name: string, at: number): Promise<number> => {
    const of = values.get(name)!
    const before = of[at]!
    const [up, down] = [before + STEP, before - STEP]
    of[at] = up
    const more = await loss()
    of[at] = down
    const less = await loss()
    of[at] = before
    return (more - less) / (2 * STEP)
  }
  return { found: (name: string) => found[byName(name)]!.data as Float32Array, measured }
}

describe('derivatives are those of finite differences', () => {
  for (const [name, { nodes, constants }] of Object.entries(CASES)) {
    test(name, async () => {
      const network = networkOf(nodes, constants)
      const taught = Object.keys(constants).filter((each) => each !== 'doubling')
      const { found, measured } = await derivativesOf(network, partOf(network, ['output'], taught))
      for (const weight of taught)
        for (const [at, derivative] of found(weight).entries()) {
          const expected = await measured(weight, at)
          const most = 0.03 * Math.max(1, Math.abs(expected))
          assert.ok(Math.abs(derivative - expected) < most, `${weight}[${at}]: ${derivative}, measured ${expected}`)
        }
    })
  }
})

describe('the part that learns', () => {
  test('begins where nothing before it is taught', () => {
    const part = partOf(networkOf(plain, weights), ['output'], ['last'])
    assert.deepEqual([part.inputs, part.nodes.length], [['convolved'], 1])
  })

  test('is refused with what to do where an operation has no rule, or an answer is not taught', () => {
    const nodes = [node('Conv', ['images', 'weight'], 'a', same), node('Softmax', ['a'], 'output')]
    const network = networkOf(nodes, weights)
    const shapes = new Map([['images', [CHANNELS, HEIGHT, WIDTH] as const]])
    const refused = { code: 'MODEL_INVALID', message: /Softmax.*“last”/ }
    assert.throws(() => backwardOf(network, partOf(network, ['output'], ['weight']), shapes), refused)
    assert.throws(() => partOf(network, ['output'], ['bias']), { code: 'MODEL_INVALID', message: /does not depend/ })
  })
})
