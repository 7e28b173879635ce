import protobuf from 'protobufjs'
import type { SentinelError } from '../errors.ts'
import { failing, say } from '../said.ts'

/** A dimension: a size, or a name where any size goes. */
export type Dimension = number | string

export interface TensorShape {
  readonly name: string
  /** ONNX `TensorProto.DataType`: 1 is float32, 10 float16, 2 uint8. */
  readonly type: number
  readonly dimensions: readonly Dimension[]
}

export interface OnnxFile {
  readonly inputs: readonly TensorShape[]
  readonly outputs: readonly TensorShape[]
  readonly metadata: Readonly<Record<string, string>>
  readonly producer: string
  /** Which kinds of operators its graph has. */
  readonly operators: ReadonlySet<string>
}

/** The part of `onnx.proto3` (field numbers from the ONNX specification) that tells what goes in and out. */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message Model { string producer_name = 2; Graph graph = 7; repeated Entry metadata_props = 14; }
  message Entry { string key = 1; string value = 2; }
  message Graph { repeated Node node = 1; repeated Tensor initializer = 5; repeated ValueInfo input = 11; repeated ValueInfo output = 12; }
  message Node { string op_type = 4; }
  message Tensor { string name = 8; int32 data_location = 14; }
  message ValueInfo { string name = 1; Type type = 2; }
  message Type { TensorType tensor_type = 1; }
  message TensorType { int32 elem_type = 1; Shape shape = 2; }
  message Shape { repeated Dimension dim = 1; }
  message Dimension { int64 dim_value = 1; string dim_param = 2; }
`)
const Model = root.lookupType('Model')

interface ValueInfo {
  name: string
  type?: { tensorType?: { elemType: number; shape?: { dim?: { dimValue?: number; dimParam?: string }[] } } }
}

/** The first field of every ONNX file, its version. */
const FIRST_BYTE = 0x08
/** `TensorProto.DataLocation.EXTERNAL` */
const EXTERNAL = 1

/** @throws SentinelError `MODEL_INVALID` when the bytes are no whole ONNX model. */
export function readOnnx(bytes: Uint8Array): OnnxFile {
  const model = decode(bytes)
  const tensors = model.graph?.initializer ?? []
  if (tensors.some(({ dataLocation }) => dataLocation === EXTERNAL)) throw inPieces()
  const weights = new Set(tensors.map(({ name }) => name))
  const inputs = (model.graph?.input ?? []).filter(({ name }) => !weights.has(name)).map(shapeOf)
  const outputs = (model.graph?.output ?? []).map(shapeOf)
  if (inputs.length === 0 || outputs.length === 0) throw notOnnx('it has no inputs or outputs')
  return {
    inputs,
    outputs,
    metadata: Object.fromEntries((model.metadataProps ?? []).map(({ key, value }) => [key, value])),
    producer: model.producerName ?? '',
    operators: new Set((model.graph?.node ?? []).map(({ opType }) => opType)),
  }
}

/**
 * The same model that says more of itself. Fields of a protocol buffer may be appended, and of entries with one key the last
 * one counts, so the weights are not touched.
 */
export function withMetadata(bytes: Uint8Array, metadata: Readonly<Record<string, string>>): Uint8Array {
  const metadataProps = Object.entries(metadata).map(([key, value]) => ({ key, value }))
  return Buffer.concat([bytes, Model.encode({ metadataProps }).finish()])
}

interface ModelMessage {
  producerName?: string
  graph?: {
    node?: { opType: string }[]
    initializer?: { name: string; dataLocation?: number }[]
    input?: ValueInfo[]
    output?: ValueInfo[]
  }
  metadataProps?: { key: string; value: string }[]
}

function decode(bytes: Uint8Array): ModelMessage {
  try {
    return Model.toObject(Model.decode(bytes), { longs: Number }) as ModelMessage
  } catch (cause) {
    if (cause instanceof RangeError && bytes[0] === FIRST_BYTE) throw cutOff(bytes.length, cause)
    throw notOnnx((cause as Error).message, cause)
  }
}

function shapeOf({ name, type }: ValueInfo): TensorShape {
  const { elemType = 0, shape } = type?.tensorType ?? {}
  const dimensions = (shape?.dim ?? []).map(({ dimValue = 0, dimParam }) => (dimValue > 0 ? dimValue : dimParam || '?'))
  return { name, type: elemType, dimensions }
}

function cutOff(length: number, cause: unknown): SentinelError {
  return failing('MODEL_INVALID', say('model.cutOff', { bytes: length }), { cause })
}

function inPieces(): SentinelError {
  return failing('MODEL_INVALID', say('model.inPieces', {}))
}

function notOnnx(reason: string, cause?: unknown): SentinelError {
  return failing('MODEL_INVALID', say('model.noOnnx', { detail: reason }), { cause })
}
