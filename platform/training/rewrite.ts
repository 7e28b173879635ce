import protobuf from 'protobufjs'
import { editFields } from '../models/protobuf-fields.ts'

/** Field numbers of `onnx.proto3`. */
const MODEL = { graph: 7 }
const GRAPH = { initializer: 5, output: 12 }
const { root } = protobuf.parse(`
  syntax = "proto3";
  message ValueInfo { string name = 1; Type type = 2; }
  message Type { TensorType tensor_type = 1; }
  message TensorType { int32 elem_type = 1; }
  message Outputs { repeated ValueInfo output = 12; }
  message Tensor { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; }
`)
const Outputs = root.lookupType('Outputs')
const Tensor = root.lookupType('Tensor')
/** `TensorProto.DataType` */
const FLOAT32 = 1

/** The same network, giving out what it has at these places inside. */
export function withOutputs(onnx: Uint8Array, names: readonly string[]): Uint8Array {
  const output = names.map((name) => ({ name, type: { tensorType: { elemType: FLOAT32 } } }))
  const added = Outputs.encode(Outputs.fromObject({ output })).finish()
  return editFields(onnx, (number, graph) => {
    if (number !== MODEL.graph) return undefined
    return Buffer.concat([editFields(graph, (part) => (part === GRAPH.output ? null : undefined)), added])
  })
}

/** The same network with other weights, by their names; every other byte stays. */
export function withWeights(onnx: Uint8Array, weights: ReadonlyMap<string, Float32Array>): Uint8Array {
  return editFields(onnx, (number, graph) => {
    if (number !== MODEL.graph) return undefined
    return editFields(graph, (part, body) => (part === GRAPH.initializer ? withValues(body, weights) : undefined))
  })
}

/** The bytes of a tensor with other values. */
function withValues(tensor: Uint8Array, weights: ReadonlyMap<string, Float32Array>): Uint8Array | undefined {
  const { dims, name } = Tensor.toObject(Tensor.decode(tensor), { longs: Number }) as { dims: number[]; name: string }
  const values = weights.get(name)
  if (!values) return undefined
  const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  return Tensor.encode(Tensor.fromObject({ dims, dataType: FLOAT32, name, rawData })).finish()
}
