import protobuf from 'protobufjs'
import { SentinelError } from '../../errors.ts'

/** The part of `onnx.proto3` (field numbers from the ONNX specification) that a network of convolutions is written in. */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message Model { int64 ir_version = 1; Graph graph = 7; repeated Opset opset_import = 8; }
  message Opset { string domain = 1; int64 version = 2; }
  message Graph { repeated Node node = 1; string name = 2; repeated Tensor initializer = 5; repeated ValueInfo input = 11; repeated ValueInfo output = 12; }
  message Node { repeated string input = 1; repeated string output = 2; string op_type = 4; repeated Attribute attribute = 5; }
  message Attribute { string name = 1; float f = 2; int64 i = 3; bytes s = 4; Tensor t = 5; repeated float floats = 7; repeated int64 ints = 8; int32 type = 20; }
  message Tensor { repeated int64 dims = 1; int32 data_type = 2; repeated float float_data = 4; repeated int64 int64_data = 7; string name = 8; bytes raw_data = 9; }
  message ValueInfo { string name = 1; Type type = 2; }
  message Type { TensorType tensor_type = 1; }
  message TensorType { int32 elem_type = 1; }
`)
const Model = root.lookupType('Model')

/** `TensorProto.DataType` */
const TYPES = { float32: 1, int64: 7 } as const
/** `AttributeProto.AttributeType` */
const ATTRIBUTES = { float: 1, int: 2, ints: 7 } as const
/** What is written is understood by every onnxruntime of the last years, and has axes as inputs. */
const [IR_VERSION, OPSET] = [8, 13]

interface Attribute {
  readonly name: string
  readonly f?: number
  readonly i?: number
  readonly s?: Uint8Array
  readonly t?: TensorMessage
  readonly ints?: readonly number[]
}

/** One operation, as in the file. */
export interface Node {
  readonly input: readonly string[]
  readonly output: readonly string[]
  readonly opType: string
  readonly attribute: readonly Attribute[]
}

interface TensorMessage {
  readonly dims?: readonly number[]
  readonly dataType?: number
  readonly floatData?: readonly number[]
  readonly int64Data?: readonly number[]
  readonly name: string
  readonly rawData?: Uint8Array
}

/** A value that is part of the network. */
export interface Constant {
  readonly dims: readonly number[]
  readonly values: Float32Array | BigInt64Array
}

export interface Network {
  /** In an order in which they can run. */
  readonly nodes: readonly Node[]
  readonly constants: ReadonlyMap<string, Constant>
  /** Those constants that the file stores by their name, so that they can be replaced there. */
  readonly stored: ReadonlySet<string>
  readonly outputs: readonly string[]
}

/** @throws SentinelError `MODEL_INVALID` where the bytes are no ONNX model. */
export function readNetwork(bytes: Uint8Array): Network {
  const { graph } = decode(bytes)
  const all = graph.node ?? []
  const made = all.flatMap(({ opType, output, attribute }) => {
    const tensor = opType === 'Constant' ? attribute[0]?.t : undefined
    return tensor ? [{ ...tensor, name: output[0]! }] : []
  })
  const constants = new Map([...(graph.initializer ?? []), ...made].flatMap(entryOf))
  // Exporters store equal weights once and name them twice.
  const [aliases, others] = [[] as Node[], [] as Node[]]
  for (const node of all) (node.opType === 'Identity' && constants.has(node.input[0]!) ? aliases : others).push(node)
  for (const { input, output } of aliases) constants.set(output[0]!, constants.get(input[0]!)!)
  const nodes = others.filter(({ opType }) => opType !== 'Constant')
  const stored = new Set((graph.initializer ?? []).map(({ name }) => name))
  return { nodes, constants, stored, outputs: (graph.output ?? []).map(({ name }) => name) }
}

interface ModelMessage {
  readonly graph: {
    readonly node?: readonly Node[]
    readonly initializer?: readonly TensorMessage[]
    readonly output?: readonly { readonly name: string }[]
  }
}

function decode(bytes: Uint8Array): ModelMessage {
  try {
    return Model.toObject(Model.decode(bytes), { longs: Number, arrays: true }) as ModelMessage
  } catch (cause) {
    throw new SentinelError('MODEL_INVALID', 'This is no ONNX model. Give a file exported as ONNX.', { cause })
  }
}

/** None where it is of another type. */
function entryOf({ name, dims = [], dataType, rawData, floatData, int64Data }: TensorMessage): [string, Constant][] {
  const raw = rawData?.length ? Uint8Array.from(rawData).buffer : undefined
  if (dataType === TYPES.float32) {
    return [[name, { dims, values: raw ? new Float32Array(raw) : Float32Array.from(floatData ?? []) }]]
  }
  if (dataType !== TYPES.int64) return []
  return [[name, { dims, values: raw ? new BigInt64Array(raw) : BigInt64Array.from((int64Data ?? []).map(BigInt)) }]]
}

export interface NewNetwork extends Pick<Network, 'nodes' | 'constants' | 'outputs'> {
  /** Names; all are 32-bit floats. */
  readonly inputs: readonly string[]
}

/** A network as a file that onnxruntime runs. */
export function writeNetwork({ nodes, constants, inputs, outputs }: NewNetwork): Uint8Array {
  const float = (name: string) => ({ name, type: { tensorType: { elemType: TYPES.float32 } } })
  const graph = {
    name: 'training',
    node: nodes,
    initializer: [...constants].map(([name, { dims, values }]) => ({
      name,
      dims,
      dataType: values instanceof Float32Array ? TYPES.float32 : TYPES.int64,
      rawData: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    })),
    input: inputs.map(float),
    output: outputs.map(float),
  }
  const model = { irVersion: IR_VERSION, graph, opsetImport: [{ version: OPSET }] }
  return Model.encode(Model.fromObject(model)).finish()
}

export type Attributes = Readonly<Record<string, number | readonly number[]>>

export function newNode(opType: string, input: readonly string[], output: readonly string[], attributes: Attributes) {
  const attribute = Object.entries(attributes).map(([name, value]) =>
    typeof value === 'number' ? { name, i: value, type: ATTRIBUTES.int } : { name, ints: value, type: ATTRIBUTES.ints },
  )
  return { input, output, opType, attribute }
}

/** Whole numbers that an operation is given; `fallback` where it says nothing. */
export function intsOf({ attribute }: Node, name: string, fallback: readonly number[]): readonly number[] {
  const { ints } = attribute.find((each) => each.name === name) ?? {}
  return ints?.length ? ints : fallback
}

export function intOf({ attribute }: Node, name: string, fallback: number): number {
  return attribute.find((each) => each.name === name)?.i ?? fallback
}

export function textOf({ attribute }: Node, name: string, fallback: string): string {
  const { s } = attribute.find((each) => each.name === name) ?? {}
  return s?.length ? Buffer.from(s).toString() : fallback
}
