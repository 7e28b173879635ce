import protobuf from 'protobufjs'
import { editFields } from './protobuf-fields.ts'

/** Field numbers of `onnx.proto3`. */
const MODEL = { graph: 7 }
const GRAPH = { node: 1 }
/** The part of it that tells which layer follows on which, and with what numbers. */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message Model { Graph graph = 7; }
  message Graph { repeated Node node = 1; repeated Tensor initializer = 5; repeated ValueInfo output = 12; }
  message Node { repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4; repeated Attribute attribute = 5; }
  message Attribute { string name = 1; int64 i = 3; bytes s = 4; Tensor t = 5; repeated int64 ints = 8; int32 type = 20; }
  message Tensor { repeated int64 dims = 1; int32 data_type = 2; repeated int64 int64_data = 7; string name = 8; bytes raw_data = 9; }
  message ValueInfo { string name = 1; }
`)
const Model = root.lookupType('Model')
const Graph = root.lookupType('Graph')
const Node = root.lookupType('Node')
/** `TensorProto.DataType` */
const FLOAT32 = 1
const INT64 = 7
/** `AttributeProto.AttributeType` */
const INTS = 7
/** Up to the end, however an exporter writes it. */
const ENDLESS = 2 ** 31 - 1
const [ROWS, COLUMNS] = [2, 3]

interface Node {
  readonly input: readonly string[]
  readonly output: readonly string[]
  readonly name?: string
  readonly opType: string
  readonly attribute?: readonly {
    readonly name: string
    readonly i?: number
    readonly s?: Uint8Array
    readonly t?: Tensor
    readonly ints?: readonly number[]
  }[]
}

interface Tensor {
  readonly dims?: readonly number[]
  readonly dataType?: number
  readonly int64Data?: readonly number[]
  readonly name?: string
  readonly rawData?: Uint8Array
}

interface Parts {
  readonly nodes: readonly Node[]
  readonly outputs: readonly string[]
  readonly producers: ReadonlyMap<string, Node>
  readonly tensors: ReadonlyMap<string, Tensor>
}

/** A quarter of the pixels: of `source` every second row from `y`, every second column from `x`. */
interface Quarter {
  readonly source: string
  readonly y: number
  readonly x: number
}

/** Kernel [outs, 4 · ins, size, size] over the four quarters, one after the other along the channels. */
interface Focus {
  readonly conv: Node
  readonly quarters: readonly Quarter[]
  readonly weights: Float32Array
  readonly outs: number
  readonly ins: number
  readonly size: number
  readonly padding: number
}

/**
 * The same network without the Focus layer that YOLOX and early YOLOv5 begin with: it deals the pixels out into four quarters,
 * which are then convolved with a k×k kernel, and this is a convolution of the pixels themselves with a 2k×2k kernel and
 * stride 2. The runtime copies every quarter; the convolution copies nothing. Sums are made in another order, so outputs differ
 * in the last bits. Any other network comes back as it is.
 */
export function withFoldedFocus(onnx: Uint8Array): Uint8Array {
  const parts = partsOf(onnx)
  const focus = parts.nodes.flatMap((node) => focusAt(node, parts) ?? [])[0]
  if (!focus) return onnx
  const needed = neededWith(focus, parts)
  const folded = Node.encode(Node.fromObject(foldedConvolution(focus))).finish()
  const initializer = Graph.encode(Graph.fromObject({ initializer: [foldedKernel(focus)] })).finish()
  return editFields(onnx, (number, graph) => {
    if (number !== MODEL.graph) return undefined
    const nodes = editFields(graph, (part, _, index) => {
      if (part !== GRAPH.node || needed.has(parts.nodes[index]!)) return undefined
      return parts.nodes[index] === focus.conv ? folded : null
    })
    return Buffer.concat([nodes, initializer])
  })
}

function partsOf(onnx: Uint8Array): Parts {
  const { graph } = Model.toObject(Model.decode(onnx), { longs: Number }) as {
    graph?: { node?: Node[]; initializer?: Tensor[]; output?: { name: string }[] }
  }
  const nodes = (graph?.node ?? []).map((node) => ({ ...node, input: node.input ?? [], output: node.output ?? [] }))
  return {
    nodes,
    outputs: (graph?.output ?? []).map(({ name }) => name),
    producers: new Map(nodes.flatMap((node) => node.output.map((name) => [name, node] as const))),
    tensors: new Map((graph?.initializer ?? []).map((tensor) => [tensor.name!, tensor])),
  }
}

function focusAt(conv: Node, parts: Parts): Focus | undefined {
  if (conv.opType !== 'Conv') return undefined
  const dealt = parts.producers.get(conv.input[0]!)
  if (dealt?.opType !== 'Concat' || dealt.input.length !== 4 || integer(dealt, 'axis') !== 1) return undefined
  const quarters = dealt.input.flatMap((name) => quarterOf(name, parts) ?? [])
  const isWhole = new Set(quarters.map(({ y, x }) => 2 * y + x)).size === 4
  if (!isWhole || quarters.some(({ source }) => source !== quarters[0]!.source)) return undefined
  const kernel = parts.tensors.get(conv.input[1]!)
  const [outs = 0, channels = 0, size = 0, width] = kernel?.dims ?? []
  const padding = evenPadding(conv)
  if (kernel?.dataType !== FLOAT32 || !kernel.rawData?.length || size !== width || padding === undefined) {
    return undefined
  }
  const weights = new Float32Array(Uint8Array.from(kernel.rawData).buffer)
  return { conv, quarters, weights, outs, ins: channels / 4, size, padding }
}

/** Two slices of step 2, one along the rows and one along the columns. */
function quarterOf(name: string, { producers, tensors }: Parts): Quarter | undefined {
  const starts = new Map<number, number>()
  let source = name
  for (let slices = 0; slices < 2; slices++) {
    const node = producers.get(source)
    if (node?.opType !== 'Slice') return undefined
    const [start, end, axis, step] = node.input.slice(1).map((each) => single(each, producers, tensors))
    if (start === undefined || axis === undefined || step !== 2 || (end ?? 0) < ENDLESS) return undefined
    starts.set(axis, start)
    source = node.input[0]!
  }
  const [y, x] = [starts.get(ROWS), starts.get(COLUMNS)]
  return isBit(y) && isBit(x) ? { source, y, x } : undefined
}

function isBit(start: number | undefined): start is 0 | 1 {
  return start === 0 || start === 1
}

/** The only number in a constant. */
function single(name: string, producers: Parts['producers'], tensors: Parts['tensors']): number | undefined {
  const tensor = tensors.get(name) ?? producers.get(name)?.attribute?.find((each) => each.name === 'value')?.t
  if (tensor?.dataType !== INT64) return undefined
  if (tensor.int64Data?.length === 1) return tensor.int64Data[0]
  if (tensor.rawData?.length !== BigInt64Array.BYTES_PER_ELEMENT) return undefined
  return Number(Buffer.from(tensor.rawData).readBigInt64LE())
}

/** Of a plain convolution with as much padding on every side; else nothing. */
function evenPadding(conv: Node): number | undefined {
  const plain = ['strides', 'dilations'].every((name) => integers(conv, name).every((each) => each === 1))
  const isAutomatic = Buffer.from(attribute(conv, 'auto_pad')?.s ?? 'NOTSET').toString() !== 'NOTSET'
  if (!plain || isAutomatic || (integer(conv, 'group') ?? 1) !== 1) return undefined
  const pads = integers(conv, 'pads')
  return pads.every((each) => each === pads[0]) ? (pads[0] ?? 0) : undefined
}

function attribute(node: Node, name: string): NonNullable<Node['attribute']>[number] | undefined {
  return node.attribute?.find((each) => each.name === name)
}

function integer(node: Node, name: string): number | undefined {
  return attribute(node, name)?.i
}

function integers(node: Node, name: string): readonly number[] {
  return attribute(node, name)?.ints ?? []
}

/** The nodes that an output still needs as they are, once the convolution takes the pixels. */
function neededWith({ conv, quarters }: Focus, { outputs, producers }: Parts): Set<Node> {
  const needed = new Set<Node>()
  const waiting = [...outputs]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const node = producers.get(name)
    if (!node || needed.has(node)) continue
    needed.add(node)
    waiting.push(...(node === conv ? [quarters[0]!.source] : node.input))
  }
  needed.delete(conv)
  return needed
}

function foldedConvolution({ conv, quarters, size, padding }: Focus): object {
  const attributes = { kernel_shape: [2 * size, 2 * size], strides: [2, 2], pads: Array(4).fill(2 * padding) }
  return {
    input: [quarters[0]!.source, foldedName(conv), ...conv.input.slice(2)],
    output: conv.output,
    name: conv.name,
    opType: 'Conv',
    attribute: Object.entries(attributes).map(([name, ints]) => ({ name, ints, type: INTS })),
  }
}

/** Where the small kernel has row r and column c for a quarter, the wide one has row 2r + y and column 2c + x. */
function foldedKernel({ conv, quarters, weights, outs, ins, size }: Focus): object {
  const wide = 2 * size
  const kernel = new Float32Array(outs * ins * wide * wide)
  for (const [at, weight] of weights.entries()) {
    const [column, row] = [at % size, Math.floor(at / size) % size]
    const plane = Math.floor(at / size ** 2)
    const [channel, out] = [plane % (4 * ins), Math.floor(plane / (4 * ins))]
    const { y, x } = quarters[Math.floor(channel / ins)]!
    kernel[((out * ins + (channel % ins)) * wide + 2 * row + y) * wide + 2 * column + x] = weight
  }
  const rawData = new Uint8Array(kernel.buffer)
  return { dims: [outs, ins, wide, wide], dataType: FLOAT32, name: foldedName(conv), rawData }
}

function foldedName(conv: Node): string {
  return `${conv.input[1]}/folded`
}
