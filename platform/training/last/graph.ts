import protobuf from 'protobufjs'
import { SentinelError } from '../../errors.ts'

/** The part of `onnx.proto3` (field numbers from the ONNX specification) that tells which layer follows on which. */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message Model { Graph graph = 7; }
  message Graph { repeated Node node = 1; repeated Tensor initializer = 5; repeated ValueInfo output = 12; }
  message Node { repeated string input = 1; repeated string output = 2; string op_type = 4; }
  message Tensor { repeated int64 dims = 1; int32 data_type = 2; repeated float float_data = 4; string name = 8; bytes raw_data = 9; }
  message ValueInfo { string name = 1; }
`)
const Model = root.lookupType('Model')
const Tensor = root.lookupType('Tensor')
/** `TensorProto.DataType` */
const FLOAT32 = 1

interface Node {
  readonly input: readonly string[]
  readonly output: readonly string[]
  readonly opType: string
}

interface TensorMessage {
  readonly dims?: readonly number[]
  readonly dataType?: number
  readonly floatData?: readonly number[]
  readonly name: string
  readonly rawData?: Uint8Array
}

/** A 1×1 convolution. */
export interface Layer {
  /** Names in the file: of what goes in, and of its weights [outs, ins, 1, 1] and its bias [outs]. */
  readonly input: string
  readonly weight: string
  readonly bias: string
  readonly ins: number
  readonly outs: number
}

/** The three last layers of one stride. */
export interface Level {
  readonly boxes: Layer
  readonly objectness: Layer
  readonly classes: Layer
}

export interface Graph {
  /** Finest stride first. */
  readonly levels: readonly Level[]
  /** Values by name, of the levels' layers. */
  readonly weights: ReadonlyMap<string, Float32Array>
}

/** What may lie between a detector's last layers and its output without mixing channels. */
const PASSES = new Set([
  'Transpose',
  'Reshape',
  'Flatten',
  'Sigmoid',
  'Identity',
  'Squeeze',
  'Unsqueeze',
  'Cast',
  'Slice',
])

/**
 * The last layers of a detector that ends as YOLOX does: for each stride a box, an objectness and a class layer, 1×1, put
 * together channel by channel and then stride by stride.
 *
 * @throws SentinelError `MODEL_INVALID` where it ends otherwise.
 */
export function readHead(bytes: Uint8Array): Graph {
  const { graph } = Model.toObject(Model.decode(bytes), { longs: Number }) as {
    graph: { node: Node[]; initializer: TensorMessage[]; output: { name: string }[] }
  }
  const tensors = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]))
  const producers = new Map(graph.node.flatMap((node) => node.output.map((name) => [name, node] as const)))
  const layers = lastLayers(graph.output[0]!.name, producers, tensors)
  const levels = levelsOf(layers)
  const names = levels.flatMap(({ boxes, objectness, classes }) => [boxes, objectness, classes])
  const weights = new Map(
    names.flatMap(({ weight, bias }) => [weight, bias]).map((name) => [name, valuesOf(tensors.get(name)!)]),
  )
  return { levels, weights }
}

/** Backwards from the output to the first convolutions on every way, in the order in which they are put together. */
function lastLayers(
  output: string,
  producers: ReadonlyMap<string, Node>,
  tensors: ReadonlyMap<string, TensorMessage>,
): Layer[] {
  const node = producers.get(output)
  if (!node) return []
  if (node.opType === 'Conv') return [layerOf(node, tensors)]
  if (node.opType === 'Concat') return node.input.flatMap((input) => lastLayers(input, producers, tensors))
  if (!PASSES.has(node.opType)) throw unlike(`a ${node.opType} lies between its last layers and its output`)
  return lastLayers(node.input[0]!, producers, tensors)
}

function layerOf({ input }: Node, tensors: ReadonlyMap<string, TensorMessage>): Layer {
  const [from, weight, bias] = input
  const [outs, ins, height, width] = tensors.get(weight ?? '')?.dims ?? []
  if (!outs || !ins || height !== 1 || width !== 1 || !bias || !tensors.has(bias)) {
    throw unlike('its last layers are no 1×1 convolutions with weights of their own')
  }
  return { input: from!, weight: weight!, bias, ins, outs }
}

/** Box, objectness, classes; and again for the next stride. */
function levelsOf(layers: readonly Layer[]): Level[] {
  const levels: Level[] = []
  for (let at = 0; at < layers.length; at += 3) {
    const [boxes, objectness, classes] = layers.slice(at, at + 3)
    if (boxes?.outs !== 4 || objectness?.outs !== 1 || !classes) {
      throw unlike('its last layers are not a box, an objectness and a class layer for each stride')
    }
    levels.push({ boxes, objectness, classes })
  }
  const isEven = levels.every(({ classes }) => classes.outs === levels[0]!.classes.outs)
  if (levels.length === 0 || !isEven) throw unlike('its strides do not have as many classes each')
  return levels
}

function valuesOf({ dataType, rawData, floatData }: TensorMessage): Float32Array {
  if (dataType !== FLOAT32) throw unlike('its weights are no 32-bit floats')
  if (!rawData?.length) return Float32Array.from(floatData ?? [])
  return new Float32Array(Uint8Array.from(rawData).buffer)
}

/** The bytes of a tensor with other values. */
export function withValues(tensor: Uint8Array, values: ReadonlyMap<string, Float32Array>): Uint8Array | undefined {
  const message = Tensor.toObject(Tensor.decode(tensor), { longs: Number }) as TensorMessage
  const replaced = values.get(message.name)
  if (!replaced) return undefined
  const { dims, dataType, name } = message
  const rawData = new Uint8Array(replaced.buffer, replaced.byteOffset, replaced.byteLength)
  return Tensor.encode(Tensor.fromObject({ dims, dataType, name, rawData })).finish()
}

function unlike(reason: string): SentinelError {
  const message = `This model cannot be taught here: ${reason}. Models that end as YOLOX does can, such as Sentinel’s own.`
  return new SentinelError('MODEL_INVALID', message)
}
