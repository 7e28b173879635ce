import { type TinyNode, type TinyTensor, tinyOnnx } from './tiny-onnx.ts'
import { generator } from './tiny-yolox.ts'

const STRIDES = [8, 16, 32]
const FEATURES = 6
/** Of each stride, pixels: width and height of three. */
const ANCHORS: Readonly<Record<number, readonly number[]>> = {
  8: [5, 7, 10, 6, 8, 16],
  16: [15, 20, 30, 16, 20, 40],
  32: [40, 30, 30, 60, 60, 60],
}
const BOX_NUMBERS = 4

/**
 * A real, untrained detector that ends as YOLOv5's own exporter writes it: a convolution a stride, on it one layer for the numbers of three
 * anchors, decoded inside.
 */
export function tinyYolov5(classes: readonly string[], size = 64): Uint8Array {
  const numbers = 1 + BOX_NUMBERS + classes.length
  return tinyOnnx({
    input: [1, 3, size, size],
    output: [1, STRIDES.reduce((sum, stride) => sum + 3 * (size / stride) ** 2, 0), numbers],
    nodes: [
      ...STRIDES.flatMap(levelNodes),
      concat(
        STRIDES.map((stride) => `rows ${stride}`),
        'output',
        1,
      ),
    ],
    constants: {
      ...Object.assign({}, ...STRIDES.map((stride) => levelConstants(stride, numbers, size))),
      ...{
        two: float(2),
        zero: ints(0),
        'xy end': ints(2),
        'wh end': ints(4),
        'all end': ints(numbers),
        last: ints(4),
      },
      'rows shape': ints(1, -1, numbers),
    },
    metadata: { names: JSON.stringify(classes), sentinel: JSON.stringify({ family: 'yolov5', name: 'tiny' }) },
  })
}

const ints = (...values: number[]): TinyTensor => ({
  dimensions: [values.length],
  values: BigInt64Array.from(values.map(BigInt)),
})
const float = (value: number): TinyTensor => ({ dimensions: [], values: Float32Array.of(value) })

function levelConstants(stride: number, numbers: number, size: number): Record<string, TinyTensor> {
  const random = generator(7 + stride)
  const tensor = (scale: number, ...dimensions: number[]): TinyTensor => {
    const count = dimensions.reduce((product, each) => product * each, 1)
    return { dimensions, values: Float32Array.from({ length: count }, () => (random() - 0.5) * scale) }
  }
  const across = size / stride
  const cells = Array.from({ length: 3 * across ** 2 }, (_, at) => at % across ** 2)
  const anchors = Array.from({ length: 3 * across ** 2 }, (_, at) => Math.floor(at / across ** 2))
  return {
    [`eye ${stride}`]: tensor(8 / stride, FEATURES, 3, stride, stride),
    [`eye bias ${stride}`]: tensor(1, FEATURES),
    [`layer ${stride}`]: tensor(0.5, 3 * numbers, FEATURES, 1, 1),
    [`layer bias ${stride}`]: tensor(0.5, 3 * numbers),
    [`apart ${stride}`]: ints(1, 3, numbers, across, across),
    [`stride ${stride}`]: float(stride),
    [`grid ${stride}`]: {
      dimensions: [1, 3, across, across, 2],
      values: Float32Array.from(cells.flatMap((cell) => [(cell % across) - 0.5, Math.floor(cell / across) - 0.5])),
    },
    [`anchors ${stride}`]: {
      dimensions: [1, 3, across, across, 2],
      values: Float32Array.from(anchors.flatMap((at) => ANCHORS[stride]!.slice(2 * at, 2 * at + 2))),
    },
  }
}

function levelNodes(stride: number): TinyNode[] {
  const node = (operator: string, inputs: string[], output: string, attributes?: TinyNode['attributes']): TinyNode => ({
    ...{ operator, inputs, output: `${output} ${stride}` },
    ...(attributes && { attributes }),
  })
  const own = (name: string): string => `${name} ${stride}`
  const slice = (from: string, to: string, output: string): TinyNode =>
    node('Slice', [own('shares'), from, to, 'last'], output)
  return [
    node('Conv', ['images', own('eye'), own('eye bias')], 'raw', {
      kernel_shape: [stride, stride],
      strides: [stride, stride],
    }),
    node('Relu', [own('raw')], 'seen'),
    node('Conv', [own('seen'), own('layer'), own('layer bias')], 'numbers', { kernel_shape: [1, 1] }),
    node('Reshape', [own('numbers'), own('apart')], 'by anchor'),
    node('Transpose', [own('by anchor')], 'in cells', { perm: [0, 1, 3, 4, 2] }),
    node('Sigmoid', [own('in cells')], 'shares'),
    slice('zero', 'xy end', 'xy'),
    slice('xy end', 'wh end', 'wh'),
    slice('wh end', 'all end', 'scores'),
    node('Mul', [own('xy'), 'two'], 'xy doubled'),
    node('Add', [own('xy doubled'), own('grid')], 'in strides'),
    node('Mul', [own('in strides'), own('stride')], 'centres'),
    node('Mul', [own('wh'), 'two'], 'wh doubled'),
    node('Pow', [own('wh doubled'), 'two'], 'squares'),
    node('Mul', [own('squares'), own('anchors')], 'sizes'),
    concat([own('centres'), own('sizes'), own('scores')], own('boxes'), 4),
    node('Reshape', [own('boxes'), 'rows shape'], 'rows'),
  ]
}

const concat = (inputs: string[], output: string, axis: number): TinyNode => ({
  operator: 'Concat',
  inputs,
  output,
  attributes: { axis },
})
