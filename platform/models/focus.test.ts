import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import * as ort from 'onnxruntime-node'
import { sharedFile } from '../../tests/support/shared.ts'
import { type TinyNode, type TinyTensor, tinyOnnx } from '../../tests/support/tiny-onnx.ts'
import { withFoldedFocus } from './focus.ts'
import { readOnnx } from './onnx.ts'

ort.env.logLevel = 'fatal'

const OUTS = 5
const CHANNELS = 3
const HEIGHT = 8
const WIDTH = 12

/** Any numbers, the same each time. */
function numbers(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, at) => Math.sin(at * 12.9898) * 3)
}

function one(value: number | bigint): TinyTensor {
  return { dimensions: [1], values: BigInt64Array.of(BigInt(value)) }
}

interface Street {
  /** Rows first or columns first, as exporters differ. */
  readonly axes?: readonly [number, number]
  readonly order?: readonly (readonly [number, number])[]
  readonly size?: number
  readonly padding?: number
  readonly strides?: readonly number[]
  readonly extra?: readonly TinyNode[]
}

/** A network that begins with a Focus layer: pixels dealt out into quarters, put together, convolved. */
function focused({
  axes = [2, 3],
  order,
  size = 3,
  padding = 1,
  strides = [1, 1],
  extra = [],
}: Street = {}): Uint8Array {
  const quarters = order ?? [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ]
  const nodes: TinyNode[] = quarters.flatMap(([y, x], at) => {
    const starts = axes.map((axis) => (axis === 2 ? y : x))
    return [
      { operator: 'Slice', inputs: ['images', `n${starts[0]}`, 'end', `n${axes[0]}`, 'n2'], output: `half${at}` },
      { operator: 'Slice', inputs: [`half${at}`, `n${starts[1]}`, 'end', `n${axes[1]}`, 'n2'], output: `quarter${at}` },
    ]
  })
  const inputs = quarters.map((_, at) => `quarter${at}`)
  const attributes = { kernel_shape: [size, size], pads: [padding, padding, padding, padding], strides }
  return tinyOnnx({
    input: [1, CHANNELS, HEIGHT, WIDTH],
    output: ['batch', 'channels', 'rows', 'columns'],
    nodes: [
      ...nodes,
      { operator: 'Concat', inputs, output: 'dealt', attributes: { axis: 1 } },
      {
        operator: 'Conv',
        inputs: ['dealt', 'kernel', 'bias'],
        output: extra.length > 0 ? 'features' : 'output',
        attributes,
      },
      ...extra,
    ],
    constants: {
      n0: one(0),
      n1: one(1),
      n2: one(2),
      n3: one(3),
      end: one(2n ** 63n - 1n),
      kernel: { dimensions: [OUTS, 4 * CHANNELS, size, size], values: numbers(OUTS * 4 * CHANNELS * size * size) },
      bias: { dimensions: [OUTS], values: numbers(OUTS) },
    },
  })
}

async function run(model: Uint8Array, name: string, shape: readonly number[]): Promise<Float32Array> {
  const session = await ort.InferenceSession.create(model)
  const data = numbers(shape.reduce((all, size) => all * size, 1))
  const outputs = await session.run({ [name]: new ort.Tensor('float32', data, shape) })
  return Object.values(outputs)[0]!.data as Float32Array
}

async function assertSame(model: Uint8Array, name = 'images', shape = [1, CHANNELS, HEIGHT, WIDTH]): Promise<void> {
  const folded = withFoldedFocus(model)
  assert.ok(!readOnnx(folded).operators.has('Slice'), 'nothing is dealt out any more')
  const [expected, actual] = [await run(model, name, shape), await run(folded, name, shape)]
  assert.equal(actual.length, expected.length)
  const most = actual.reduce((most, value, at) => Math.max(most, Math.abs(value - expected[at]!)), 0)
  assert.ok(most < 1e-4, `outputs differ by ${most}`)
}

describe('a network that begins with a Focus layer', () => {
  test('gives the same without it', () => assertSame(focused()))
  test('whichever way its pixels are dealt out', async () => {
    await assertSame(focused({ axes: [3, 2] }))
    await assertSame(
      focused({
        order: [
          [1, 1],
          [0, 1],
          [1, 0],
          [0, 0],
        ],
      }),
    )
  })
  test('with kernels and padding of other sizes', async () => {
    await assertSame(focused({ size: 1, padding: 0 }))
    await assertSame(focused({ size: 5, padding: 2 }))
    await assertSame(focused({ size: 3, padding: 0 }))
  })
  const nano = sharedFile('models/yolox_nano.onnx')
  test('as YOLOX has it', { skip: nano.skip }, () => assertSame(readFileSync(nano.path), 'images', [1, 3, 416, 416]))
})

describe('a network stays as it is', () => {
  function assertKept(model: Uint8Array): void {
    assert.equal(withFoldedFocus(model), model)
  }

  test('where a quarter is missing', () =>
    assertKept(
      focused({
        order: [
          [0, 0],
          [1, 0],
          [0, 1],
          [0, 1],
        ],
      }),
    ))
  test('where the convolution makes strides of its own', () => assertKept(focused({ strides: [2, 2] })))
  test('where nothing is dealt out', () => {
    const kernel = { dimensions: [1, 3, 1, 1], values: numbers(3) }
    const nodes = [{ operator: 'Conv', inputs: ['images', 'kernel'], output: 'output' }]
    assertKept(tinyOnnx({ input: [1, 3, 4, 4], output: [1, 1, 4, 4], nodes, constants: { kernel } }))
  })
})

test('what else needs the quarters keeps them', async () => {
  const pooled = { operator: 'GlobalAveragePool', inputs: ['dealt'], output: 'mean' }
  const some = { operator: 'ReduceMean', inputs: ['mean'], output: 'one', attributes: { keepdims: 1, axes: [1] } }
  const model = focused({ extra: [pooled, some, { operator: 'Add', inputs: ['features', 'one'], output: 'output' }] })
  const folded = withFoldedFocus(model)
  assert.ok(readOnnx(folded).operators.has('Slice'))
  const shape = [1, CHANNELS, HEIGHT, WIDTH]
  const [expected, actual] = [await run(model, 'images', shape), await run(folded, 'images', shape)]
  assert.ok(actual.every((value, at) => Math.abs(value - expected[at]!) < 1e-4))
})
