import { type TinyNode, type TinyTensor, tinyOnnx } from './tiny-onnx.ts'
import { generator } from './tiny-yolox.ts'

const STRIDES = [8, 16, 32]
const FEATURES = 6
/** Distances, strides, that a side's distribution is over. */
const BINS = 8
/** Exporters have put boxes and classes together in two ways: each by themselves, or both of a stride. */
type Order = 'apart' | 'mixed'

/** A real, untrained detector that ends as YOLOv8 does: a convolution a stride, on it box and class layers, boxes decoded inside. */
export function tinyYolov8(classes: readonly string[], order: Order = 'apart', size = 64): Uint8Array {
  const boxes = 4 * BINS
  const cells = STRIDES.reduce((sum, stride) => sum + (size / stride) ** 2, 0)
  return tinyOnnx({
    input: [1, 3, size, size],
    output: [1, 4 + classes.length, cells],
    nodes: [
      ...STRIDES.flatMap((stride) => levelNodes(stride, order)),
      ...(order === 'apart' ? apart() : mixed()),
      ...decodingNodes(),
    ],
    constants: {
      ...layers(classes.length),
      ...anchors(size),
      'boxes shape': ints(1, boxes, -1),
      'classes shape': ints(1, classes.length, -1),
      'sides shape': ints(1, 4, BINS, -1),
      'distances shape': ints(1, 4, -1),
      distances: { dimensions: [1, BINS, 1, 1], values: Float32Array.from({ length: BINS }, (_, at) => at) },
      half: { dimensions: [], values: Float32Array.of(0.5) },
      zero: ints(0),
      one: ints(1),
      two: ints(2),
      four: ints(4),
      'box end': ints(boxes),
      end: ints(boxes + classes.length),
    },
    metadata: { names: JSON.stringify(classes), sentinel: JSON.stringify({ family: 'yolov8', name: 'tiny' }) },
  })
}

const ints = (...values: number[]): TinyTensor => ({
  dimensions: [values.length],
  values: BigInt64Array.from(values.map(BigInt)),
})

function layers(classes: number): Record<string, TinyTensor> {
  const random = generator(7)
  const tensor = (scale: number, ...dimensions: number[]): TinyTensor => {
    const count = dimensions.reduce((product, each) => product * each, 1)
    return { dimensions, values: Float32Array.from({ length: count }, () => (random() - 0.5) * scale) }
  }
  const constants: Record<string, TinyTensor> = {}
  for (const stride of STRIDES) {
    constants[`eye ${stride}`] = tensor(8 / stride, FEATURES, 3, stride, stride)
    constants[`eye bias ${stride}`] = tensor(1, FEATURES)
    for (const [part, outs] of [['boxes', 4 * BINS] as const, ['classes', classes] as const]) {
      constants[`${part} ${stride}`] = tensor(0.5, outs, FEATURES, 1, 1)
      constants[`${part} bias ${stride}`] = tensor(0.5, outs)
    }
  }
  return constants
}

/** Centre of each cell in strides, and its stride. */
function anchors(size: number): Record<string, TinyTensor> {
  const cells = STRIDES.flatMap((stride) => {
    const across = size / stride
    return Array.from({ length: across ** 2 }, (_, at) => ({ x: at % across, y: Math.floor(at / across), stride }))
  })
  const centres = [...cells.map(({ x }) => x + 0.5), ...cells.map(({ y }) => y + 0.5)]
  return {
    centres: { dimensions: [1, 2, cells.length], values: Float32Array.from(centres) },
    strides: { dimensions: [1, 1, cells.length], values: Float32Array.from(cells.map(({ stride }) => stride)) },
  }
}

function levelNodes(stride: number, order: Order): TinyNode[] {
  const layer = (part: string): TinyNode => ({
    operator: 'Conv',
    inputs: [`seen ${stride}`, `${part} ${stride}`, `${part} bias ${stride}`],
    output: `${part} out ${stride}`,
    attributes: { kernel_shape: [1, 1] },
  })
  const flat = (part: string): TinyNode => ({
    operator: 'Reshape',
    inputs: [`${part} out ${stride}`, `${part} shape`],
    output: `${part} flat ${stride}`,
  })
  const both = [`boxes flat ${stride}`, `classes flat ${stride}`]
  const eye = {
    operator: 'Conv',
    inputs: ['images', `eye ${stride}`, `eye bias ${stride}`],
    output: `raw ${stride}`,
    attributes: { kernel_shape: [stride, stride], strides: [stride, stride] },
  }
  const seen = { operator: 'Relu', inputs: [`raw ${stride}`], output: `seen ${stride}` }
  const level = concat(both, `level ${stride}`, 1)
  return [
    ...[eye, seen, layer('boxes'), layer('classes'), flat('boxes'), flat('classes')],
    ...(order === 'mixed' ? [level] : []),
  ]
}

const concat = (inputs: string[], output: string, axis: number): TinyNode => ({
  operator: 'Concat',
  inputs,
  output,
  attributes: { axis },
})

function apart(): TinyNode[] {
  const all = (part: string) => STRIDES.map((stride) => `${part} flat ${stride}`)
  return [concat(all('boxes'), 'all boxes', 2), concat(all('classes'), 'all classes', 2)]
}

function mixed(): TinyNode[] {
  return [
    concat(
      STRIDES.map((stride) => `level ${stride}`),
      'all',
      2,
    ),
    { operator: 'Slice', inputs: ['all', 'zero', 'box end', 'one'], output: 'all boxes' },
    { operator: 'Slice', inputs: ['all', 'box end', 'end', 'one'], output: 'all classes' },
  ]
}

function decodingNodes(): TinyNode[] {
  const node = (operator: string, inputs: string[], output: string, attributes?: TinyNode['attributes']): TinyNode => ({
    ...{ operator, inputs, output },
    ...(attributes && { attributes }),
  })
  return [
    node('Reshape', ['all boxes', 'sides shape'], 'sides'),
    node('Transpose', ['sides'], 'bins', { perm: [0, 2, 1, 3] }),
    node('Softmax', ['bins'], 'shares', { axis: 1 }),
    node('Conv', ['shares', 'distances'], 'means', { kernel_shape: [1, 1] }),
    node('Reshape', ['means', 'distances shape'], 'to sides'),
    node('Slice', ['to sides', 'zero', 'two', 'one'], 'to left top'),
    node('Slice', ['to sides', 'two', 'four', 'one'], 'to right bottom'),
    node('Sub', ['centres', 'to left top'], 'left top'),
    node('Add', ['centres', 'to right bottom'], 'right bottom'),
    node('Add', ['left top', 'right bottom'], 'both corners'),
    node('Mul', ['both corners', 'half'], 'middle'),
    node('Sub', ['right bottom', 'left top'], 'size'),
    concat(['middle', 'size'], 'box strides', 1),
    node('Mul', ['box strides', 'strides'], 'box pixels'),
    node('Sigmoid', ['all classes'], 'scores'),
    concat(['box pixels', 'scores'], 'output', 1),
  ]
}
