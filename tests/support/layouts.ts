import { type TinyNode, type TinyTensor, tinyOnnx } from './tiny-onnx.ts'

const SIDE = 64
const CLASSES = 3
const NAMES = "{0: 'first', 1: 'second', 2: 'third'}"
/** The one box: centre x, centre y, width, height in input pixels. */
const BOX = [20, 28, 16, 8]
/** Of its row in a grid of one box a cell: stride 8, line 3, column 2. */
const ROW = 26

export interface LayoutOptions {
  readonly layout: keyof typeof layouts
  /** What the model expects: pixel values 0–255 times this, less the mean; 1/255 without it. */
  readonly scale?: number
  readonly mean?: number
  readonly colours?: 'rgb' | 'bgr'
  readonly numbers?: 'float32' | 'float16' | 'uint8'
  /** Objectness is 1 everywhere. */
  readonly isSure?: boolean
  /** Its file does not tell the shape of what comes out. */
  readonly isOpen?: boolean
  /** Scores are computed with 8 bits (QDQ). */
  readonly isQuantised?: boolean
  readonly metadata?: Readonly<Record<string, string>>
}

/** Numbers that are the same for every picture, and where the scores go: those of the first, second and third channel. */
interface Layout {
  readonly dimensions: readonly number[]
  readonly values: Float32Array
  /** Index of the score of each channel; undefined where the layout holds but one. */
  readonly scores: readonly (number | undefined)[]
}

const layouts = {
  yolox: (sure: boolean) => rows(84, ROW, [20 / 8 - 2, 28 / 8 - 3, Math.log(16 / 8), Math.log(8 / 8)], sure),
  rows: (sure: boolean) => rows(84, ROW, BOX, sure),
  anchors: (sure: boolean) => rows(252, 100, BOX, sure),
  transposed,
  suppressed: () => suppressed([1, 300, 6], [12, 24, 28, 32, 0, 0], 4),
  'suppressed-7': () => suppressed([4, 7], [0, 12, 24, 28, 32, 0, 0], 6),
  nanodet,
} as const

function rows(count: number, row: number, box: readonly number[], isSure: boolean): Layout {
  const columns = 5 + CLASSES
  const values = new Float32Array(count * columns)
  if (isSure) for (let at = 4; at < values.length; at += columns) values[at] = 1
  values.set([...box, 1], row * columns)
  return { dimensions: [1, count, columns], values, scores: [5, 6, 7].map((column) => row * columns + column) }
}

function transposed(): Layout {
  const [channels, boxes] = [4 + CLASSES, 84]
  const values = new Float32Array(channels * boxes)
  for (const [channel, value] of BOX.entries()) values[channel * boxes + ROW] = value
  return { dimensions: [1, channels, boxes], values, scores: [4, 5, 6].map((channel) => channel * boxes + ROW) }
}

function suppressed(dimensions: readonly number[], row: readonly number[], score: number): Layout {
  const values = new Float32Array(dimensions.reduce((product, size) => product * size))
  values.set(row)
  return { dimensions, values, scores: [score, undefined, undefined] }
}

/** Sides lie ½, 0, 1½ and 1 strides from the cell's corner: distributions over 0 … 7 strides with two equal peaks, or one. */
function nanodet(): Layout {
  const columns = CLASSES + 4 * 8
  const values = new Float32Array(85 * columns)
  const peaks = [[0, 1], [0], [1, 2], [1]]
  for (const [side, bins] of peaks.entries())
    for (const bin of bins) values[ROW * columns + CLASSES + side * 8 + bin] = 30
  return { dimensions: [1, 85, columns], values, scores: [0, 1, 2].map((column) => ROW * columns + column) }
}

/** A graph whose one box has, as the score of a class, the mean of a channel of the picture in 0 … 1. */
export function layoutOnnx(options: LayoutOptions): Uint8Array {
  const { layout, numbers = 'float32', isSure = false, isOpen = false } = options
  const { dimensions, values, scores } = layouts[layout](isSure)
  const { weights, offset } = scoring(options, values.length, scores)
  for (const at of scores) if (at !== undefined) values[at] = offset
  const output = numbers === 'float16' ? 'float16' : 'float32'
  return tinyOnnx({
    input: [1, 3, SIDE, SIDE],
    output: isOpen ? dimensions.map((_, at) => `any ${at}`) : dimensions,
    numbers: { input: numbers, output },
    nodes: [...meanNodes(), ...scoreNodes(options.isQuantised ?? false), ...castNodes(output)],
    constants: {
      weights: { dimensions: [3, values.length], values: weights },
      base: { dimensions, values },
      shape: integers(...dimensions),
      ...(options.isQuantised && QUANTISED),
    },
    metadata: { names: NAMES, ...options.metadata },
  })
}

