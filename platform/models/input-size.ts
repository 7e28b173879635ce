import protobuf from 'protobufjs'
import { editFields } from './protobuf-fields.ts'

/** Field numbers of `onnx.proto3` on the way from the model to a dimension of its input. */
const MODEL = { graph: 7 }
const GRAPH = { input: 11, output: 12, valueInfo: 13 }
const VALUE_INFO = { type: 2 }
const TYPE = { tensor: 1 }
const TENSOR = { shape: 2 }
const SHAPE = { dimension: 1 }
const DIMENSION = { value: 1 }

/**
 * The same network for pictures of another size: its first input gets the size, and the shapes that followed from the old one
 * go, so that the runtime infers them anew. Whether the network allows it shows when it is loaded: one that is made of
 * convolutions does, one that has the old size baked into a constant does not.
 */
export function withInputSize(
  onnx: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
): Uint8Array {
  return editFields(onnx, (number, graph) => {
    if (number !== MODEL.graph) return undefined
    return editFields(graph, (part, body, count) => {
      if (part === GRAPH.valueInfo) return null
      if (part === GRAPH.output) return withoutShape(body)
      return part === GRAPH.input && count === 0 ? withSize(body, width, height) : undefined
    })
  })
}

function withoutShape(valueInfo: Uint8Array): Uint8Array {
  return editTensorType(valueInfo, (number) => (number === TENSOR.shape ? null : undefined))
}

/** Of `[batch, channels, height, width]` the last two change. */
function withSize(valueInfo: Uint8Array, width: number, height: number): Uint8Array {
  const sizes = [undefined, undefined, height, width]
  return editTensorType(valueInfo, (number, shape) => {
    if (number !== TENSOR.shape) return undefined
    return editFields(shape, (part, _, index) => {
      const size = sizes[index]
      return part === SHAPE.dimension && size !== undefined ? dimension(size) : undefined
    })
  })
}

function editTensorType(
  valueInfo: Uint8Array,
  edit: (number: number, body: Uint8Array) => Uint8Array | null | undefined,
): Uint8Array {
  return editFields(valueInfo, (number, type) => {
    if (number !== VALUE_INFO.type) return undefined
    return editFields(type, (kind, tensor) => (kind === TYPE.tensor ? editFields(tensor, edit) : undefined))
  })
}

function dimension(size: number): Uint8Array {
  return protobuf.Writer.create()
    .uint32(DIMENSION.value << 3)
    .int64(size)
    .finish()
}
