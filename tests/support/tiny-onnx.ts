import protobuf from 'protobufjs'

/** The part of `onnx.proto3` (field numbers from the ONNX specification) that a graph of a few nodes needs. */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message Model { int64 ir_version = 1; string producer_name = 2; Graph graph = 7; repeated Opset opset_import = 8; repeated Entry metadata_props = 14; }
  message Opset { string domain = 1; int64 version = 2; }
  message Entry { string key = 1; string value = 2; }
  message Graph { repeated Node node = 1; string name = 2; repeated Tensor initializer = 5; repeated ValueInfo input = 11; repeated ValueInfo output = 12; }
  message Node { repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4; repeated Attribute attribute = 5; }
  message Attribute { string name = 1; float f = 2; int64 i = 3; repeated int64 ints = 8; int32 type = 20; }
  message Tensor { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; }
  message ValueInfo { string name = 1; Type type = 2; }
  message Type { TensorType tensor_type = 1; }
  message TensorType { int32 elem_type = 1; Shape shape = 2; }
  message Shape { repeated Dimension dim = 1; }
  message Dimension { int64 dim_value = 1; string dim_param = 2; }
`)
const Model = root.lookupType('Model')

/** `TensorProto.DataType` */
const TYPES = { float32: 1, uint8: 2, int8: 3, int64: 7, float16: 10 } as const
export type TinyType = keyof typeof TYPES
const ATTRIBUTE_TYPE = { i: 2, ints: 7 }

export interface TinyNode {
  readonly operator: string
  readonly inputs: readonly string[]
  readonly output: string
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>
}

export interface TinyTensor {
  readonly dimensions: readonly number[]
  readonly values: Float32Array | BigInt64Array | Int8Array | Uint8Array
}

export interface TinyGraph {
  /** `[batch, 3, height, width]` of the input `images`; a name where any size goes. */
  readonly input: readonly (number | string)[]
  /** Shape of the output `output`. */
  readonly output: readonly (number | string)[]
  /** Of both; 32-bit floats without it. */
  readonly numbers?: { readonly input: TinyType; readonly output: TinyType }
  readonly nodes: readonly TinyNode[]
  readonly constants?: Readonly<Record<string, TinyTensor>>
  readonly metadata?: Readonly<Record<string, string>>
}

/** A real ONNX file of a few nodes, opset 13: from `images` to `output`. */
export function tinyOnnx(tiny: TinyGraph): Uint8Array {
  const { input, output, nodes, constants = {}, metadata = {} } = tiny
  const numbers = tiny.numbers ?? { input: 'float32', output: 'float32' }
  const graph = {
    name: 'tiny',
    node: nodes.map(nodeOf),
    initializer: Object.entries(constants).map(([name, tensor]) => tensorOf(name, tensor)),
    input: [valueInfoOf('images', input, numbers.input)],
    output: [valueInfoOf('output', output, numbers.output)],
  }
  const metadataProps = Object.entries(metadata).map(([key, value]) => ({ key, value }))
  return Model.encode(
    Model.fromObject({ irVersion: 8, producerName: 'sentinel', graph, opsetImport: [{ version: 13 }], metadataProps }),
  ).finish()
}

function nodeOf({ operator, inputs, output, attributes = {} }: TinyNode): object {
  const attribute = Object.entries(attributes).map(([name, value]) =>
    typeof value === 'number'
      ? { name, i: value, type: ATTRIBUTE_TYPE.i }
      : { name, ints: value, type: ATTRIBUTE_TYPE.ints },
  )
  return { input: inputs, output: [output], name: output, opType: operator, attribute }
}

function tensorOf(name: string, { dimensions, values }: TinyTensor): object {
  const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  return { name, dims: dimensions, dataType: TYPES[typeOf(values)], rawData }
}

function typeOf(values: TinyTensor['values']): TinyType {
  if (values instanceof Float32Array) return 'float32'
  if (values instanceof BigInt64Array) return 'int64'
  return values instanceof Int8Array ? 'int8' : 'uint8'
}

function valueInfoOf(name: string, dimensions: readonly (number | string)[], type: TinyType): object {
  const dim = dimensions.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }))
  return { name, type: { tensorType: { elemType: TYPES[type], shape: { dim } } } }
}