/** From the means of the channels as they come in to scores in 0 … 1. */
function scoring(
  { layout, scale = 1 / 255, mean = 0 }: LayoutOptions,
  count: number,
  scores: Layout['scores'],
): { weights: Float32Array; offset: number } {
  const weights = new Float32Array(3 * count)
  // NanoDet's deviation and mean differ by channel; red, the one that is looked at, is the third.
  const [factor, offset] =
    layout === 'nanodet' ? [58.395 / 255, 123.675 / 255] : [1 / (255 * scale), mean / (255 * scale)]
  for (const [channel, at] of scores.entries()) if (at !== undefined) weights[channel * count + at] = factor
  return { weights, offset }
}

const FLOAT32 = 1
const FLOAT16 = 10

function meanNodes(): TinyNode[] {
  return [
    { operator: 'Cast', inputs: ['images'], output: 'floats', attributes: { to: FLOAT32 } },
    { operator: 'ReduceMean', inputs: ['floats'], output: 'means', attributes: { axes: [2, 3], keepdims: 0 } },
  ]
}

function scoreNodes(isQuantised: boolean): TinyNode[] {
  const means = isQuantised ? 'rough' : 'means'
  const scale = ['step', 'zero']
  return [
    ...(isQuantised
      ? [
          { operator: 'QuantizeLinear', inputs: ['means', ...scale], output: 'bytes' },
          { operator: 'DequantizeLinear', inputs: ['bytes', ...scale], output: 'rough' },
        ]
      : []),
    { operator: 'MatMul', inputs: [means, 'weights'], output: 'flat' },
    { operator: 'Reshape', inputs: ['flat', 'shape'], output: 'scores' },
    { operator: 'Add', inputs: ['base', 'scores'], output: 'sum' },
  ]
}

function castNodes(output: 'float16' | 'float32'): TinyNode[] {
  const to = output === 'float16' ? FLOAT16 : FLOAT32
  return [{ operator: 'Cast', inputs: ['sum'], output: 'output', attributes: { to } }]
}

const QUANTISED: Record<string, TinyTensor> = {
  step: { dimensions: [], values: Float32Array.of(1 / 255) },
  zero: { dimensions: [], values: Uint8Array.of(0) },
}

const STRIDES = [8, 16, 32]

/** A network that takes any size: each cell of each grid gives the same box, and as scores the colours that it lies on. */
export function dynamicOnnx(layout: 'transposed' | 'anchors'): Uint8Array {
  const isRows = layout === 'anchors'
  const box = isRows ? [...BOX, 1, 0, 0, 0] : [...BOX, 0, 0, 0]
  const bias = Array.from({ length: isRows ? 3 : 1 }, () => box).flat()
  const grids = STRIDES.map((stride) => `grid ${stride}`)
  return tinyOnnx({
    input: ['batch', 3, 'height', 'width'],
    output: ['batch', 'second', 'third'],
    nodes: [
      ...STRIDES.flatMap((stride) => gridNodes(stride, isRows)),
      { operator: 'Concat', inputs: grids, output: 'output', attributes: { axis: isRows ? 1 : 2 } },
    ],
    constants: {
      bias: { dimensions: [bias.length], values: Float32Array.from(bias) },
      apart: integers(1, bias.length / box.length, box.length, -1),
      together: isRows ? integers(1, -1, box.length) : integers(1, box.length, -1),
      ...Object.fromEntries(STRIDES.map((stride) => [`weights ${stride}`, kernels(bias.length, box.length, stride)])),
    },
    metadata: { names: NAMES },
  })
}

function gridNodes(stride: number, isRows: boolean): TinyNode[] {
  const [cells, apart, turned] = [`cells ${stride}`, `apart ${stride}`, `turned ${stride}`]
  const sizes = { kernel_shape: [stride, stride], strides: [stride, stride] }
  return [
    { operator: 'Conv', inputs: ['images', `weights ${stride}`, 'bias'], output: cells, attributes: sizes },
    { operator: 'Reshape', inputs: [cells, 'apart'], output: apart },
    {
      operator: 'Transpose',
      inputs: [apart],
      output: turned,
      attributes: { perm: isRows ? [0, 1, 3, 2] : [0, 1, 2, 3] },
    },
    { operator: 'Reshape', inputs: [turned, 'together'], output: `grid ${stride}` },
  ]
}

/** The last channels of each box are the means of the picture's channels over the cell. */
function kernels(channels: number, perBox: number, stride: number): TinyTensor {
  const area = stride * stride
  const values = new Float32Array(channels * 3 * area)
  for (let first = perBox - CLASSES; first < channels; first += perBox)
    for (let colour = 0; colour < CLASSES; colour++) {
      const at = ((first + colour) * 3 + colour) * area
      values.fill(1 / area, at, at + area)
    }
  return { dimensions: [channels, 3, stride, stride], values }
}

function integers(...values: number[]): TinyTensor {
  return { dimensions: [values.length], values: BigInt64Array.from(values, BigInt) }
}
