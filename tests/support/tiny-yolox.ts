import { type TinyNode, type TinyTensor, tinyOnnx } from './tiny-onnx.ts'

const STRIDES = [8, 16, 32]
const FEATURES = 6

/** A real, untrained detector that ends as YOLOX does: a convolution a stride, and on it box, objectness and class layers. */
export function tinyYolox(classes: readonly string[], size = 64): Uint8Array {
  const random = generator(7)
  const tensor = (scale: number, ...dimensions: number[]): TinyTensor => {
    const count = dimensions.reduce((product, each) => product * each, 1)
    return { dimensions, values: Float32Array.from({ length: count }, () => (random() - 0.5) * scale) }
  }
  const constants: Record<string, TinyTensor> = {
    rows: { dimensions: [3], values: BigInt64Array.from([1n, BigInt(5 + classes.length), -1n]) },
  }
  for (const stride of STRIDES) {
    constants[`eye ${stride}`] = tensor(0.04 / stride, FEATURES, 3, stride, stride)
    constants[`eye bias ${stride}`] = tensor(1, FEATURES)
    for (const [part, outs] of [
      ['boxes', 4],
      ['objectness', 1],
      ['classes', classes.length],
    ] as const) {
      constants[`${part} ${stride}`] = tensor(0.5, outs, FEATURES, 1, 1)
      constants[`${part} bias ${stride}`] = tensor(0.5, outs)
    }
  }
  return tinyOnnx({
    input: [1, 3, size, size],
    output: [1, 'rows', 5 + classes.length],
    nodes: [
      ...STRIDES.flatMap(levelNodes),
      {
        operator: 'Concat',
        inputs: STRIDES.map((stride) => `level ${stride}`),
        output: 'all',
        attributes: { axis: 2 },
      },
      { operator: 'Transpose', inputs: ['all'], output: 'output', attributes: { perm: [0, 2, 1] } },
    ],
    constants,
    metadata: { names: JSON.stringify(classes), sentinel: JSON.stringify({ family: 'yolox', name: 'tiny' }) },
  })
}

function levelNodes(stride: number): TinyNode[] {
  const layer = (part: string): TinyNode => ({
    operator: 'Conv',
    inputs: [`seen ${stride}`, `${part} ${stride}`, `${part} bias ${stride}`],
    output: `${part} out ${stride}`,
    attributes: { kernel_shape: [1, 1] },
  })
  const sizes = { kernel_shape: [stride, stride], strides: [stride, stride] }
  return [
    {
      operator: 'Conv',
      inputs: ['images', `eye ${stride}`, `eye bias ${stride}`],
      output: `raw ${stride}`,
      attributes: sizes,
    },
    { operator: 'Relu', inputs: [`raw ${stride}`], output: `seen ${stride}` },
    layer('boxes'),
    layer('objectness'),
    layer('classes'),
    { operator: 'Sigmoid', inputs: [`objectness out ${stride}`], output: `objectness ${stride} score` },
    { operator: 'Sigmoid', inputs: [`classes out ${stride}`], output: `classes ${stride} score` },
    {
      operator: 'Concat',
      inputs: [`boxes out ${stride}`, `objectness ${stride} score`, `classes ${stride} score`],
      output: `rows ${stride}`,
      attributes: { axis: 1 },
    },
    { operator: 'Reshape', inputs: [`rows ${stride}`, 'rows'], output: `level ${stride}` },
  ]
}

/** The same numbers of 0..1 each time (xorshift). */
export function generator(seed: number): () => number {
  let state = seed | 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}
